"""A collector on this machine: it receives spans by OTLP over HTTP, as any collector of OpenTelemetry does."""

import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtobufSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from support.http_server import serving

__all__ = ["OtlpReceiver", "ReceivedSpan", "otlp_receiver"]

Value = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSpan:
    """A span as it came."""

    service: str
    schema_url: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    trace_state: str
    attributes: dict[str, Value] = field(repr=False)
    links: Sequence[tuple[str, str]] = ()
    """Trace and span ids."""
    failed: bool = False
    events: Sequence[str] = ()


@dataclass(slots=True)
class OtlpReceiver:
    """The spans that came."""

    port: int = 0
    spans: list[ReceivedSpan] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def named(self, name: str, **attributes: Value) -> list[ReceivedSpan]:
        """Return the spans with a name, and with attributes whose dots are written as double underscores."""
        wanted = {key.replace("__", "."): value for key, value in attributes.items()}
        return [each for each in self.spans if each.name == name and wanted.items() <= each.attributes.items()]

    def below(self, span: ReceivedSpan) -> list[ReceivedSpan]:
        """Return the spans whose parent is `span`."""
        place = span.trace_id, span.span_id
        return [each for each in self.spans if (each.trace_id, each.parent_id) == place]

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert request.content_type == "application/x-protobuf"
        # The server of aiohttp unpacks some encodings itself.
        unpacked = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        for resource in ExportTraceServiceRequest.FromString(unpacked).resource_spans:
            service = str(_attributes(resource.resource.attributes)["service.name"])
            for scope in resource.scope_spans:
                self.spans += [_received(span, service, scope.schema_url) for span in scope.spans]
        answer = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=answer, content_type="application/x-protobuf")


def _received(span: ProtobufSpan, service: str, schema_url: str) -> ReceivedSpan:
    return ReceivedSpan(
        service=service,
        schema_url=schema_url,
        name=span.name,
        kind=ProtobufSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        trace_state=span.trace_state,
        attributes=_attributes(span.attributes),
        links=[(link.trace_id.hex(), link.span_id.hex()) for link in span.links],
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        events=[event.name for event in span.events],
    )


def _attributes(pairs: "Sequence[object]") -> dict[str, Value]:
    return {pair.key: _value(pair.value) for pair in pairs}  # type: ignore[attr-defined]


def _value(value: AnyValue) -> Value:
    kind = value.WhichOneof("value")
    return getattr(value, kind) if kind else ""


@asynccontextmanager
async def otlp_receiver() -> AsyncIterator[OtlpReceiver]:
    """Receive until the block ends."""
    receiver = OtlpReceiver()
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_post("/v1/traces", receiver.take)
    async with serving(app) as receiver.port:
        yield receiver
