import asyncio
import tracemalloc
from datetime import timedelta

import pytest
from aiokafka import TopicPartition
from dateline.errors import DatelineError
from dateline.settings import KafkaSettings
from dateline_schemas import DeadLetter
from dateline_status.letters.desk import LetterDesk
from dateline_status.letters.readable import readable, visible
from dateline_status.observer import Observer
from dateline_status.tables.letter_cause import message_shape
from support.status_fakes import START, Clock, FakeKafka, observer_of

LETTERS = "dateline.dead-letters"
ARTICLE = "1b4e28ba-2fa1-51d2-883f-0016d3cca427"


class Desk:
    """A desk before a fake Kafka, whose replays are noted."""

    def __init__(self) -> None:
        self.kafka = FakeKafka()
        self.observer: Observer = observer_of(self.kafka, Clock())
        self.replayed: list[tuple[frozenset[str], int]] = []
        self.left_out: set[str] = set()
        self.at_once = 0
        self.changes = 0
        self.desk = LetterDesk(
            kafka=KafkaSettings(),
            table=lambda: self.observer.letters,
            connect=self.kafka.connect,
            replay=self.replay,
            changed=self.change,
        )

    def change(self) -> None:
        self.changes += 1

    async def replay(self, kafka: KafkaSettings, wanted: frozenset[str], first: int) -> list[str]:
        self.at_once += 1
        assert self.at_once == 1
        await asyncio.sleep(0)
        self.at_once -= 1
        self.replayed.append((wanted, first))
        return sorted(wanted - self.left_out)

    def bury(self, message: str, *, age: float = 0.0, value: bytes = b"{}", **fields: object) -> int:
        about = {"topic": "t", "partition": 0, "offset": 1, "group": "enrich", "stage": "s", "error_type": "E"} | fields
        letter = DeadLetter.model_validate(
            about | {"error_message": message, "failed_at": START - timedelta(seconds=age)}
        )
        headers = letter.to_headers([("ce_id", b"<b>\xff"), ("odd", b"\x1b[31m")])
        return self.kafka.write(LETTERS, ARTICLE.encode(), value, tuple(headers))


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_letters_of_one_shape_are_one_cause_and_open_causes_come_first(desk: Desk) -> None:
    for number in range(3):
        desk.bury(f"article {number} at https://a.example/{number}: 'x{number}' is invalid", age=100 - number)
    desk.bury("something else", age=200)
    desk.bury("another group", age=50, group="mine")
    await desk.observer.observe()
    desk.observer.letters.resolve(["0:4"])
    causes = desk.desk.page(None, 1).causes
    assert [(each.group, each.message, each.open, each.replayed) for each in causes] == [
        ("enrich", "article … at … … is invalid", 3, 0),
        ("enrich", "something else", 1, 0),
        ("mine", "another group", 0, 1),
    ]
    assert causes[0].newest == "0:2"
    page = desk.desk.page(causes[0].id, 1)
    assert [each.position for each in page.letters] == ["0:2", "0:1", "0:0"]
    assert (page.page, page.pages) == (1, 1)
    assert desk.desk.page("unknown", 7).letters == []


async def test_letters_come_in_pages(desk: Desk) -> None:
    for _ in range(120):
        desk.bury("always the same")
    await desk.observer.observe()
    (cause,) = desk.desk.page(None, 1).causes
    pages = [desk.desk.page(cause.id, number) for number in (1, 2, 3, 9)]
    assert [(each.page, each.pages, len(each.letters)) for each in pages] == [
        (1, 3, 50),
        (2, 3, 50),
        (3, 3, 20),
        (3, 3, 20),
    ]
    assert pages[2].letters[-1].position == "0:0"


