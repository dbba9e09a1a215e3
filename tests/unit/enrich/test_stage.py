"""The enrich stage: each revision of an article is published once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from dateline import TransientError
from dateline.testkit import ConsumerKit
from dateline_enrich.enricher import Annotations, Enricher
from dateline_enrich.stage import enrich_stage
from dateline_schemas import Article, EnrichedArticle, Entity, Seen
from dateline_schemas.topics import SEEN
from support.articles import an_article
from support.observations import feed, gone, page


@dataclass
class Marker:
    """An enricher that finds one entity in each article and fails a given number of times."""

    name: str = "marker"
    version: str = "7"
    failures: list[Exception] = field(default_factory=list)
    language: str | None = None

    def enrich(self, article: Article) -> Annotations:
        if self.failures:
            raise self.failures.pop(0)
        return Annotations(entities=[Entity(id="x", type="other", name=article.title)], language=self.language)


def a_kit(*enrichers: Enricher) -> ConsumerKit:
    return ConsumerKit(enrich_stage(enrichers or [Marker()]))


def revisions(kit: ConsumerKit) -> Sequence[int]:
    return [each.revision for each in kit.values()]


async def test_a_new_article_is_enriched_as_revision_one() -> None:
    kit = a_kit()
    await kit.feed(an_article("A"))
    (found,) = kit.values()
    assert isinstance(found, EnrichedArticle)
    assert (found.revision, found.article.title, found.entities[0].name) == (1, "A", "A")
    assert [(each.name, each.version) for each in found.enrichers] == [("marker", "7")]


async def test_the_output_is_keyed_by_the_article_and_stays_in_its_partition() -> None:
    kit = a_kit()
    kit.partition = 3
    (output,) = await kit.feed(an_article())
    assert output.key == an_article().id.encode()
    assert output.partition == 3
    assert output.topic == "dateline.articles.enriched"


async def test_the_same_content_again_is_dropped() -> None:
    kit = a_kit()
    await kit.feed(an_article(), an_article())
    assert revisions(kit) == [1]


async def test_changed_content_is_the_next_revision() -> None:
    kit = a_kit()
    await kit.feed(an_article(body="One."), an_article(body="Two."))
    assert revisions(kit) == [1, 2]


async def test_content_that_returns_to_an_earlier_state_is_a_new_revision() -> None:
    kit = a_kit()
    await kit.feed(an_article(body="One."), an_article(body="Two."), an_article(body="One."))
    assert revisions(kit) == [1, 2, 3]


async def test_an_article_whose_state_has_expired_is_new_again() -> None:
    kit = a_kit()
    await kit.feed(an_article())
    assert SEEN.retention is not None
    kit.now += SEEN.retention + timedelta(days=1)
    await kit.feed(an_article())
    assert revisions(kit) == [1, 1]


async def test_the_state_holds_the_last_published_revision() -> None:
    kit = a_kit()
    article = an_article()
    await kit.feed(article)
    assert kit.state is not None
    seen = kit.state.get(article.id.encode())
    assert isinstance(seen, Seen)
    assert (seen.revision, seen.content_hash) == (1, article.content_hash)


async def test_a_record_whose_key_is_not_the_article_id_becomes_a_dead_letter() -> None:
    kit = a_kit()
    await kit.feed(an_article(), key="another")
    assert not kit.outputs
    assert "is not the article's id" in kit.dead_letters[0].about.error_message


async def test_an_article_that_an_enricher_fails_on_becomes_a_dead_letter_and_can_be_sent_again() -> None:
    marker = Marker(failures=[KeyError("gone")])
    kit = a_kit(marker)
    await kit.feed(an_article())
    assert [letter.about.error_type for letter in kit.dead_letters] == ["KeyError"]
    await kit.feed(an_article())
    assert revisions(kit) == [1]


async def test_a_transient_error_of_an_enricher_is_retried() -> None:
    kit = a_kit(Marker(failures=[TransientError("model is loading")] * 3))
    await kit.feed(an_article())
    assert revisions(kit) == [1]
    assert len(kit.retries) == 3
    assert not kit.dead_letters


async def test_unknown_fields_are_passed_through() -> None:
    kit = a_kit()
    article = Article.model_validate(an_article().model_dump() | {"paywall": True})
    await kit.feed(article)
    assert kit.values()[0].article.model_extra == {"paywall": True}


@pytest.mark.parametrize(
    ("declared", "found", "expected"), [("de", "en", "en"), (None, "en", "en"), ("de", None, "de"), (None, None, None)]
)
async def test_the_language_that_an_enricher_identifies_replaces_the_declared_one(
    declared: str | None, found: str | None, expected: str | None
) -> None:
    kit = a_kit(Marker(language=found))
    await kit.feed(an_article(language=declared))
    assert kit.values()[0].language == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (b"no JSON", "Invalid JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[]", "object"),
        (b'{"id": "x"}', "Field required"),
        (None, "tombstone"),
    ],
)
async def test_an_invalid_record_becomes_a_dead_letter_with_its_bytes(value: bytes | None, problem: str) -> None:
    kit = a_kit()
    await kit.feed(value, an_article(), key=an_article().id)
    (letter,) = kit.dead_letters
    assert letter.value == value
    assert problem in letter.about.error_message
    assert revisions(kit) == [1]


async def test_a_teaser_does_not_replace_the_text_of_the_page() -> None:
    kit = a_kit()
    await kit.feed(page(1), feed(2))
    assert revisions(kit) == [1]
    assert not kit.dead_letters


async def test_a_repetition_raises_what_is_known_without_a_revision() -> None:
    kit = a_kit()
    await kit.feed(feed(1, "Whole."), page(2, "Whole."), feed(3, "Teaser ..."), page(4, "Changed."))
    assert revisions(kit) == [1, 2]


async def test_a_retraction_is_a_revision_without_annotations() -> None:
    kit = a_kit(Marker(language="en"))
    await kit.feed(page(1), gone(2))
    retraction = kit.values()[1]
    assert (retraction.revision, retraction.article.retracted) == (2, gone(2).retracted)
    assert (retraction.entities, retraction.dates, retraction.enrichers, retraction.language) == ([], [], [], None)


async def test_a_retraction_of_an_unknown_article_is_dropped() -> None:
    kit = a_kit()
    await kit.feed(gone(2))
    assert not kit.outputs
    assert not kit.dead_letters


async def test_a_retraction_survives_a_failing_enricher() -> None:
    marker = Marker()
    kit = a_kit(marker)
    await kit.feed(page(1))
    marker.failures = [KeyError("gone")]
    await kit.feed(gone(2))
    assert revisions(kit) == [1, 2]


async def test_a_failed_article_leaves_no_trace_in_the_state() -> None:
    marker = Marker(failures=[KeyError("gone")])
    kit = a_kit(marker)
    await kit.feed(page(2))
    await kit.feed(feed(1))
    assert revisions(kit) == [1]
    assert kit.values()[0].article == feed(1)
