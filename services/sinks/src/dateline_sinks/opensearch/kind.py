"""The entry that makes the OpenSearch sink known."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from dateline.concurrency.threads import in_thread
from dateline.sink.batch import BatchLimits
from dateline.sink.sink import SinkKind

from dateline_sinks.opensearch.connection import check_address, connect, shown, translated
from dateline_sinks.opensearch.index import ensure_indices
from dateline_sinks.opensearch.options import OpenSearchOptions
from dateline_sinks.opensearch.positions import forget_positions
from dateline_sinks.opensearch.sink import OpenSearchSink

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

__all__ = ["KIND"]

T = TypeVar("T")

LIMITS = BatchLimits(records=1000, bytes=5 * 1024 * 1024)
"""Some services take requests of at most 10 MiB."""


def _make(target: str, options: OpenSearchOptions) -> OpenSearchSink:
    check_address(target)
    return OpenSearchSink(target=target, options=options)


async def _prepare(target: str, options: OpenSearchOptions) -> None:
    await in_thread(_with_client, target, options, lambda client: ensure_indices(client, options))


async def _forget(target: str, options: OpenSearchOptions, group: str) -> str:
    index = options.positions_index
    count = await in_thread(_with_client, target, options, lambda client: forget_positions(client, index, group))
    return f"{count} positions of {group} in the index {index}"


def _with_client(target: str, options: OpenSearchOptions, work: "Callable[[OpenSearch], T]") -> T:
    client = connect(target, options)
    try:
        with translated(target, starting=True):
            return work(client)
    finally:
        client.close()


KIND = SinkKind(
    make=_make,
    summary="An index of OpenSearch; each article is replaced only by a later revision.",
    target="URL",
    options=OpenSearchOptions,
    prepare=_prepare,
    limits=lambda _: LIMITS,
    forget=_forget,
    shown=shown,
)
"""The sink of OpenSearch."""
