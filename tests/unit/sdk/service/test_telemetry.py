"""Logs are JSON or readable lines, and do not show the values of variables."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from dateline.service.telemetry import configure_logging
from dateline.settings import RuntimeSettings


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Undo the configuration after the test."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("aiokafka", "asyncio")}
    kafka = logging.getLogger("aiokafka")
    kafka_handlers, propagate = kafka.handlers[:], kafka.propagate
    yield
    kafka.handlers[:] = kafka_handlers
    kafka.propagate = propagate
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, each in levels.items():
        logging.getLogger(name).setLevel(each)
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def fail_with_a_secret() -> None:
    password = "hunter2" + "!"
    raise ValueError(f"{len(password)} letters are too few")


@pytest.mark.parametrize("standard", [True, False])
def test_a_traceback_does_not_show_the_values_of_variables(capsys: pytest.CaptureFixture[str], standard: bool) -> None:
    """Passwords and whole batches of articles are among them."""
    configure_logging(RuntimeSettings(log_format="json"), "test")
    log = logging.getLogger("dateline") if standard else structlog.get_logger("dateline")
    try:
        fail_with_a_secret()
    except ValueError:
        log.exception("it failed")
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry["event"] == "it failed"
    assert entry["service"] == "test"
    assert entry["exception"][0]["exc_type"] == "ValueError"
    assert "hunter2" not in line


def test_a_readable_traceback_does_not_show_them_either(capsys: pytest.CaptureFixture[str]) -> None:
    """structlog uses a renderer that shows them if that is installed."""
    configure_logging(RuntimeSettings(log_format="console"), "test")
    try:
        fail_with_a_secret()
    except ValueError:
        structlog.get_logger().exception("it failed")
    shown = capsys.readouterr().err
    assert "letters are too few" in shown
    assert "'hunter2!'" not in shown


def test_readable_lines_do_not_repeat_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(RuntimeSettings(log_format="console"), "a-service")
    structlog.get_logger().info("hello", number=7)
    line = capsys.readouterr().err
    assert "hello" in line
    assert "number" in line
    assert "a-service" not in line


def test_messages_below_the_level_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(RuntimeSettings(log_format="json", log_level="warning"), "test")
    structlog.get_logger().info("no")
    logging.getLogger("aiokafka.consumer").error("Failed fetch messages from 1: gone")
    structlog.get_logger().warning("yes")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["yes"]
