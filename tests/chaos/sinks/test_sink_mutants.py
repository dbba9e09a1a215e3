"""Each deliberate defect of the sinks is known on the command line, and fits the code that it changes."""

from chaos.sinks.lanes import SINK_MUTANT_NAMES, SINKS
from chaos.sinks.sink_mutants import (
    EPOCH_OF_POSTGRES,
    EPOCH_OF_SQLITE,
    OFFSET_OF_POSTGRES,
    OFFSET_OF_SQLITE,
    SINK_MUTANTS,
)
from dateline_sinks.postgres.positions import MOVE as MOVE_OF_POSTGRES
from dateline_sinks.sqlite.positions import MOVE as MOVE_OF_SQLITE


def test_each_defect_is_named_by_the_lane_that_has_it() -> None:
    assert tuple(SINK_MUTANTS) == SINK_MUTANT_NAMES
    assert {name.split("-")[0] for name in SINK_MUTANT_NAMES} == {*SINKS}


def test_the_conditions_that_a_defect_takes_away_are_those_of_the_sinks() -> None:
    assert EPOCH_OF_POSTGRES[0] in MOVE_OF_POSTGRES
    assert OFFSET_OF_POSTGRES[0] in MOVE_OF_POSTGRES
    assert EPOCH_OF_SQLITE[0] in MOVE_OF_SQLITE
    assert OFFSET_OF_SQLITE[0] in MOVE_OF_SQLITE
