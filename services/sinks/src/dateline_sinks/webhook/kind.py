"""The kind of sink `webhook`, as the entry point names it; the HTTP client is imported when a sink is made."""

from functools import cache
from typing import TYPE_CHECKING

from dateline.sink.batch import BatchLimits
from dateline.sink.sink import Sink, SinkKind

from dateline_sinks.address import address_without_credentials
from dateline_sinks.webhook.options import WebhookOptions

if TYPE_CHECKING:
    from dateline_sinks.webhook.webhooks import Webhooks

__all__ = ["KIND"]

BATCH_PER_REQUEST = 16
"""Records of a batch for each concurrent request; at most one batch is sent again after a process was killed."""


def _make(target: str, options: WebhookOptions) -> Sink:
    return _webhooks().make(target, options)


async def _prepare(target: str, options: WebhookOptions) -> None:
    """Check address, secrets and headers before the first partition is opened."""
    from dateline_sinks.webhook.receiver import Receiver

    Receiver(target, options).read()


def _limits(options: WebhookOptions) -> BatchLimits:
    """Return when a batch is sent: at once, in batches that keep all requests busy."""
    return BatchLimits(records=BATCH_PER_REQUEST * options.concurrency)


@cache
def _webhooks() -> "Webhooks":
    from dateline_sinks.webhook.webhooks import Webhooks

    return Webhooks()


KIND = SinkKind(
    make=_make,
    summary="Sends each article to an address, signed after the Standard Webhooks specification; at least once.",
    target="URL",
    options=WebhookOptions,
    prepare=_prepare,
    limits=_limits,
    keeps_position=False,
    shown=address_without_credentials,
)
"""The webhook sink."""
