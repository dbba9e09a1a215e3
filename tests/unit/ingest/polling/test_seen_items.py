"""The seen items of a feed, stored in parts."""

from dateline_ingest.polling.seen_items import PART_ITEMS, SeenItems
from dateline_schemas import FeedSeen, FeedState
from hypothesis import given, settings
from hypothesis import strategies as st

KEYS = st.integers(0, 3000).map(lambda number: f"{number:032x}"[::-1])


class Stored:
    """The state and the parts, as the changelog keeps them."""

    def __init__(self) -> None:
        self.state = FeedState(url="u")
        self.parts: dict[int, FeedSeen] = {}

    def read(self) -> SeenItems:
        return SeenItems.read(self.state, self.parts.get)

    def write(self, seen: SeenItems) -> None:
        self.state = self.state.model_copy(update=seen.fields())
        for number, part in seen.changes().items():
            if part is None:
                del self.parts[number]
            else:
                self.parts[number] = part


def hex_key(number: int) -> str:
    return f"{number:032x}"[::-1]


def test_items_are_read_as_they_were_written() -> None:
    stored = Stored()
    seen = stored.read()
    seen.add([(hex_key(1), "a" * 64), (hex_key(2), "b" * 64)])
    stored.write(seen)
    again = stored.read()
    assert again.holds(hex_key(1), "a" * 64)
    assert not again.holds(hex_key(1), "b" * 64)
    assert again.has(hex_key(2))
    assert not again.has(hex_key(3))
    assert again.changes() == {}


def test_parts_are_small_and_only_the_last_part_is_written() -> None:
    stored = Stored()
    for start in range(0, 2000, 10):
        seen = stored.read()
        seen.add((hex_key(number), "a" * 64) for number in range(start, start + 10))
        assert len(seen.changes()) <= 2
        stored.write(seen)
    assert max(len(part.to_bytes()) for part in stored.parts.values()) < 11_000
    assert len(stored.parts) == -(-2000 // PART_ITEMS)


def test_a_missing_part_counts_as_empty() -> None:
    seen = SeenItems.read(FeedState(url="u", seen_first=3, seen_next=5), {4: FeedSeen(items="")}.get)
    seen.add([(hex_key(1), "a" * 64)])
    assert list(seen.changes()) == [4]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 700), st.integers(0, 3)), min_size=1, max_size=12),
    st.integers(0, 1500),
)
def test_current_items_are_kept_and_the_number_of_items_is_bounded(
    documents: list[tuple[int, int, int]], most: int
) -> None:
    stored = Stored()
    published: dict[str, str] = {}
    for start, count, version in documents:
        content = f"{version:064x}"[::-1]
        current = [hex_key(number) for number in range(start, start + count)]
        seen = stored.read()
        fresh = [key for key in current if not seen.holds(key, content)]
        seen.add((key, content) for key in fresh)
        published |= dict.fromkeys(fresh, content)
        seen.forget(most, current)
        stored.write(seen)
        again = stored.read()
        assert all(again.holds(key, content) for key in current)
        assert stored.state.seen_items <= most + 2 * len(current) + 3 * PART_ITEMS
        wrong = [key for key in published if again.has(key) and not again.holds(key, published[key])]
        assert wrong == []
