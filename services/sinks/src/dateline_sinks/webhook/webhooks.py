"""What the webhook sinks of a process share."""

from dataclasses import dataclass, field

from dateline.sink.place import SinkPlace

from dateline_sinks.webhook.circuit import WebhookCircuit
from dateline_sinks.webhook.options import WebhookOptions
from dateline_sinks.webhook.receiver import Receiver
from dateline_sinks.webhook.sink import WebhookSink

__all__ = ["Webhooks"]


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
