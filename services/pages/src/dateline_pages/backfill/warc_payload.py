"""The body of an archived HTTP response, decoded."""

import io
import re
from collections.abc import Callable
from typing import Any

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader
from fastwarc.warc import WarcRecord

__all__ = ["payload_of"]

CHUNK_HEADER = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(;[^\r\n]*)?\r?\n")
"""The beginning of a chunked body."""


def _deflated(stream: Any) -> Any:
    return GzipReader(stream, zlib=True)


DECODERS: dict[str, Callable[[Any], Any]] = {
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "deflate": _deflated,
    "br": BrotliReader,
    "zstd": ZstdReader,
}
"""The content encodings of HTTP."""


def payload_of(record: WarcRecord, max_bytes: int) -> bytes:
    """Return the body of the response, of a larger one its beginning with one byte more than `max_bytes`.

    Many archives hold decoded bodies beside the headers of the encoded ones: what is not encoded is left as it is.

    Args:
        record: the record, whose HTTP headers have been parsed.
        max_bytes: the limit.

    Raises:
        OSError: the archive is damaged.
    """
    data = record.reader.read(max_bytes + 1)
    headers = record.http_headers
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and CHUNK_HEADER.match(data):
        data = _decoded(data, ChunkedReader, max_bytes)
    for encoding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        decoder = DECODERS.get(encoding.strip())
        if decoder is not None:
            data = _decoded(data, decoder, max_bytes)
    return data


def _decoded(data: bytes, decoder: Callable[[Any], Any], max_bytes: int) -> bytes:
    try:
        decoded: bytes = decoder(io.BytesIO(data)).read(max_bytes + 1)
    except OSError:
        return data
    return decoded
