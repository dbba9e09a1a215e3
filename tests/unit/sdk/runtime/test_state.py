"""The state of a task is a table whose changes are permanent only once their batch is committed."""

from datetime import timedelta

from dateline.kafka.records import Record
from dateline.runtime.state import State
from dateline_schemas import Contract
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule


class Number(Contract):
    n: int


KEYS = st.sampled_from([b"a", b"b", b"c"])


def entry(key: bytes | None, value: bytes | None, timestamp: int = 0) -> Record:
    return Record(topic="log", partition=0, offset=0, timestamp=timestamp, key=key, value=value)


class StateModel(RuleBasedStateMachine):
    """Compares a state with three dictionaries: the committed one, the batch's, and the one at the savepoint."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State[Number] = State(Number)
        self.committed: dict[bytes, int] = {}
        self.current: dict[bytes, int] = {}
        self.saved: dict[bytes, int] = {}

    @rule(key=KEYS, n=st.integers(0, 9))
    def put(self, key: bytes, n: int) -> None:
        self.state.put(key, Number(n=n))
        self.current[key] = n

    @rule(key=KEYS)
    def delete(self, key: bytes) -> None:
        self.state.delete(key)
        self.current.pop(key, None)

    @rule()
    def savepoint(self) -> None:
        self.state.savepoint()
        self.saved = dict(self.current)

    @rule()
    def undo(self) -> None:
        self.state.undo()
        self.current = dict(self.saved)

    @rule()
    def commit(self) -> None:
        self.state.commit()
        self.committed, self.saved = dict(self.current), dict(self.current)

    @rule()
    def rollback(self) -> None:
        self.state.rollback()
        self.current, self.saved = dict(self.committed), dict(self.committed)

    @rule()
    def hand_over(self) -> None:
        before = self.state
        self.state = before.hand_over()
        self.current, self.saved = dict(self.committed), dict(self.committed)
        before.put(b"a", Number(n=99))
        before.commit()

    @rule()
    def restore_from_its_own_changelog(self) -> None:
        """A state restored from the logged changes equals the committed one."""
        other: State[Number] = State(Number)
        other.restore(entry(key, value) for key, value in self.state.snapshot().items())
        other.restore(entry(key, value) for key, value in self.state.changes())
        assert {key: Number.from_bytes(value).n for key, value in other.snapshot().items()} == self.current

    @invariant()
    def reads_what_was_written(self) -> None:
        for key in (b"a", b"b", b"c"):
            found = self.state.get(key)
            assert (None if found is None else found.n) == self.current.get(key)
        assert len(self.state) == len(self.committed)


TestState = StateModel.TestCase


def test_an_entry_expires_after_its_lifetime() -> None:
    now = 1000.0
    state = State(Number, timedelta(seconds=10), clock=lambda: now)
    state.put(b"a", Number(n=1))
    state.commit()
    state.restore([entry(b"old", Number(n=2).to_bytes(), timestamp=989_000)])
    now = 1010.0
    assert state.get(b"a") == Number(n=1)
    assert state.get(b"old") is None
    now = 1010.001
    assert state.get(b"a") is None


def test_a_handed_over_state_keeps_the_lifetime() -> None:
    now = 0.0
    state = State(Number, timedelta(seconds=10), clock=lambda: now)
    state.put(b"a", Number(n=1))
    state.commit()
    heir = state.hand_over()
    assert heir.get(b"a") == Number(n=1)
    now = 11.0
    assert heir.get(b"a") is None


def test_expired_entries_take_no_memory() -> None:
    now = 1000.0
    state = State(Number, timedelta(seconds=10), clock=lambda: now)
    state.restore([entry(b"over", Number(n=1).to_bytes(), timestamp=989_000)])
    state.restore([entry(b"old", Number(n=2).to_bytes(), timestamp=995_000)])
    assert list(state.keys()) == [b"old"], "an entry whose lifetime is over is not restored"
    state = state.hand_over()
    now = 1006.0
    state.put(b"new", Number(n=3))
    state.commit()
    assert list(state.keys()) == [b"new"], "nor is it kept for as long as the process runs"


def test_a_tombstone_and_an_expired_value_remove_the_value_before() -> None:
    state: State[Number] = State(Number, timedelta(seconds=10), clock=lambda: 1000.0)
    state.restore([entry(key, Number(n=1).to_bytes(), timestamp=995_000) for key in (b"a", b"b")])
    state.restore([entry(b"a", None), entry(b"b", Number(n=2).to_bytes(), timestamp=1)])
    assert state.snapshot() == {}


def test_an_entry_without_a_timestamp_is_older_than_any_other() -> None:
    state: State[Number] = State(Number)
    state.restore([entry(b"a", Number(n=1).to_bytes(), timestamp=-1)])
    assert state.get(b"a") == Number(n=1)


def test_tombstones_and_null_keys_of_the_changelog_restore_nothing() -> None:
    state: State[Number] = State(Number)
    state.restore([entry(b"a", Number(n=1).to_bytes()), entry(b"a", None), entry(None, b"junk")])
    assert state.snapshot() == {}


def test_the_largest_change_since_the_savepoint_is_returned() -> None:
    state: State[Number] = State(Number)
    state.put(b"a" * 100, Number(n=1))
    state.savepoint()
    assert state.largest_change() == 0
    state.put(b"bb", Number(n=1))
    state.delete(b"c" * 50)
    assert state.largest_change() == len(b'bb{"n":1}')


class Word(Contract):
    word: str


def test_a_part_is_read_as_the_requested_class() -> None:
    state: State[Number] = State(Number)
    state.put(b"a", Number(n=1))
    state.put(b"a/word/0", Word(word="one"))
    state.commit()
    assert state.get(b"a") == Number(n=1)
    assert state.get(b"a/word/0", Word) == Word(word="one")
    assert state.get(b"a/word/1", Word) is None
    assert sorted(state.keys()) == [b"a", b"a/word/0"]
