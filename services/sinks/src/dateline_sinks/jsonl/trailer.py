"""The end of a file: its range, in a frame that every reader of zstd skips."""

import json
import os
import struct
from pathlib import Path

from dateline_sinks.files.file_range import FileRange

__all__ = ["read_trailer", "trailer"]

MAGIC = 0x184D2A5D
"""Begins a skippable frame (RFC 8878, section 3.1.2)."""

FRAME = struct.Struct("<II")
"""The magic number, and the length of what follows."""

END = struct.Struct("<I8s")
"""The length of the JSON text, and a mark, so that the frame is found from the end of the file."""

MARK = b"dateline"


def trailer(covered: FileRange) -> bytes:
    """Return the frame that states a range.

    It comes last, as the seek table of zstd's seekable format does, since some readers stop after the first frame.
    """
    text = json.dumps(covered.fields()).encode()
    return FRAME.pack(MAGIC, len(text) + END.size) + text + END.pack(len(text), MARK)


def read_trailer(path: Path) -> FileRange:
    """Return the range that a file states.

    Raises:
        ValueError: the file does not end with a whole frame.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < FRAME.size + END.size:
            raise ValueError("it is too short")
        file.seek(size - END.size)
        length, mark = END.unpack(file.read())
        if mark != MARK or length > size - FRAME.size - END.size:
            raise ValueError("its end is missing")
        file.seek(size - END.size - length - FRAME.size)
        if FRAME.unpack(file.read(FRAME.size)) != (MAGIC, length + END.size):
            raise ValueError("its end is damaged")
        content = json.loads(file.read(length))
    if not isinstance(content, dict):
        raise ValueError("its end is damaged")
    return FileRange.read(content)
