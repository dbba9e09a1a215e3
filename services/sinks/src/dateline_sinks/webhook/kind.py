"""The entry that makes the webhook sink known."""

from dataclasses import dataclass, field

from dateline.sink.batch import BatchLimits
from dateline.sink.place import SinkPlace
from dateline.sink.sink import SinkKind
from dateline_web.address import without_credentials

from dateline_sinks.webhook.circuit import WebhookCircuit
from dateline_sinks.webhook.options import WebhookOptions
from dateline_sinks.webhook.receiver import Receiver
from dateline_sinks.webhook.sink import WebhookSink

__all__ = ["KIND", "Webhooks"]

BATCH_PER_REQUEST = 16
"""Records of a batch for each concurrent request; at most one batch is sent again after a process was killed."""


@dataclass(slots=True)
class Webhooks:
    """Makes the sinks of a process, and keeps the circuit of each partition from one sink to the next."""

    circuits: dict[tuple[str, SinkPlace], WebhookCircuit] = field(default_factory=dict)

    def make(self, target: str, options: WebhookOptions) -> WebhookSink:
        """Return a sink for one partition."""

        def circuit_of(place: SinkPlace) -> WebhookCircuit:
            fresh = WebhookCircuit(longest_pause_seconds=options.longest_pause_seconds)
            return self.circuits.setdefault((target, place), fresh)

        return WebhookSink(receiver=Receiver(target, options), circuit_of=circuit_of)


async def prepare(target: str, options: WebhookOptions) -> None:
    """Check address, secrets and headers before the first partition is opened."""
    Receiver(target, options).read()


def limits(options: WebhookOptions) -> BatchLimits:
    """Return when a batch is sent: at once, in batches that keep all requests busy."""
    return BatchLimits(records=BATCH_PER_REQUEST * options.concurrency)


KIND = SinkKind(
    make=Webhooks().make,
    summary="Sends each article to an address, signed after the Standard Webhooks specification; at least once.",
    target="URL",
    options=WebhookOptions,
    prepare=prepare,
    limits=limits,
    keeps_position=False,
    shown=without_credentials,
)
"""The webhook sink."""
