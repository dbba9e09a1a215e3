"""An article that waits for its page."""

import io
from datetime import timedelta
from typing import Any

from dateline.kafka.partitioning import partition_of
from dateline_schemas import PageRequest, WaitingPage
from dateline_status.articles.journey import Journey
from dateline_status.terminal import journey_view
from rich.console import Console
from support.articles import an_article
from support.status_fakes import PARSED, START, Clock, FakeKafka, observer_of

REQUESTS = "dateline.page-requests"
STATE = "dateline.page-state"
ARTICLE = an_article(published=None).model_copy(update={"fetched": START})
REQUEST = PageRequest(url=f"https://user:secret@example.org/{ARTICLE.id}", asked=START, article=ARTICLE)
HOME = partition_of(ARTICLE.id.encode(), 4)


def a_page(**changes: Any) -> WaitingPage:
    request = REQUEST.model_copy(update={"url": "https://example.org/1"})
    return WaitingPage(**({"request": request, "number": 1, "received": START} | changes))


def wait(kafka: FakeKafka, page: WaitingPage | None, site: str = "example.org", partition: int = 2) -> None:
    key = f"{site}/request/{ARTICLE.id}".encode()
    kafka.write(STATE, key, None if page is None else page.to_bytes(), partition=partition)


async def journey_in(kafka: FakeKafka) -> Journey:
    observer = observer_of(kafka, Clock(), search_records=10_000)
    await observer.observe()
    return await observer.journey(ARTICLE.id)


def shown(journey: Journey) -> str:
    file = io.StringIO()
    Console(file=file, width=200).print(journey_view(journey))
    return file.getvalue()


async def test_an_article_in_the_queue_of_a_site_waits_for_its_page() -> None:
    kafka = FakeKafka()
    deadline = START + timedelta(minutes=2)
    wait(kafka, a_page(deadline=deadline, attempts=1, reason="the server answered 500", due=START))
    for number in range(600):
        kafka.write(STATE, f"other.example/{number}".encode(), b"{}", partition=2)
    journey = await journey_in(kafka)
    assert (journey.state, journey.found, journey.title, journey.url) == ("waiting", True, ARTICLE.title, ARTICLE.url)
    assert journey.reason == (
        "waits for its page at example.org, since 2024-06-12 10:00:00; "
        "the last request gave nothing: the server answered 500"
    )
    assert journey.page is not None
    assert (journey.page.site, journey.page.deadline, journey.page.attempts) == ("example.org", deadline, 1)
    assert "published with its feed's text at 2024-06-12 10:02:00" in shown(journey)
    assert "1 request gave nothing · dateline pages show example.org" in shown(journey)
    assert "record" not in shown(journey), "there is no table without rows"


async def test_an_article_that_left_the_queue_does_not_wait() -> None:
    kafka = FakeKafka()
    wait(kafka, a_page())
    wait(kafka, None)
    journey = await journey_in(kafka)
    assert (journey.state, journey.page) == ("unknown", None)


async def test_an_article_that_was_handed_over_waits_at_the_other_site() -> None:
    kafka = FakeKafka()
    wait(kafka, a_page(), "example.org", partition=1)
    wait(kafka, None, "example.org", partition=1)
    wait(kafka, a_page(), "other.example", partition=3)
    journey = await journey_in(kafka)
    assert journey.page is not None
    assert journey.page.site == "other.example"


async def test_the_queues_of_a_group_with_a_name_of_its_own_are_searched() -> None:
    kafka = FakeKafka()
    kafka.create_group("mine", REQUESTS)
    kafka.create_group("gone", REQUESTS, partition=1)
    kafka.write(f"{STATE}.mine", f"example.org/request/{ARTICLE.id}".encode(), a_page().to_bytes(), partition=3)
    journey = await journey_in(kafka)
    assert journey.page is not None
    assert journey.page.site == "example.org"


async def test_a_request_that_no_task_has_taken_says_how_far_the_group_is() -> None:
    kafka = FakeKafka()
    kafka.create_group("pages", REQUESTS, partition=1, offset=1)
    kafka.write(REQUESTS, b"example.org", b"{}", partition=1)
    kafka.write(REQUESTS, b"example.org", REQUEST.to_bytes(), partition=1)
    journey = await journey_in(kafka)
    assert journey.state == "waiting"
    assert journey.reason.startswith("waits in page-requests until a process that reads pages takes it, since 2024")
    assert [(each.group, each.behind) for each in journey.readers] == [("pages", 1)]
    assert "secret" not in journey.model_dump_json()


async def test_a_request_that_was_taken_is_in_the_queue_or_done() -> None:
    kafka = FakeKafka()
    kafka.create_group("pages", REQUESTS, partition=1, offset=1)
    kafka.write(REQUESTS, b"example.org", REQUEST.to_bytes(), partition=1)
    assert (await journey_in(kafka)).page is None


async def test_requests_for_other_articles_and_invalid_records_are_passed_over() -> None:
    kafka = FakeKafka()
    other = REQUEST.model_copy(update={"article": an_article(url="https://example.org/?other")})
    mentioned = other.model_copy(update={"url": f"https://example.org/{ARTICLE.id}"})
    kafka.write(REQUESTS, b"example.org", mentioned.to_bytes())
    kafka.write(REQUESTS, b"example.org", ARTICLE.id.encode())
    kafka.write(STATE, f"example.org/request/{ARTICLE.id}".encode(), b"{}")
    assert (await journey_in(kafka)).state == "unknown"


async def test_an_article_that_was_published_with_its_feeds_text_still_waits() -> None:
    kafka = FakeKafka()
    kafka.create_group("enrich", partition=HOME)
    feeds_own = ARTICLE.model_copy(update={"text_from": "feed", "text_reason": "the page was not read in time"})
    kafka.write(PARSED, ARTICLE.id.encode(), feeds_own.to_bytes(), partition=HOME)
    wait(kafka, a_page(published=True))
    journey = await journey_in(kafka)
    assert journey.state == "waiting"
    assert journey.reason == (
        f"in {PARSED}: enrich has 1 offset to go, with the text of its feed; "
        "waits for its page at example.org, since 2024-06-12 10:00:00"
    )
    assert "published with its feed's text already" in shown(journey)


async def test_an_article_with_the_text_of_its_page_is_not_searched_in_the_queues() -> None:
    kafka = FakeKafka()
    with_page = ARTICLE.model_copy(update={"text_from": "page"})
    kafka.write(PARSED, ARTICLE.id.encode(), with_page.to_bytes(), partition=HOME)
    wait(kafka, a_page())
    assert (await journey_in(kafka)).page is None
