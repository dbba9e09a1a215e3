"""The seen items of a feed, stored in parts."""

from base64 import b64encode
from uuid import UUID, uuid4, uuid5

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


def article_of(key: str) -> str:
    return str(uuid5(UUID(int=0), key))


def site_of(key: str) -> str | None:
    """Return one of three sites, or None: the item was published directly."""
    number = int(key[:1], 16) % 4
    return None if number == 0 else f"site{number}.example"


def hex_key(number: int) -> str:
    return f"{number:032x}"[::-1]


def test_items_are_read_as_they_were_written() -> None:
    stored = Stored()
    seen = stored.read()
    seen.add(hex_key(1), "a" * 64)
    seen.add(hex_key(2), "b" * 64)
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
        for number in range(start, start + 10):
            seen.add(hex_key(number), "a" * 64, article=str(uuid4()), site="news.example")
        assert len(seen.changes()) <= 2
        stored.write(seen)
    assert max(len(part.to_bytes()) for part in stored.parts.values()) < 24_000
    assert len(stored.parts) == -(-2000 // PART_ITEMS)


def test_a_missing_part_counts_as_empty() -> None:
    seen = SeenItems.read(FeedState(url="u", seen_first=3, seen_next=5), {4: FeedSeen(items="")}.get)
    seen.add(hex_key(1), "a" * 64)
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
        for key in fresh:
            seen.add(key, content, article=article_of(key), site=site_of(key))
        published |= dict.fromkeys(fresh, content)
        seen.forget(most, current)
        stored.write(seen)
        again = stored.read()
        assert all(again.holds(key, content) for key in current)
        assert stored.state.seen_items <= most + 2 * len(current) + 3 * PART_ITEMS
        wrong = [key for key in published if again.has(key) and not again.holds(key, published[key])]
        assert wrong == []
        assert all(again.article(key) == article_of(key) and again.site(key) == site_of(key) for key in current)


def test_parts_of_an_older_version_stay_readable_and_their_articles_are_unknown() -> None:
    stored = Stored()
    stored.parts[0] = FeedSeen(items=b64encode(bytes.fromhex(hex_key(1)[:16]) + b"\xaa" * 8).decode())
    stored.state = stored.state.model_copy(update={"seen_next": 1, "seen_items": 1})
    seen = stored.read()
    assert seen.holds(hex_key(1), "a" * 64)
    assert (seen.article(hex_key(1)), seen.site(hex_key(1))) == (None, None)
    seen.add(hex_key(2), "b" * 64, article=article_of(hex_key(2)), site="news.example")
    stored.write(seen)
    again = stored.read()
    assert (again.article(hex_key(1)), again.site(hex_key(1))) == (None, None)
    assert (again.article(hex_key(2)), again.site(hex_key(2))) == (article_of(hex_key(2)), "news.example")


def test_a_part_without_known_articles_is_written_as_before() -> None:
    stored = Stored()
    seen = stored.read()
    seen.add(hex_key(1), "a" * 64, article="no UUID")
    stored.write(seen)
    assert stored.parts[0].to_bytes().startswith(b'{"items":"')
    assert b"articles" not in stored.parts[0].to_bytes()


def test_a_retracted_item_has_no_article_until_it_is_published_again_and_keeps_its_site() -> None:
    stored, key = Stored(), hex_key(1)
    seen = stored.read()
    seen.add(key, "a" * 64, article=article_of(key), site="news.example")
    seen.retract(key)
    stored.write(seen)
    again = stored.read()
    assert again.has(key)
    assert not again.holds(key, "a" * 64)
    assert (again.article(key), again.site(key)) == (None, "news.example")
    again.add(key, "a" * 64, article=article_of(key), site="news.example")
    assert again.article(key) == article_of(key)
