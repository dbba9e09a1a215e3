"""The limit on dead letters stops a stage, also after restarts."""

import pytest
from dateline.errors import DeadLetterLimitError, StageError
from dateline.runtime.dead_letter_limit import DeadLetterCount
from dateline.settings import RuntimeSettings
from hypothesis import given
from hypothesis import strategies as st

RUNTIME = RuntimeSettings(dead_letter_share=0.5, dead_letter_minimum=5, dead_letter_window=20)


def counted(outcomes: str, count: DeadLetterCount | None = None) -> DeadLetterCount:
    """Count one record per character; `x` is a dead letter."""
    count = count or DeadLetterCount()
    for outcome in outcomes:
        count = count.add(dead=outcome == "x", window=RUNTIME.dead_letter_window)
    return count


@pytest.mark.parametrize("outcomes", ["", "xxxx", "xxxxx.....", "x.x.x.x.x."])
def test_few_dead_letters_pass(outcomes: str) -> None:
    count = counted(outcomes)
    count.check(RUNTIME, "a stage")
    assert count.dead == pytest.approx(outcomes.count("x"))


@pytest.mark.parametrize("outcomes", ["xxxxx", "xxxxx....", "x.x.x.x.xx"])
def test_a_larger_share_stops_the_stage_once_the_minimum_is_reached(outcomes: str) -> None:
    with pytest.raises(DeadLetterLimitError, match=r"a stage: . of the last .* became dead letters") as caught:
        counted(outcomes).check(RUNTIME, "a stage")
    assert isinstance(caught.value, StageError)
    assert "DATELINE_RUNTIME__DEAD_LETTER_SHARE=1" in str(caught.value)


def test_a_share_of_one_never_stops() -> None:
    count = counted("x" * 50)
    with pytest.raises(DeadLetterLimitError):
        count.check(RUNTIME, "a stage")
    count.check(RUNTIME.model_copy(update={"dead_letter_share": 1.0}), "a stage")


def test_a_restart_continues_the_committed_count() -> None:
    """Four dead letters were committed; after a restart the fifth stops the stage, rather than five more."""
    committed = counted("xxxx").metadata()
    restarted = DeadLetterCount.read(committed)
    with pytest.raises(DeadLetterLimitError):
        counted("x", restarted).check(RUNTIME, "a stage")


def test_earlier_successes_lose_weight() -> None:
    count = counted("." * 10_000)
    assert count.records <= RUNTIME.dead_letter_window
    with pytest.raises(DeadLetterLimitError):
        counted("x" * 20, count).check(RUNTIME, "a stage")


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "text of another client",
        "[]",
        "7",
        "null",
        '{"records":1}',
        '{"records":null,"dead":0}',
        '{"records":Infinity,"dead":0}',
    ],
)
def test_unknown_metadata_starts_the_count_at_zero(metadata: str) -> None:
    assert DeadLetterCount.read(metadata) == DeadLetterCount()


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_count_is_the_same_after_it_was_written_and_read(records: int, dead: int) -> None:
    count = DeadLetterCount(records, dead)
    assert DeadLetterCount.read(count.metadata()) == count
    assert len(count.metadata()) < 100
