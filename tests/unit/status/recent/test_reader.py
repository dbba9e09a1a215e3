import asyncio
from collections.abc import Callable, Sequence

import pytest
from aiokafka import TopicPartition
from dateline.settings import KafkaSettings
from dateline_schemas import EnrichedArticle
from dateline_status.recent.articles import RecentArticles
from dateline_status.recent.listing import LookBack
from dateline_status.recent.reader import FIRST_BLOCK, LARGEST_GAP
from support.articles import an_article
from support.enriched_records import ENRICHED, enriched
from support.status_fakes import FakeKafka

FIRST = TopicPartition(ENRICHED, 0)


def write(kafka: FakeKafka, values: Sequence[EnrichedArticle], partition: int = 0) -> None:
    for value in values:
        kafka.write(ENRICHED, value.id.encode(), value.to_bytes(), partition=partition)
        kafka.mark(ENRICHED, partition)


def articles_of(kafka: FakeKafka, capacity: int = 1000) -> tuple[RecentArticles, list[int]]:
    beats: list[int] = []
    articles = RecentArticles(kafka.connect, KafkaSettings(), capacity, arrived=lambda: beats.append(1))
    return articles, beats


async def filled(articles: RecentArticles, kafka: FakeKafka) -> None:
    await articles.reader.start(kafka)
    while not articles.reader.is_filled:
        await articles.reader.step(kafka)


async def titles(articles: RecentArticles, question: str = "") -> list[str]:
    return [each.title for each in (await articles.listing(question)).articles]


async def test_the_newest_articles_are_there_after_the_first_block() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=n) for n in range(FIRST_BLOCK)])
    articles, beats = articles_of(kafka)
    await articles.reader.start(kafka)
    await articles.reader.step(kafka)
    listing = await articles.listing()
    assert [each.offset for each in listing.articles] == [2 * (FIRST_BLOCK - 1 - n) for n in range(30)]
    assert all(each.excerpt == "The ferry sails again on Monday." for each in listing.articles)
    assert (listing.look_back.filled, listing.look_back.articles) == (False, FIRST_BLOCK // 2)
    assert listing.look_back.complete_since is not None
    assert beats
    await filled(articles, kafka)
    back = (await articles.listing()).look_back
    assert (back.filled, back.articles, back.complete_since) == (True, FIRST_BLOCK, None)


async def test_all_partitions_are_read_and_their_articles_merged_by_time() -> None:
    kafka = FakeKafka()
    for n in range(10):
        write(kafka, [enriched(number=n)], partition=n % 3)
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    assert await titles(articles) == [f"Article {n}" for n in range(9, -1, -1)]


async def test_a_full_index_says_since_when_it_is_complete() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=n) for n in range(300)])
    articles, _ = articles_of(kafka, capacity=50)
    await filled(articles, kafka)
    back = (await articles.listing()).look_back
    assert (back.articles, back.capacity, back.filled) == (50, 50, True)
    assert back.oldest is not None
    assert back.complete_since is not None
    assert back.complete_since <= back.oldest


async def test_an_article_that_arrives_is_the_first_and_pages_are_told() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=1)])
    articles, beats = articles_of(kafka)
    await filled(articles, kafka)
    beats.clear()
    await articles.reader.step(kafka)
    assert not beats
    write(kafka, [enriched(number=2)], partition=1)
    await articles.reader.step(kafka)
    assert await titles(articles) == ["Article 2", "Article 1"]
    assert articles.excerpt((await articles.listing()).articles[0].id) is not None
    assert len(beats) == 1


async def test_after_an_outage_nothing_is_lost_or_twice() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=n) for n in range(5)])
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    write(kafka, [enriched(number=n) for n in range(5, 8)])
    await filled(articles, kafka)
    await articles.reader.step(kafka)
    assert await titles(articles) == [f"Article {n}" for n in range(7, -1, -1)]


async def test_records_that_retention_deleted_meanwhile_are_skipped() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=n) for n in range(4)])
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    write(kafka, [enriched(number=n) for n in range(4, 8)])
    kafka.deleted[FIRST] = 12
    await filled(articles, kafka)
    await articles.reader.step(kafka)
    assert await titles(articles) == [f"Article {n}" for n in (7, 6, 3, 2, 1, 0)]


@pytest.mark.parametrize("gap", [0, LARGEST_GAP + 10])
async def test_a_topic_that_was_made_again_or_has_grown_much_is_read_backwards_again(gap: int) -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=n) for n in range(20)])
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    kafka.logs[FIRST] = [None] * (41 + gap if gap else 0)
    write(kafka, [enriched(number=99)])
    await filled(articles, kafka)
    assert await titles(articles) == ["Article 99"]


async def test_a_topic_that_appears_later_is_read() -> None:
    kafka = FakeKafka(missing={"articles.enriched"})
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    assert await titles(articles) == []
    kafka.missing.clear()
    write(kafka, [enriched(number=1)])
    await filled(articles, kafka)
    assert await titles(articles) == ["Article 1"]


async def test_invalid_records_do_not_stop_the_reader() -> None:
    kafka = FakeKafka()
    kafka.write(ENRICHED, b"k", b"no article")
    kafka.write(ENRICHED, None, None)
    write(kafka, [enriched(number=1)])
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    assert await titles(articles) == ["Article 1"]


async def test_the_pages_of_a_list_and_of_a_search_follow_one_another() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(number=n) for n in range(7)])
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    for question in ("", "article"):
        seen, before = [], None
        while True:
            listing = await articles.listing(question, before=before, most=3)
            seen += [each.title for each in listing.articles]
            assert listing.matches == 7
            before = listing.before
            if before is None:
                break
        assert seen == [f"Article {n}" for n in range(6, -1, -1)]


async def test_an_address_finds_its_article_in_whatever_form_it_is_written() -> None:
    kafka = FakeKafka()
    write(kafka, [enriched(an_article("Found", url="https://news.example/a"))])
    articles, _ = articles_of(kafka)
    await filled(articles, kafka)
    assert await titles(articles, "https://NEWS.example/a?utm_source=x#top") == ["Found"]


async def test_an_outage_is_reported_and_survived() -> None:
    kafka = FakeKafka(down="no broker answers")
    write(kafka, [enriched(number=1)])
    articles, _ = articles_of(kafka)
    stop = asyncio.Event()
    running = asyncio.create_task(articles.run(stop))

    async def until(holds: Callable[[LookBack], bool]) -> None:
        while not holds((await articles.listing()).look_back):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.01)

    async with asyncio.timeout(30):
        await until(lambda back: back.trouble is not None and "no broker answers" in back.trouble)
        kafka.down = None
        await until(lambda back: back.trouble is None and back.articles == 1)
        kafka.down = "gone again"
        await until(lambda back: back.trouble is not None and back.articles == 1)
        stop.set()
        await running
    assert kafka.closed == kafka.connections
