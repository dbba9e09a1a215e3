import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from dateline.settings import KafkaSettings
from dateline_schemas import DeadLetter
from dateline_status.http.access.access import Access
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.letters.desk import LetterDesk
from pydantic import SecretStr
from support.status_fakes import START, Clock, FakeKafka, observer_of

LETTERS = "dateline.dead-letters"
ARTICLE = "1b4e28ba-2fa1-51d2-883f-0016d3cca427"
HOSTILE = "<script>alert(1)</script>\u202e"
TOKEN = "a-token-that-nobody-guesses"
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}


class Letters:
    """A status service with dead letters, and a browser in a session."""

    def __init__(self) -> None:
        self.kafka = FakeKafka()
        self.clock = Clock()
        self.observer = observer_of(self.kafka, self.clock)
        self.replayed: list[frozenset[str]] = []
        desk = LetterDesk(
            kafka=KafkaSettings(),
            table=lambda: self.observer.letters,
            connect=self.kafka.connect,
            replay=self.replay,
        )
        dashboard = Dashboard(letters=desk, access=Access.of(SecretStr(TOKEN), now=self.clock.now))
        app = create_app(self.observer, release="1", dashboard=dashboard)
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://status", headers=PAGE, follow_redirects=True
        )

    async def replay(self, kafka: KafkaSettings, wanted: frozenset[str], first: int) -> list[str]:
        self.replayed.append(wanted)
        return sorted(wanted)

    def bury(
        self, message: str, *, key: bytes | None = ARTICLE.encode(), value: bytes = b"{}", **fields: object
    ) -> None:
        about = {"topic": "t", "partition": 0, "offset": 1, "group": "enrich", "stage": "s", "error_type": "E"} | fields
        letter = DeadLetter.model_validate(about | {"error_message": message, "failed_at": START - timedelta(hours=1)})
        self.kafka.write(LETTERS, key, value, tuple(letter.to_headers([(HOSTILE, HOSTILE.encode() + b"\xff")])))

    async def sign_in(self) -> None:
        assert (await self.browser.post("/sign-in", data={"token": TOKEN})).status_code == 200

    async def press(self, page: str, action: str) -> str:
        """Open a page, press a button with all its fields as a browser does, and return the page that follows."""
        text = (await self.browser.get(page)).text
        found = re.search(rf'action="{action}">(.*?)</form>', text, re.DOTALL)
        assert found is not None, text
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', found[1]))
        answer = await self.browser.post(action, data=fields)
        assert (answer.status_code, str(answer.url)) == (200, f"http://status{page}")
        return answer.text


@pytest.fixture
async def letters() -> AsyncIterator[Letters]:
    letters = Letters()
    yield letters
    await letters.browser.aclose()


async def test_hostile_letters_are_shown_as_text(letters: Letters) -> None:
    letters.bury(
        HOSTILE, key=HOSTILE.encode(), value=b"[" + HOSTILE.encode() + b"\xff", group=HOSTILE, error_type=HOSTILE
    )
    letters.bury("binary", key=None, value=bytes(range(256)))
    letters.bury("empty", value=b"")
    await letters.observer.observe()
    cause = (await letters.browser.get("/dead-letters", headers={"accept": "*/*"})).json()["causes"][0]["id"]
    for page in (
        "/dead-letters",
        f"/dead-letters?cause={cause}",
        "/dead-letters?cause=x",
        *(f"/dead-letters/0:{n}" for n in range(3)),
    ):
        answer = await letters.browser.get(page)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "\u202e" not in answer.text
        assert "<form" not in answer.text
    assert "00000010  10 11 12" in (await letters.browser.get("/dead-letters/0:1")).text


async def test_one_letter_is_replayed_from_its_page_and_its_state_is_seen_afterwards(letters: Letters) -> None:
    letters.bury("oh", trace_id="0af7651916cd43dd8448eb211c80319c")
    await letters.observer.observe()
    await letters.sign_in()
    before = (await letters.browser.get("/dead-letters/0:0")).text
    assert f'href="/articles/{ARTICLE}"' in before
    assert "0af7651916cd43dd8448eb211c80319c" in before
    after = await letters.press("/dead-letters/0:0", "/dead-letters/0:0/replay")
    assert "Replayed 1 to enrich." in after
    assert "It was sent back to enrich." in after
    assert "/dead-letters/0:0/replay" not in after
    assert letters.replayed == [frozenset({"0:0"})]


async def test_a_replay_of_a_cause_takes_only_letters_that_the_page_showed(letters: Letters) -> None:
    for _ in range(2):
        letters.bury("article 1 is wrong")
    letters.bury("another cause")
    await letters.observer.observe()
    await letters.sign_in()
    text = (await letters.browser.get("/dead-letters")).text
    letters.bury("article 2 is wrong")
    await letters.observer.observe()
    form = re.search(r'action="/dead-letters/replay">(.*?)</form>', text[text.index("article … is wrong") :], re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[1]))
    answer = await letters.browser.post("/dead-letters/replay", data=fields)
    assert "Replayed 2 to enrich." in answer.text
    assert letters.replayed == [frozenset({"0:0", "0:1"})]
    answer = await letters.browser.post("/dead-letters/replay", data=fields)
    assert "Not done:</b> this cause has no dead letters that were not replayed" in answer.text


@pytest.mark.parametrize(
    ("path", "status"), [("/dead-letters/0:99", 404), ("/dead-letters/a", 422), ("/dead-letters/-1:0", 422)]
)
async def test_what_is_no_letter_is_a_problem(letters: Letters, path: str, status: int) -> None:
    await letters.observer.observe()
    answer = await letters.browser.get(path, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    bearer = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}
    answer = await letters.browser.post(path + "/replay", headers=bearer)
    assert answer.status_code == (409 if status == 404 else status)


async def test_a_letter_whose_bytes_cannot_be_read_now_is_503(letters: Letters) -> None:
    letters.kafka.down = "no leader"
    answer = await letters.browser.get("/dead-letters/0:0", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (503, "Kafka does not answer: no leader")
