"""Owners that are killed, paused and disturbed at any step leave each record in the target once, and in order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sink_world import SinkWorld

OFFSETS = st.sets(st.sampled_from([0, 1, 3, 4, 6, 7, 9, 10]), max_size=3)


@settings(max_examples=40)
@given(
    data=st.data(),
    refused=OFFSETS,
    invalid=OFFSETS,
    left_out=OFFSETS,
    names_refused=st.booleans(),
    batch_records=st.integers(1, 6),
    steps=st.integers(0, 90),
)
async def test_owners_in_any_order_with_errors_at_any_step_write_each_record_once(
    data: st.DataObject,
    refused: set[int],
    invalid: set[int],
    left_out: set[int],
    names_refused: bool,
    batch_records: int,
    steps: int,
) -> None:
    chance = data.draw(st.randoms(use_true_random=False))
    world = SinkWorld(
        choose=chance.randrange,
        refused=refused,
        invalid=invalid,
        left_out=left_out,
        names_refused=names_refused,
        batch_records=batch_records,
    )
    await world.run(steps)
    assert world.check() == []


@pytest.mark.parametrize(("checks_epoch", "is_atomic"), [(False, True), (True, False)])
async def test_the_check_finds_a_target_that_breaks_its_promise(checks_epoch: bool, is_atomic: bool) -> None:
    for seed in range(100):
        world = SinkWorld(choose=random.Random(seed).randrange, checks_epoch=checks_epoch, is_atomic=is_atomic)
        await world.run(60)
        if world.check():
            return
    raise AssertionError("nothing was found")
