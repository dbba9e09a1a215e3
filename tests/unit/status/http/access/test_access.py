import re
from collections.abc import AsyncIterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from dateline.errors import DatelineError, SettingsError, TransientError
from dateline.settings.loading import load
from dateline_status.http.access.access import Access
from dateline_status.http.access.changes import Change, add_change
from dateline_status.http.access.guesses import Guesses
from dateline_status.http.access.token import AccessToken
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.settings import StatusSettings
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr
from structlog.testing import capture_logs
from support.status_fakes import Clock, FakeKafka, observer_of

TOKEN = "a-token-that-nobody-guesses"
PAGE = {"accept": "text/html"}
ENDED = "/sign-in?ended=1&next=%2F"
READING = {"GET", "HEAD"}
OWN = {"sec-fetch-site": "same-origin"}
CHANGES = {
    "/dead-letters/replay",
    "/dead-letters/{letter}/replay",
    "/groups/{group:path}/forget",
    "/feeds/add",
    "/feeds/{key}/pause",
    "/feeds/{key}/resume",
    "/feeds/{key}/poll",
}


class Unreached:
    """A part of the dashboard, as far as which nobody gets."""

    def __getattr__(self, name: str) -> "Unreached":
        return self


@cache
def shared_app() -> tuple[FastAPI, Access, dict[str, "World"]]:
    """Return one application for all tests, since building it takes long, with what a test puts into it."""
    access, current = Access(), dict[str, World]()
    parts: dict[str, Any] = {name: Unreached() for name in ("letters", "groups", "actions")}
    app = create_app(observer_of(FakeKafka(), Clock()), release="1", dashboard=Dashboard(access=access, **parts))

    async def work(change: Change) -> str:
        world = current["world"]
        if world.problem is not None:
            raise world.problem
        world.done.append(change)
        return f"{change.path['name']} was <changed>"

    add_change(
        app,
        access,
        "/things/{name}/change",
        work,
        what="thing.change",
        summary="Change a thing.",
        on=lambda change: change.path["name"],
    )
    return app, access, current


class World:
    """A status service with one change, and a browser."""

    def __init__(self, token: str | None = TOKEN, base_url: str = "http://status", **options: Any) -> None:
        self.clock = Clock()
        self.done: list[Change] = []
        self.problem: Exception | None = None
        self.pauses: list[float] = []
        self.app, self.access, current = shared_app()
        current["world"] = self
        self.start(token, **options)
        self.base_url = base_url
        self.open_browser()

    def start(self, token: str | None, **options: Any) -> None:
        """Start the service, or start it again."""

        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        access = Access.of(
            None if token is None else SecretStr(token),
            now=self.clock.now,
            guesses=Guesses(self.clock.monotonic, pause),
            **options,
        )
        for each in fields(Access):
            setattr(self.access, each.name, getattr(access, each.name))

    def open_browser(self, cookies: dict[str, str] | None = None) -> None:
        transport = httpx.ASGITransport(app=self.app)
        self.browser = httpx.AsyncClient(transport=transport, base_url=self.base_url, cookies=cookies)

    async def sign_in(self, token: str = TOKEN, **fields: str) -> httpx.Response:
        return await self.browser.post("/sign-in", data={"token": token, **fields}, headers=PAGE | OWN)

    async def form_token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', (await self.browser.get("/", headers=PAGE)).text)
        assert found is not None
        return found[1]

    async def change(self, headers: dict[str, str] = OWN, **fields: str) -> httpx.Response:
        return await self.browser.post("/things/a/change", data=fields, headers=PAGE | headers)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.browser.aclose()


