"""Configures, starts and closes Kafka clients."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiokafka.errors import KafkaError

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import bounded
from dateline.errors import SettingsError, TransientError
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = [
    "TROUBLE",
    "client_options",
    "described",
    "discard",
    "producer_options",
    "start_patiently",
    "worth_a_retry",
]

log = get_logger("dateline.connection")

CLOSE_SECONDS = 5.0
"""A client whose broker is gone can hang in `stop()`; it is abandoned after this time."""

ClientT = TypeVar("ClientT", bound=Any)

_closing: set[asyncio.Task[None]] = set()


def client_options(kafka: KafkaSettings, client_id: str) -> dict[str, Any]:
    """Return the keyword arguments for any aiokafka client.

    Raises:
        SettingsError: a certificate or key cannot be read.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap_servers,
        "client_id": client_id,
        "security_protocol": kafka.security_protocol,
        "request_timeout_ms": int(kafka.request_timeout_seconds * 1000),
        "retry_backoff_ms": 50,
        "connections_max_idle_ms": 9 * 60 * 1000,
        "metadata_max_age_ms": 60_000,
    }
    if kafka.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = kafka.sasl_mechanism
        options["sasl_plain_username"] = kafka.sasl_username
        options["sasl_plain_password"] = kafka.sasl_password and kafka.sasl_password.get_secret_value()
    if kafka.security_protocol.endswith("SSL"):
        options["ssl_context"] = _ssl_context(kafka)
    return options


def producer_options(kafka: KafkaSettings, client_id: str) -> dict[str, Any]:
    """Return the keyword arguments for producers: those of `client_options`, with large, compressed batches."""
    return client_options(kafka, client_id) | {
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": None if kafka.compression == "none" else kafka.compression,
        "max_batch_size": 900 * 1024,
        "max_request_size": 16 * 1024 * 1024,
    }


def _ssl_context(kafka: KafkaSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=kafka.ssl_cafile and str(kafka.ssl_cafile))
        if kafka.ssl_certfile:
            context.load_cert_chain(kafka.ssl_certfile, kafka.ssl_keyfile)
    except (OSError, ssl.SSLError) as error:
        names = [kafka.ssl_cafile, kafka.ssl_certfile, kafka.ssl_keyfile]
        files = ", ".join(str(name) for name in names if name)
        raise SettingsError([f"DATELINE_KAFKA__SSL_*: cannot read {files}: {error}"]) from error
    context.check_hostname = kafka.ssl_check_hostname
    return context


class LastTrouble(logging.Handler):
    """Keeps the last message that aiokafka logged, because its exceptions do not say why a connection failed."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message of `record`."""
        self.text = record.getMessage()


TROUBLE = LastTrouble(logging.ERROR)
"""Attached to aiokafka's logger by `configure_logging`."""


def described(error: BaseException) -> str:
    """Return the text of `error`, or its cause where aiokafka only logged that."""
    if "Unable to bootstrap" in str(error) and TROUBLE.text:
        return TROUBLE.text
    return str(error) if type(error).__name__ in str(error) else f"{type(error).__name__}: {error}"


async def start_patiently(
    make: Callable[[], ClientT], what: str, kafka: KafkaSettings, *, patience_seconds: float | None = None
) -> ClientT:
    """Create and start a client; while no broker answers, log that and try again.

    `start()` of aiokafka fails at once if the port is not open yet, and a client that failed to start cannot be
    started again, so each attempt creates a new one. `start()` can also hang, for example if a group's consumer waits
    for its first assignment while the broker restarts.

    Args:
        make: creates a client.
        what: names the client in the log.
        kafka: the settings of Kafka.
        patience_seconds: give up after this many seconds; None means never.

    Raises:
        KafkaError: Kafka refuses the client, or no broker answered in time.
    """
    backoff = Backoff(longest_seconds=5.0, patience_seconds=patience_seconds)
    # Joining a group waits for the other members to rebalance, which takes up to a session time-out.
    seconds = 2 * (kafka.request_timeout_seconds + kafka.session_timeout_seconds)
    while True:
        client = make()
        try:
            await bounded(client.start(), seconds, f"starting a client ({what})")
            return client
        except (KafkaError, OSError, TransientError, AssertionError) as error:
            await discard(client)
            if not worth_a_retry(error) or backoff.exhausted:
                raise
            backoff.warn(
                log,
                "Kafka does not answer; trying again",
                client=what,
                brokers=kafka.bootstrap_servers,
                error=described(error),
            )
            await backoff.pause()
        except BaseException:
            await discard(client)
            raise


def worth_a_retry(error: Exception) -> bool:
    """Return whether another attempt may succeed: no broker answered, or a broker is not ready.

    A broker that has just started may return an empty list of brokers, for which aiokafka raises AssertionError.
    """
    return isinstance(error, OSError | TransientError | AssertionError) or bool(
        getattr(error, "retriable", False) or type(error).__name__ in {"KafkaConnectionError", "KafkaTimeoutError"}
    )


async def discard(client: Any) -> None:
    """Close `client`, or abandon it if it does not close in time."""
    task = asyncio.ensure_future(_stop(client))
    _closing.add(task)
    task.add_done_callback(_closing.discard)
    await asyncio.wait({task}, timeout=CLOSE_SECONDS)
    if not task.done():
        log.debug("a Kafka client did not close in time", client=type(client).__name__)
        task.cancel()
        # It hung above its connections: close these, so that they do not pile up while a broker is away.
        inner = getattr(client, "client", None) or getattr(client, "_client", None)
        if inner is not None:
            closing = asyncio.ensure_future(_stop(inner))
            _closing.add(closing)
            closing.add_done_callback(_closing.discard)


async def _stop(client: Any) -> None:
    call: Callable[[], Awaitable[None]] = getattr(client, "stop", None) or client.close
    try:
        await call()
    except Exception as error:  # noqa: BLE001 - errors of a client that is being discarded do not matter
        log.debug("a Kafka client failed to close", error=repr(error))
