"""A clock that passes evenly although the machine's clock is set."""

import pytest
from dateline_pages.steady_clock import SteadyClock


class Machine:
    def __init__(self) -> None:
        self.wall = 1_700_000_000.0
        self.steady = 50.0

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


def test_time_passes_evenly_until_the_step_is_followed() -> None:
    machine = Machine()
    clock = SteadyClock(wall=lambda: machine.wall, steady=lambda: machine.steady)
    machine.pass_time(10)
    machine.wall += 1800
    assert clock.now() == 1_700_000_010.0
    assert clock.adjust() == 1800.0
    assert clock.now() == machine.wall
    assert clock.adjust() == 0.0


@pytest.mark.parametrize("seconds", [0.9, -0.9])
def test_a_small_difference_is_no_step(seconds: float) -> None:
    machine = Machine()
    clock = SteadyClock(wall=lambda: machine.wall, steady=lambda: machine.steady)
    machine.wall += seconds
    assert clock.adjust() == 0.0