async def test_a_session_and_its_form_change_something_and_the_next_page_says_so_once(world: World) -> None:
    answer = await world.sign_in(next="/docs?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/docs?a=1")
    cookie = answer.headers["set-cookie"]
    assert all(each in cookie for each in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"))
    assert "Secure" not in cookie
    assert TOKEN not in cookie
    answer = await world.change(form_token=await world.form_token(), next="/docs", more="x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
    assert [(each.path, each.fields["more"]) for each in world.done] == [({"name": "a"}, "x")]
    page = await world.browser.get("/docs", headers=PAGE)
    assert "a was &lt;changed&gt;" in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert "a was" not in (await world.browser.get("/docs", headers=PAGE)).text


async def test_without_a_token_nothing_can_be_changed_and_there_are_no_forms() -> None:
    world = World(None)
    for headers in (PAGE | OWN, {"authorization": f"Bearer {TOKEN}"}, {"authorization": "Bearer "}):
        answer = await world.browser.post("/things/a/change", headers=headers)
        wanted = "text/html; charset=utf-8" if "accept" in headers else "application/problem+json"
        assert (answer.status_code, answer.headers["content-type"]) == (403, wanted)
    assert (await world.sign_in()).status_code == 403
    page = await world.browser.get("/", headers=PAGE)
    assert "<form" not in page.text
    assert "sign-in" not in page.text
    assert "form-action 'none'" in page.headers["content-security-policy"]
    assert world.done == []


async def test_every_address_that_changes_something_refuses_whoever_has_no_token(world: World) -> None:
    changing = {each.path: set(each.methods or ()) - READING for each in world.app.routes if isinstance(each, APIRoute)}
    assert {path for path, methods in changing.items() if methods} >= {
        "/sign-in",
        "/sign-out",
        "/things/{name}/change",
        *CHANGES,
    }
    for template, methods in changing.items():
        for method in methods:
            path = re.sub(r"{[^}]*}", "0", template)
            for headers in ({}, OWN, {"authorization": "Bearer wrong"}):
                answer = await world.browser.request(method, path, headers=headers)
                assert answer.status_code in (401, 403), (method, path)
                assert answer.headers["content-type"] == "application/problem+json"
    assert world.done == []


async def test_a_machine_sends_the_token_and_gets_json(world: World) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    answer = await world.browser.post("/things/a/change", json={"more": "x"}, headers=bearer)
    assert (answer.status_code, answer.json()) == (200, {"detail": "a was <changed>"})
    assert (await world.browser.post("/things/a/change", headers=bearer)).status_code == 200
    answer = await world.browser.post("/things/a/change", headers={"authorization": "Basic eDp5"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="dateline-status"')
    for body, kind, status in (
        (b"{}", "text/plain", 415),
        (b"[1]", "application/json", 422),
        (b"x" * 70_000, "x", 413),
    ):
        answer = await world.browser.post("/things/a/change", content=body, headers=bearer | {"content-type": kind})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "https://behind.a.proxy"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://status"}, False),
        ({"origin": "http://status"}, True),
        ({"origin": "http://status:81"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
async def test_a_form_of_another_page_is_refused(world: World, headers: dict[str, str], accepted: bool) -> None:
    await world.sign_in()
    answer = await world.change(headers, form_token=await world.form_token())
    assert answer.status_code == (303 if accepted else 403)
    assert len(world.done) == accepted


async def test_a_form_without_the_token_of_its_session_is_refused(world: World) -> None:
    await world.sign_in()
    other = await world.form_token()
    await world.sign_in()
    for form_token in ("", "x", other):
        assert (await world.change(form_token=form_token)).status_code == 403
    assert world.done == []


async def test_a_session_ends_by_time_by_signing_out_and_with_another_token(world: World) -> None:
    await world.sign_in()
    form_token = await world.form_token()
    name = next(iter(world.browser.cookies))
    world.clock.sleep(43_199)
    assert (await world.change(form_token=form_token)).headers["location"] == "/"
    world.clock.sleep(1)
    answer = await world.change(form_token=form_token)
    assert (answer.status_code, answer.headers["location"]) == (303, ENDED)
    assert "nothing was changed" in (await world.browser.get(answer.headers["location"], headers=PAGE)).text
    assert len(world.done) == 1

    await world.sign_in()
    cookies = dict(world.browser.cookies)
    form_token = await world.form_token()
    assert (await world.browser.post("/sign-out", data={"form_token": form_token}, headers=OWN)).status_code == 303
    assert name not in world.browser.cookies
    world.open_browser(cookies)
    assert (await world.change(form_token=form_token)).headers["location"] == ENDED


async def test_whoever_signs_in_again_returns_to_the_page_of_the_button(world: World) -> None:
    for referer, page in (
        ("http://status/feeds/1?a=b&c", "%2Ffeeds%2F1%3Fa%3Db%26c"),
        ("http://status//evil", "%2F"),
        ("http://[", "%2F"),
    ):
        answer = await world.change(OWN | {"referer": referer})
        assert answer.headers["location"] == f"/sign-in?ended=1&next={page}"


async def test_a_session_survives_a_restart_and_ends_when_the_token_changes(world: World) -> None:
    await world.sign_in()
    cookies, form_token = dict(world.browser.cookies), await world.form_token()
    world.start(TOKEN)
    world.open_browser(cookies)
    assert (await world.change(form_token=form_token)).headers["location"] == "/"
    (cookie,) = cookies.values()
    world.start(TOKEN + "2")
    world.open_browser({f"dateline-{AccessToken(SecretStr(TOKEN + '2')).sign('cookie', '')[:8]}": cookie})
    assert (await world.change(form_token=form_token)).headers["location"] == ENDED
    assert len(world.done) == 1


async def test_a_changed_cookie_is_no_session(world: World) -> None:
    await world.sign_in()
    form_token = await world.form_token()
    (name, cookie), *_ = world.browser.cookies.items()
    text, _, signature = cookie.partition(".")
    for wrong in (text, f"{text}.", f"{text[:-2]}AA.{signature}", f"{text}.{signature[:-2]}AA", "é.ü", "", "%%%.x"):
        headers = PAGE | OWN | {"cookie": f"{name}={wrong}"}
        world.open_browser()
        answer = await world.browser.post("/things/a/change", data={"form_token": form_token}, headers=_raw(headers))
        assert answer.headers.get("location") == ENDED
        assert (await world.browser.get("/", headers=_raw(headers))).status_code == 200
    assert world.done == []


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


async def test_a_message_is_no_session(world: World) -> None:
    await world.sign_in()
    form_token = await world.form_token()
    await world.change(form_token=form_token)
    cookies = dict(world.browser.cookies)
    session = next(name for name in cookies if not name.endswith("-message"))
    world.open_browser({session: cookies[session + "-message"]})
    assert (await world.change(form_token=form_token)).headers["location"] == ENDED


async def test_wrong_tokens_wait_and_many_are_not_looked_at_for_a_second(world: World) -> None:
    for _ in range(10):
        answer = await world.sign_in("wrong-token-of-somebody")
        assert answer.status_code == 401
        assert "The token is wrong" in answer.text
        assert "wrong-token" not in answer.text
    assert world.pauses == [0.5] * 10
    answer = await world.sign_in()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    world.clock.sleep(1)
    assert (await world.sign_in()).status_code == 303


async def test_a_session_is_not_begun_from_another_page(world: World) -> None:
    answer = await world.browser.post(
        "/sign-in", data={"token": TOKEN}, headers=PAGE | {"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "evil",
        "/a\r\nx: y",
        "",
        "/ä",
    ],
)
async def test_a_form_never_leads_to_another_host(world: World, elsewhere: str) -> None:
    assert (await world.sign_in(next=elsewhere)).headers["location"] == "/"
    answer = await world.change(form_token=await world.form_token(), next=elsewhere)
    assert answer.headers["location"] == "/"
    page = await world.browser.get("/sign-in", params={"next": elsewhere}, headers=PAGE)
    assert 'href="/"' in page.text


@pytest.mark.parametrize(("url", "options"), [("https://status", {}), ("http://status", {"only_https": True})])
async def test_cookies_are_for_https_only_where_that_is_known(url: str, options: dict[str, Any]) -> None:
    world = World(base_url=url, **options)
    assert "Secure" in (await world.sign_in()).headers["set-cookie"]


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (DatelineError("group a has members"), 409, "group a has members"),
        (TransientError("no leader"), 503, "Kafka does not answer: no leader"),
    ],
)
async def test_what_cannot_be_changed_is_said_in_words(
    world: World, problem: Exception, status: int, words: str
) -> None:
    world.problem = problem
    answer = await world.browser.post("/things/a/change", headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()["detail"]) == (status, words)
    await world.sign_in()
    await world.change(form_token=await world.form_token())
    page = await world.browser.get("/", headers=PAGE)
    assert f"Not done:</b> {words}" in page.text


async def test_every_change_and_every_refusal_is_logged_without_secrets(world: World) -> None:
    with capture_logs() as entries:
        await world.sign_in("wrong-token-of-somebody")
        await world.sign_in()
        form_token = await world.form_token()
        await world.change(form_token=form_token)
        await world.change({"sec-fetch-site": "cross-site"}, form_token=form_token)
        world.problem = DatelineError("it has members")
        await world.browser.post("/things/b/change", headers={"authorization": f"Bearer {TOKEN}"})
    shown = [(each["event"], each["change"], each.get("on"), each.get("by")) for each in entries if "change" in each]
    assert shown == [
        ("change refused", "sign in", None, None),
        ("changed", "sign in", None, None),
        ("changed", "thing.change", "a", "session"),
        ("change refused", "thing.change", "a", None),
        ("change failed", "thing.change", "b", "token"),
    ]
    assert all(each["address"] == "127.0.0.1" for each in entries if "change" in each)
    assert entries[-1]["reason"] == "it has members"
    for secret in (TOKEN, "wrong-token", form_token, *dict(world.browser.cookies).values()):
        assert secret not in str(entries)


async def test_a_mistake_of_the_program_is_logged_with_the_change(world: World) -> None:
    world.problem = RuntimeError("oh")
    with capture_logs() as entries:
        answer = await world.browser.post("/things/a/change", headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert [(each["event"], each["status"], each["on"]) for each in entries[:1]] == [("change failed", 500, "a")]
    assert entries[1]["event"] == "a request failed"


async def test_openapi_says_that_a_change_needs_the_token(world: World) -> None:
    schema = (await world.browser.get("/openapi.json")).json()
    assert schema["paths"]["/things/{name}/change"]["post"]["security"] == [{"token": []}]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


async def test_one_network_of_ipv6_is_one_client() -> None:
    async def pause(seconds: float) -> None:
        pass

    guesses = Guesses(Clock().monotonic, pause)
    for number in range(10):
        await guesses.wrong(f"2001:db8::{number}")
    assert guesses.too_many("2001:db8::ffff")
    assert not guesses.too_many("2001:db8:0:1::1")
    assert not guesses.too_many("unknown")


@pytest.mark.parametrize("token", ["too-short", "a token with spaces in it", "ü" * 20])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused_and_not_shown(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_STATUS__TOKEN", token)
    with pytest.raises(SettingsError, match=r"DATELINE_STATUS__TOKEN.*openssl rand -hex 24") as refused:
        load(StatusSettings)
    assert token not in str(refused.value)


def test_every_address_that_changes_something_is_documented() -> None:
    text = (Path(__file__).parents[5] / "docs" / "status.md").read_text("utf-8")
    app, _, _ = shared_app()
    for path, methods in app.openapi()["paths"].items():
        if "post" in methods and not path.startswith("/things/"):
            assert f"`{path.replace(':path', '')}`" in text
