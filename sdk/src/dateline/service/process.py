"""Starts and ends the process of a service or verb: settings, logs, signals, exit codes."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from dateline.errors import SettingsError, StageError
from dateline.log import configure_now, get_logger
from dateline.service.broker_choice import use_embedded_broker
from dateline.service.telemetry import configure_logging
from dateline.settings import KafkaSettings, RuntimeSettings, Section, load

__all__ = [
    "EXIT_SETTINGS",
    "EXIT_STAGE",
    "instance_name",
    "prepare",
    "prepare_service",
    "run_service",
]

log = get_logger("dateline.service")

EXIT_SETTINGS = 2
"""Exit code for an invalid setting: restarting does not help."""

EXIT_STAGE = 3
"""Exit code for a stage that stopped itself: somebody has to intervene."""


def instance_name(service: str) -> str:
    """Return a unique name for this process, made of service, host, process id and random digits."""
    return f"{service}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def prepare(service: str, *sections: type[Section]) -> tuple[Any, ...]:
    """Load settings and configure the logs.

    Raises:
        SettingsError: a setting is invalid or unknown; the error has one line for each problem.
    """
    loaded = load(*sections)
    runtime = next((each for each in loaded if isinstance(each, RuntimeSettings)), None)
    configure_logging(runtime or RuntimeSettings(), service)
    return loaded


def prepare_service(service: str, *sections: type[Section]) -> tuple[Any, ...]:
    """Load settings and configure the logs of a service; also choose its Kafka, and log the choice and the reason.

    Raises:
        SettingsError: a setting is invalid or unknown; the error has one line for each problem.
    """
    reason = use_embedded_broker()
    loaded = prepare(service, *sections)
    for kafka in loaded:
        if isinstance(kafka, KafkaSettings):
            log.info("Kafka", brokers=kafka.bootstrap_servers, chosen=reason)
    return loaded


def run_service(main: Callable[[asyncio.Event], Awaitable[None]]) -> int:
    """Run `main` and return the exit code; SIGTERM, SIGINT or the end of the parent process set its event."""
    # Consumers from elsewhere may use structlog directly.
    configure_now()
    try:
        asyncio.run(_with_signals(main))
    except SettingsError as error:
        for problem in error.problems:
            print(f"dateline: {problem}", file=sys.stderr)
        return EXIT_SETTINGS
    except StageError as error:
        log.error("the stage stopped", reason=str(error))
        return EXIT_STAGE
    return 0


async def _with_signals(main: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if os.environ.get("DATELINE_PARENT_PIPE"):
        _stop_with_parent(loop, stop)
    await main(stop)


def _stop_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set `stop` when standard input ends: the parent process holds its other end."""

    def wait() -> None:
        # Not sys.stdin: the interpreter cannot shut down while a thread holds its lock.
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True, name="parent").start()
