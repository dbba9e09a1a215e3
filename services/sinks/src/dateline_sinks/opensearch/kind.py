"""The kind of sink `opensearch`, as the entry point names it; the client is imported when a sink is made."""

from urllib.parse import urlsplit

from dateline.concurrency.threads import in_thread
from dateline.sink.batch import BatchLimits
from dateline.sink.sink import Sink, SinkKind

from dateline_sinks.address import address_without_credentials
from dateline_sinks.opensearch.options import OpenSearchOptions

__all__ = ["KIND"]

LIMITS = BatchLimits(records=1000, bytes=5 * 1024 * 1024)
"""Some services take requests of at most 10 MiB."""


def _make(target: str, options: OpenSearchOptions) -> Sink:
    from dateline_sinks.opensearch.sink import OpenSearchSink

    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write an address such as https://search.example:9200")
    return OpenSearchSink(target=target, options=options)


async def _prepare(target: str, options: OpenSearchOptions) -> None:
    from dateline_sinks.opensearch.connection import with_client
    from dateline_sinks.opensearch.index import ensure_indices

    await in_thread(with_client, target, options, lambda client: ensure_indices(client, options))


async def _forget(target: str, options: OpenSearchOptions, group: str) -> str:
    from dateline_sinks.opensearch.connection import with_client
    from dateline_sinks.opensearch.positions import forget_positions

    index = options.positions_index
    count = await in_thread(with_client, target, options, lambda client: forget_positions(client, index, group))
    return f"{count} positions of {group} in the index {index}"


KIND = SinkKind(
    make=_make,
    summary="An index of OpenSearch; each article is replaced only by a later revision.",
    target="URL",
    options=OpenSearchOptions,
    within=("index", "positions_index"),
    prepare=_prepare,
    limits=lambda _: LIMITS,
    forget=_forget,
    shown=address_without_credentials,
)
"""The sink of OpenSearch."""
