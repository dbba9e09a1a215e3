from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest
from aiokafka import TopicPartition
from aiokafka.partitioner import DefaultPartitioner
from dateline_schemas import Article, DeadLetter, EnrichedArticle, retraction_of
from dateline_schemas.headers import DL_RESOLVES
from dateline_status.articles.backward_search import FIRST_BLOCK
from dateline_status.articles.journey import Journey, id_of
from dateline_status.http.app import create_app
from dateline_status.observer import Observer
from support.articles import an_article
from support.status_fakes import PARSED, START, Clock, FakeKafka, observer_of

ENRICHED = "dateline.articles.enriched"
LETTERS = "dateline.dead-letters"
ARTICLE = an_article(published=None).model_copy(update={"fetched": START})
NUMBERS = [0, 1, 2, 3]
HOME = DefaultPartitioner()(ARTICLE.id.encode(), NUMBERS, NUMBERS)


def write(kafka: FakeKafka, topic: str, value: Article | EnrichedArticle, partition: int = HOME) -> int:
    article = value if isinstance(value, Article) else value.article
    return kafka.write(topic, article.id.encode(), value.to_bytes(), partition=partition)


def letter(kafka: FakeKafka) -> int:
    about = DeadLetter(
        topic=PARSED,
        partition=HOME,
        offset=0,
        group="enrich",
        stage="enrich",
        error_type="ValueError",
        error_message="no date",
        failed_at=datetime(2024, 6, 12, tzinfo=UTC),
    )
    return kafka.write(LETTERS, ARTICLE.id.encode(), b"", tuple(about.to_headers()))


async def observed(kafka: FakeKafka) -> Observer:
    observer = observer_of(kafka, Clock(), search_records=10_000)
    await observer.observe()
    return observer


async def journey_in(kafka: FakeKafka) -> Journey:
    return await (await observed(kafka)).journey(ARTICLE.id)


async def test_an_article_that_its_group_has_not_reached_is_waiting() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME)
    for _ in range(3):
        kafka.write(PARSED, b"other", b"{}", partition=HOME)
    write(kafka, PARSED, ARTICLE)
    journey = await journey_in(kafka)
    assert (journey.state, journey.title) == ("waiting", ARTICLE.title)
    assert [(each.group, each.passed, each.behind) for each in journey.readers] == [("enrich", False, 4)]
    assert journey.parsed[0].position == f"{PARSED}[{HOME}]@3"


async def test_an_article_without_a_reading_group_is_waiting() -> None:
    kafka = FakeKafka()
    write(kafka, PARSED, ARTICLE)
    assert (await journey_in(kafka)).reason == "parsed, and no group reads it"


async def test_an_enriched_article_shows_the_time_of_each_stage() -> None:
    kafka = FakeKafka()
    where = kafka.create_group("enrich", partition=HOME, offset=1)
    fresh = ARTICLE.model_copy(update={"published": START.replace(minute=0, hour=9), "published_precision": "second"})
    write(kafka, PARSED, fresh)
    write(kafka, ENRICHED, EnrichedArticle(article=fresh, revision=1))
    assert where.partition == HOME
    journey = await journey_in(kafka)
    assert (journey.state, journey.enriched[0].revision) == ("enriched", 1)
    assert journey.seconds == {"publish": 3600.0, "parse": 0.0, "enrich": 0.0}
    assert journey.readers[0].passed


async def test_an_article_whose_newest_content_is_not_enriched_is_waiting() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME, offset=1)
    write(kafka, PARSED, ARTICLE)
    write(kafka, ENRICHED, EnrichedArticle(article=ARTICLE, revision=1))
    write(kafka, PARSED, ARTICLE.model_copy(update={"content_hash": "0" * 64}))
    journey = await journey_in(kafka)
    assert journey.state == "waiting"
    assert len(journey.parsed) == 2


async def test_an_article_whose_newest_record_was_dropped_for_a_better_one_is_enriched() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME, offset=2)
    write(kafka, PARSED, ARTICLE)
    write(kafka, ENRICHED, EnrichedArticle(article=ARTICLE, revision=1))
    write(kafka, PARSED, ARTICLE.model_copy(update={"content_hash": "0" * 64}))
    journey = await journey_in(kafka)
    assert (journey.state, journey.reason.partition(";")[0]) == ("enriched", "enriched")
    assert "is older than that content" in journey.reason


async def test_an_article_whose_page_gave_nothing_says_why_it_has_the_text_of_its_feed() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME, offset=1)
    poor = ARTICLE.model_copy(update={"text_from": "feed", "text_reason": "robots.txt forbids it"})
    write(kafka, PARSED, poor)
    write(kafka, ENRICHED, EnrichedArticle(article=poor, revision=1))
    expected = "enriched with its newest content, with the text of its feed: robots.txt forbids it"
    assert (await journey_in(kafka)).reason == expected


