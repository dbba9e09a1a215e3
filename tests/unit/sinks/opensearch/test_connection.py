"""Who the client says it is, and what the failures of a server mean."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import web
from dateline.concurrency.threads import in_thread
from dateline.errors import PermanentError, StageError, TransientError
from dateline_sinks.opensearch.connection import connect, translated, with_client
from dateline_sinks.opensearch.kind import KIND
from dateline_sinks.opensearch.options import OpenSearchOptions
from opensearchpy import OpenSearch


@dataclass
class Server:
    """Answers every request with `status` and `body`."""

    status: int = 200
    body: str = "{}"
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=self.status, text=self.body, content_type="application/json")


@asynccontextmanager
async def a_server(context: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server, app = Server(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        server.url = f"http{'s' if context else ''}://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


async def ask(url: str, **options: Any) -> None:
    def work(client: OpenSearch) -> None:
        client.info()

    await in_thread(with_client, url, OpenSearchOptions(**options), work)


async def test_user_password_and_keys_are_sent_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hidden\n")
    (tmp_path / "key").write_text("aGlkZGVu\n")
    basic = "Basic c29tZW9uZTpoaWRkZW4="
    async with a_server() as server:
        await ask(server.url, user="someone", password_file=tmp_path / "password")
        await ask(server.url, user="someone", password="hidden")
        await ask(server.url.replace("://", "://someone:hidden@"))
        await ask(server.url, api_key_file=tmp_path / "key")
    assert [each["authorization"] for each in server.asked] == [basic, basic, basic, "ApiKey aGlkZGVu"]
    assert "hidden" not in repr(OpenSearchOptions(password="hidden", api_key="hidden"))


async def test_certificates_are_verified(tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with a_server(context) as server:
        await ask(server.url, ca_file=tmp_path / "ca.pem")
        with pytest.raises(StageError, match="certificate"):
            await ask(server.url)
        with pytest.raises(StageError, match="cannot be used"):
            await ask(server.url, ca_file=tmp_path / "missing.pem")


@pytest.mark.parametrize(
    ("status", "at_start", "later"),
    [
        (400, PermanentError, PermanentError),
        (413, PermanentError, PermanentError),
        (401, StageError, TransientError),
        (403, StageError, TransientError),
        (429, TransientError, TransientError),
        (503, TransientError, TransientError),
    ],
)
async def test_a_status_says_who_has_to_act(status: int, at_start: type[Exception], later: type[Exception]) -> None:
    async with a_server() as server:
        server.status, server.body = status, '{"error": {"type": "the_reason"}}'
        secret = server.url.replace("://", "://someone:hidden@")
        with pytest.raises(at_start, match=f"answered {status}: the_reason") as caught:
            await ask(secret)
        assert "hidden" not in str(caught.value)

        def running() -> None:
            with translated(secret):
                connect(secret, OpenSearchOptions()).info()

        with pytest.raises(later):
            await in_thread(running)
    assert len(server.asked) == 2


async def test_a_page_of_a_proxy_is_a_failure_for_a_time() -> None:
    async with a_server() as server:
        server.body = "<html>"
        with pytest.raises(TransientError):
            await ask(server.url)


@pytest.mark.parametrize("target", ["search.example:9200", "ftp://search.example", "http://"])
def test_what_is_not_an_address_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="write an address"):
        KIND.make(target, OpenSearchOptions())


@pytest.mark.parametrize("target", ["https://user:pass@search.example:9200/path", "https://user:pass@[search.example"])
def test_an_address_is_shown_without_its_password(target: str) -> None:
    assert "pass" not in KIND.shown(target)
    assert "search.example" in KIND.shown(target)
