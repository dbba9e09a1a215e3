"""The types that users of consumers see. A line that must not pass has a comment that expects its error."""

from collections.abc import Coroutine, Sequence
from typing import Any, assert_type

from dateline import BatchContext, Consumer, Context, Event, Record, State, consumer
from dateline.testkit import ConsumerKit
from dateline_schemas import Contract, EnrichedArticle


class Given(Contract):
    """A value that a consumer takes."""

    text: str


class Made(Contract):
    """A value that a consumer returns."""

    text: str


class Other(Contract):
    """Another value that a consumer returns."""

    number: int


@consumer(topic="articles.enriched", group="g", output="made")
async def awaited(given: Given) -> Made | None:
    return Made(text=given.text)


@consumer(topic="articles.enriched", group="g", output="made", state=Other)
def with_state(given: Given, context: Context[Other]) -> Event[Made]:
    assert_type(context.state, State[Other])
    assert_type(context.state.get(b"k"), Other | None)
    context.state.get("k")  # type: ignore[call-overload]
    return Event(value=None, key="k")


@consumer(topic="articles.enriched", group="g", output="made", batch=10)
def of_batches(given: list[Given], context: BatchContext[Other]) -> list[Made | None]:
    assert_type(context.state.get(b"k"), Other | None)
    assert_type(context.records, Sequence[Record])
    return [Made(text=each.text) for each in given]


@consumer(topic="articles.enriched", group="g", output="made")
async def named(given: list[Given]) -> list[Event[Made]]:
    return [Event(value=Made(text=each.text), of=n) for n, each in enumerate(given)]


@consumer(topic="articles.enriched", group="g", output="made")
def untyped_events(given: Given, context: Context) -> list[Event]:
    context.state.put(b"k", Other(number=1))
    return [Event(value=Made(text="")), Event(value=b"")]


@consumer(topic="articles.enriched", group="g", output="made")
def of_bytes(given: bytes) -> bytes:
    return given


@consumer(topic="articles.enriched", group="g", output="made")
def mixed(given: Given) -> Made | Event[Made] | None:
    return None


@consumer(topic="articles.enriched", group="g")
async def nothing(record: Record) -> None: ...


async def check_consumers() -> None:
    takes: Consumer[Given, Made | None] = awaited
    takes_any: Consumer = awaited
    wrong: Consumer[Other, Made | None] = awaited  # type: ignore[assignment]
    also_wrong: Consumer[Given, Other] = awaited  # type: ignore[assignment]
    called = awaited(Given(text=""))
    assert_type(await assert_type(called, Coroutine[Any, Any, Made | None]), Made | None)
    assert_type(of_bytes(b""), bytes)
    assert_type(await awaited.under("other")(Given(text="")), Made | None)
    of_bytes("text")  # type: ignore[arg-type]
    with_state(Given(text=""))  # type: ignore[call-arg]
    print(takes, takes_any, wrong, also_wrong)


async def check_kits(article: EnrichedArticle) -> None:
    assert_type(ConsumerKit(awaited).values(), list[Made])
    assert_type(ConsumerKit(with_state).values(), list[Made])
    assert_type(ConsumerKit(of_batches).values(), list[Made])
    assert_type(ConsumerKit(named).values(), list[Made])
    assert_type(ConsumerKit(untyped_events).values(), list[Any])
    assert_type(ConsumerKit(of_bytes).values(), list[bytes])
    assert_type(ConsumerKit(mixed).values(), list[Made])
    assert_type(ConsumerKit(awaited).values(Other), list[Other])
    assert_type(ConsumerKit(nothing).values(), list[Any])
    assert_type(article.annotation("name", Other), Other | None)
    await ConsumerKit(awaited).feed(article, b"raw", None, batch=2)
    await ConsumerKit(awaited).feed("text")  # type: ignore[arg-type]


def check_events() -> None:
    assert_type(Event(value=Made(text="")), Event[Made])
    Event(Made(text=""))  # type: ignore[call-arg]