async def test_a_retracted_article_says_so_and_keeps_its_title() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME, offset=2)
    gone = retraction_of(ARTICLE, START)
    write(kafka, PARSED, ARTICLE)
    write(kafka, ENRICHED, EnrichedArticle(article=ARTICLE, revision=1))
    write(kafka, PARSED, gone)
    write(kafka, ENRICHED, EnrichedArticle(article=gone, revision=2))
    journey = await journey_in(kafka)
    assert (journey.state, journey.reason, journey.title) == ("enriched", "retracted", ARTICLE.title)


async def test_the_retraction_of_an_unknown_article_says_so() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME, offset=1)
    write(kafka, PARSED, retraction_of(ARTICLE, START))
    journey = await journey_in(kafka)
    assert (journey.state, journey.reason) == (
        "unknown",
        "every group has read it: the retraction of an article that was not known",
    )


async def test_a_dead_letter_is_shown_until_it_is_replayed() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME, offset=1)
    write(kafka, PARSED, ARTICLE)
    at = letter(kafka)
    journey = await journey_in(kafka)
    assert (journey.state, journey.failures) == ("failed", ["enrich: ValueError: no date"])
    kafka.write(LETTERS, None, None, ((DL_RESOLVES, f"0:{at}".encode()),))
    journey = await journey_in(kafka)
    assert (journey.state, journey.failures) == ("unknown", [])


async def test_invalid_records_under_the_key_of_an_article_are_skipped() -> None:
    kafka = FakeKafka()
    kafka.write(PARSED, ARTICLE.id.encode(), b"not json", partition=HOME)
    kafka.write(LETTERS, ARTICLE.id.encode(), b"a letter without headers")
    journey = await journey_in(kafka)
    assert (journey.found, journey.state) == (False, "unknown")


@pytest.mark.parametrize("behind", [0, FIRST_BLOCK, FIRST_BLOCK * 10])
async def test_an_article_is_found_at_any_distance_within_the_limit(behind: int) -> None:
    kafka = FakeKafka()
    write(kafka, PARSED, ARTICLE)
    kafka.logs[TopicPartition(PARSED, HOME)] += [None] * behind
    assert (await journey_in(kafka)).found


async def test_an_article_beyond_the_limit_is_not_found_and_the_limit_is_named() -> None:
    kafka = FakeKafka()
    write(kafka, PARSED, ARTICLE)
    kafka.logs[TopicPartition(PARSED, HOME)] += [None] * 10_000
    journey = await journey_in(kafka)
    assert (journey.found, journey.reason) == (
        False,
        "no record of it among the last 10,000 offsets of its partition in each topic",
    )


async def test_missing_topics_are_searched_as_empty() -> None:
    assert not (await journey_in(FakeKafka(missing={"articles.parsed", "articles.enriched", "dead-letters"}))).found


@pytest.mark.parametrize("text", [ARTICLE.id, ARTICLE.id.upper(), ARTICLE.url, f"{ARTICLE.url}#top"])
def test_an_article_is_named_by_its_id_or_its_address(text: str) -> None:
    assert id_of(text) == ARTICLE.id


async def ask(kafka: FakeKafka, paths: Sequence[str]) -> list[httpx.Response]:
    app = create_app(await observed(kafka), release="1")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status") as client:
        return [await client.get(path) for path in paths]


async def test_the_service_finds_articles_by_id_and_address_and_rejects_other_text() -> None:
    kafka = FakeKafka()
    write(kafka, PARSED, ARTICLE)
    paths = [ARTICLE.id, ARTICLE.url, "https%3A%2F%2Fnews.example%2Fferry", "https://news.example/?a=1", "ferry"]
    answers = await ask(kafka, [f"/articles/{path}" for path in paths])
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 422]
    assert answers[0].json()["title"] == ARTICLE.title
    assert answers[3].json()["journey"]["id"] == id_of("https://news.example/?a=1")
    assert answers[3].json()["detail"] == answers[3].json()["journey"]["reason"]
    for answer in answers[3:]:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    assert "neither the id" in answers[4].json()["detail"]


async def test_while_kafka_is_down_the_answer_is_503_with_the_reason() -> None:
    kafka = FakeKafka(down="no broker")
    (answer,) = await ask(kafka, [f"/articles/{ARTICLE.id}"])
    assert (answer.status_code, answer.json()["detail"]) == (503, "Kafka does not answer: no broker")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_that_does_not_exist_is_answered_with_a_problem() -> None:
    (answer,) = await ask(FakeKafka(), ["/nothing"])
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_openapi_describes_problems_and_the_two_names_of_an_article() -> None:
    operation = create_app(observer_of(FakeKafka(), Clock()), release="1").openapi()["paths"]["/articles/{article}"][
        "get"
    ]
    for status, model in {"404": "MissingArticle", "422": "ProblemDetails", "503": "ProblemDetails"}.items():
        reference = {"schema": {"$ref": f"#/components/schemas/{model}"}}
        assert operation["responses"][status]["content"] == {"application/problem+json": reference}
    (parameter,) = operation["parameters"]
    assert [each["format"] for each in parameter["schema"]["anyOf"]] == ["uuid", "uri"]
