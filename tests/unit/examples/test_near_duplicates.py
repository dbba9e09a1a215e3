"""Two consumers find articles that are nearly the same, each pair once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dateline.testkit import ConsumerKit
from dateline_schemas import EnrichedArticle
from support.articles import an_article

from examples.near_duplicates.bands import bands
from examples.near_duplicates.pairs import LIFETIME, MAX_MEMBERS, BandMembers, NearDuplicates, pairs
from examples.near_duplicates.signature import BANDS, band_keys, signature, similarity

TEXT = " ".join(f"The ferry number {n} sails to port {n * 7} again on day {n}." for n in range(30))
OTHER = " ".join(f"Ministers of {n} states met in city {n * 3} to discuss item {n}." for n in range(30))


def enriched(number: int, body: str, title: str = "Ferry", revision: int = 1) -> EnrichedArticle:
    return EnrichedArticle(article=an_article(title, body, url=f"https://news.example/{number}"), revision=revision)


class Both:
    """The two consumers, one after the other."""

    def __init__(self) -> None:
        self.bands = ConsumerKit(bands)
        self.pairs = ConsumerKit(pairs, now=datetime(2026, 3, 4, tzinfo=UTC))

    async def feed(self, *articles: EnrichedArticle) -> Sequence[NearDuplicates]:
        before = len(self.pairs.outputs)
        for output in await self.bands.feed(*articles):
            await self.pairs.feed(output.value, key=output.key)
        assert not self.bands.dead_letters
        assert not self.pairs.dead_letters
        return self.pairs.values()[before:]


def test_a_signature_is_the_same_everywhere_and_estimates_the_share_of_common_shingles() -> None:
    numbers = signature(TEXT)
    assert numbers[:2] == (1531151305, 551667361), "another process computes the same"
    assert similarity(numbers, signature(TEXT.upper())) == 1
    assert 0.7 < similarity(numbers, signature(TEXT + " One sentence was added here by the editors.")) < 1
    assert similarity(numbers, signature(OTHER)) < 0.1
    assert signature("Ferry resumes service on Monday") == ()
    assert len(set(band_keys(numbers))) == BANDS


async def test_a_pair_is_written_once_although_it_meets_in_many_bands() -> None:
    both = Both()
    assert await both.feed(enriched(1, TEXT), enriched(2, OTHER)) == []
    (pair,) = await both.feed(enriched(3, TEXT + " One sentence was added here by the editors."))
    assert (pair.earlier, pair.later) == (enriched(1, TEXT).id, enriched(3, TEXT).id)
    assert 0.7 <= pair.similarity < 1
    (output,) = both.pairs.outputs
    types = [dict(each.headers)["ce_type"] for each in (both.bands.outputs[0], output)]
    assert types == [b"org.dateline.consumer.article-band.v1", b"org.dateline.consumer.near-duplicates.v1"]
    assert output.key == f"{pair.earlier}/{pair.later}".encode()


async def test_a_revision_replaces_the_earlier_one_and_is_no_duplicate_of_it() -> None:
    both = Both()
    assert await both.feed(enriched(1, TEXT), enriched(1, TEXT, "Ferry again", revision=2)) == []
    assert both.pairs.state is not None
    for key in both.pairs.state.snapshot():
        members = both.pairs.state.get(key)
        assert isinstance(members, BandMembers)
        assert len(members.members) == 1


async def test_retractions_and_short_texts_have_no_bands() -> None:
    both = Both()
    await both.feed(enriched(1, ""), enriched(2, "Short."))
    assert both.bands.outputs == []


async def test_the_state_is_bounded_by_number_and_by_time() -> None:
    both = Both()
    (first, *_) = await both.bands.feed(enriched(1, TEXT))
    assert first.key is not None
    assert both.pairs.state is not None
    entry = both.bands.values()[0]
    for number in range(MAX_MEMBERS + 5):
        await both.pairs.feed(entry.model_copy(update={"id": str(number)}), key=first.key)
    members = both.pairs.state.get(first.key)
    assert isinstance(members, BandMembers)
    assert [each.entry.id for each in members.members] == [str(n) for n in range(5, MAX_MEMBERS + 5)]
    both.pairs.now += LIFETIME + timedelta(seconds=1)
    assert both.pairs.state.get(first.key) is None
    assert await both.feed(enriched(2, TEXT)) == []