async def test_a_letter_is_read_with_its_bytes_headers_and_article(desk: Desk) -> None:
    desk.bury("oh", value=b'{"a":[1,2]}', trace_id="0af7651916cd43dd8448eb211c80319c", attempts=2)
    await desk.observer.observe()
    detail = await desk.desk.read("0:0")
    assert detail is not None
    assert (detail.attempts, detail.article, detail.origin) == (2, ARTICLE, "t[0]@1")
    assert (detail.value.kind, detail.value.text) == ("JSON", '{\n  "a": [\n    1,\n    2\n  ]\n}')
    assert {each.name: each.value for each in detail.headers}["odd"] == "\u241b[31m"
    assert detail.replayable
    assert (await desk.desk.read("0:1"), await desk.desk.read("1:0")) == (None, None)
    desk.kafka.deleted[TopicPartition(LETTERS, 0)] = 1
    assert await desk.desk.read("0:0") is None


async def test_a_replay_sends_what_was_shown_and_is_seen_at_once(desk: Desk) -> None:
    for _ in range(3):
        desk.bury("same")
    desk.bury("from a file", topic="", partition=-1, offset=-1, source="a.jsonl:3")
    await desk.observer.observe()
    cause = next(each for each in desk.desk.page(None, 1).causes if each.message == "same")
    shown = desk.desk.open_letters(cause.id, "0:1")
    assert shown == ["0:1", "0:0"], "the third came after the page"
    desk.left_out = {"0:0"}
    assert await desk.desk.replay(shown) == "Replayed 1 to enrich. 1 had been replayed before."
    assert desk.replayed == [(frozenset({"0:0", "0:1"}), 0)]
    assert desk.desk.was_replayed("0:1")
    assert desk.changes == 1
    assert desk.desk.open_letters(cause.id, "0:9") == ["0:2", "0:0"]
    for nothing in (["0:3"], ["7:7"], ["0:0"]):
        with pytest.raises(DatelineError, match="nothing was replayed"):
            await desk.desk.replay(nothing)


async def test_two_replays_come_one_after_the_other(desk: Desk) -> None:
    for _ in range(2):
        desk.bury("same")
    await desk.observer.observe()
    await asyncio.gather(desk.desk.replay(["0:0"]), desk.desk.replay(["0:1"]))
    assert len(desk.replayed) == 2


def test_bytes_are_shown_as_json_text_or_a_dump_and_never_too_much() -> None:
    assert readable(b"").kind == "empty"
    assert readable("grüß".encode()).text == "grüß"
    broken = readable("grüß dich, liebe Welt".encode("latin-1").replace(b"\xdf", b"ss"))
    assert (broken.kind, broken.text) == ("text", "gr\N{REPLACEMENT CHARACTER}ss dich, liebe Welt")
    dump = readable(bytes(range(256)) * 100)
    assert (dump.kind, dump.cut, dump.size) == ("hexadecimal", True, 25_600)
    assert dump.text.splitlines()[2].startswith("00000020  20 21 22")
    assert dump.text.splitlines()[2].endswith("  !\"#$%&'()*+,-./")
    assert readable(b"a" * 300_000).cut
    assert readable(b"[" * 100_000).kind == "text"
    assert readable(b'["\\ud800", "\\u202e"]').text.encode().count(b"\\u") == 2
    assert readable(b'{"a": ' + b"9" * 10_000 + b"}").kind == "text"


def test_json_of_many_levels_takes_no_more_memory_than_what_is_shown() -> None:
    value = b"[" * 500 + b"1," * 20_000 + b"1" + b"]" * 500
    tracemalloc.start()
    try:
        shown = readable(value)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (shown.kind, shown.cut, len(shown.text)) == ("JSON", True, 64 * 1024)
    assert peak < 5_000_000, "indented, it has 20 MB"


def test_characters_that_control_the_text_can_be_seen() -> None:
    assert visible("a\u202eb\x00\x1b\x9b\n\t") == "a\\u202eb\u2400\u241b\\x9b\n\t"


@pytest.mark.parametrize(
    ("message", "shape"),
    [
        ("feed 7: HTTP 503", "feed …: HTTP …"),
        (f"article {ARTICLE} is older", "article … is older"),
        ("field \"a\" of 'b' or `c`", "field … of … or …"),
        ("digest 0123456789abcdef\n  differs", "digest … differs"),
        ("x" * 300, "x" * 200),
    ],
)
def test_the_shape_of_a_message_leaves_out_what_differs(message: str, shape: str) -> None:
    assert message_shape(message) == shape
