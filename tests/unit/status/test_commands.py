import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from dateline.errors import DatelineError
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings
from dateline_status import client
from dateline_status.commands import status, where
from dateline_status.http.app import create_app
from dateline_status.report import StatusReport
from dateline_status.settings import StatusSettings
from support.articles import an_article
from support.status_fakes import PARSED, Clock, FakeKafka, beat, observer_of


@pytest.fixture(autouse=True)
def _without_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(client, "prepare", lambda _service, *sections: tuple(section() for section in sections))


@contextmanager
def answering(body: str, code: int = 200) -> Iterator[str]:
    """Serve one body at every address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


async def report_of(kafka: FakeKafka) -> StatusReport:
    observer = observer_of(kafka, Clock())
    await observer.observe()
    return observer.report()


@pytest.fixture
async def healthy() -> StatusReport:
    kafka = FakeKafka()
    kafka.write_heartbeat(beat(details={"url": "http://127.0.0.1:8080"}))
    kafka.create_group("enrich")
    return await report_of(kafka)


@pytest.fixture
async def failing() -> StatusReport:
    kafka = FakeKafka(missing={"seen"})
    kafka.write_heartbeat(beat(state="failed", reason="too [many] dead letters"))
    kafka.create_group("enrich")
    kafka.write(PARSED, b"k", b"v")
    kafka.write("dateline.dead-letters", b"k", b"v")
    kafka.write("dateline.feeds", b"a", b'{"url": "https://a.example/", "added": "2024-06-12T00:00:00Z"}')
    kafka.joined.clear()
    return await report_of(kafka)


def test_the_running_service_is_asked(healthy: StatusReport) -> None:
    with answering(healthy.model_dump_json()) as url:
        result = CliRunner().invoke(status, ["--url", url])
    assert result.exit_code == 0
    assert "The pipeline is healthy" in result.output
    assert "enrich" in result.output
    assert "http://127.0.0.1:8080" in result.output


def test_a_pipeline_that_needs_help_exits_with_1_and_says_why(failing: StatusReport) -> None:
    with answering(failing.model_dump_json()) as url:
        result = CliRunner().invoke(status, ["--url", url])
    assert result.exit_code == 1
    assert "The pipeline needs help" in result.output
    assert "too [many] dead letters" in result.output
    assert "STOP" in result.output
    assert "unknown unknown 1" in result.output
    assert "missing" in result.output


def test_json_is_what_the_service_answers(healthy: StatusReport) -> None:
    with answering(healthy.model_dump_json()) as url:
        result = CliRunner().invoke(status, ["--url", url, "--json"])
    assert json.loads(result.stdout) == json.loads(healthy.model_dump_json())


def test_without_the_service_kafka_itself_is_read(monkeypatch: pytest.MonkeyPatch, healthy: StatusReport) -> None:
    async def look(_kafka: KafkaSettings, _layout: TopicLayout, _settings: StatusSettings) -> StatusReport:
        return healthy

    monkeypatch.setattr(client, "look", look)
    with answering("not a report") as url:
        monkeypatch.setenv("DATELINE_STATUS__PORT", url.rpartition(":")[2])
        result = CliRunner().invoke(status)
    assert result.exit_code == 0
    assert f"no status service at {url} (the answer is not a report); reading Kafka directly" in result.stderr
    assert "The pipeline is healthy" in result.stdout


def test_without_service_and_kafka_the_message_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    # The discard service's port: nobody listens there.
    monkeypatch.setenv("DATELINE_STATUS__PORT", "9")
    monkeypatch.setenv("DATELINE_KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:9")
    result = CliRunner().invoke(status)
    assert result.exit_code == 1
    assert "no status service at http://127.0.0.1:9" in result.stderr
    assert "Kafka at 127.0.0.1:9 has been down since" in result.stdout


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://x", "is not an address"),
        ("http://127.0.0.1:9", "Connection refused"),
        ("http://[::", "no status service"),
    ],
)
def test_an_address_that_does_not_answer_is_an_error_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(client.UnansweredError, match=reason):
        client.fetch(url, "/status", StatusReport)


def test_an_address_that_answers_with_an_error_says_which() -> None:
    with answering("", 404) as url, pytest.raises(client.UnansweredError, match="HTTP status 404"):
        client.fetch(url, "/status", StatusReport)


def test_an_old_report_is_shown_with_its_age(healthy: StatusReport) -> None:
    kafka = healthy.kafka.model_copy(update={"reachable": False, "error": "gone"})
    old = healthy.model_copy(update={"kafka": kafka, "status": "fail", "problems": [f"problem {n}" for n in range(12)]})
    with answering(old.model_dump_json()) as url:
        result = CliRunner().invoke(status, ["--url", url])
    assert "The figures below are 0 s old." in result.output
    assert "and 2 more" in result.output


def test_help_has_an_example() -> None:
    assert "dateline status --json" in CliRunner().invoke(status, ["--help"]).output


async def journey_of(kafka: FakeKafka, key: str) -> str:
    return (await observer_of(kafka, Clock()).journey(key)).model_dump_json()


async def test_where_asks_the_running_service_and_shows_records_and_groups() -> None:
    article = an_article()
    kafka = FakeKafka()
    for partition in range(4):
        kafka.write(PARSED, article.id.encode(), article.to_bytes(), partition=partition)
    with answering(await journey_of(kafka, article.id)) as url:
        result = CliRunner().invoke(where, [article.id, "--url", url], env={"COLUMNS": "40"})
        as_json = CliRunner().invoke(where, [str(article.url), "--url", url, "--json"])
    assert result.exit_code == 0
    assert article.title in result.output
    assert "parsed, and no group reads it" in result.output
    assert json.loads(as_json.stdout)["parsed"][0]["position"] in result.output.split(), "names are never cut"
    assert json.loads(as_json.stdout)["id"] == article.id


async def test_where_exits_with_1_for_an_article_that_is_not_there() -> None:
    key = an_article().id
    app = create_app(observer_of(FakeKafka(), Clock()), release="1")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status") as client_of_app:
        answer = await client_of_app.get(f"/articles/{key}")
    with answering(answer.text, answer.status_code) as url:
        result = CliRunner().invoke(where, [key, "--url", url])
    assert result.exit_code == 1
    assert "no record of it" in result.output


def test_where_refuses_text_that_is_neither_id_nor_address() -> None:
    result = CliRunner().invoke(where, ["ferry"])
    assert isinstance(result.exception, DatelineError)
    assert "'ferry' is neither the id" in str(result.exception)
