"""The process that reads pages: takes documents from its standard input, and answers with readings."""

import contextlib
import ctypes
import importlib
import logging
import os
import pickle
import resource
import signal
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from dateline_pages.reading.footprint import private_bytes

__all__ = ["ChildAnswer", "main"]

LENGTH = struct.Struct(">I")
"""What precedes each message: its length."""

PR_SET_PDEATHSIG = 1
"""Option of Linux: the signal that this process gets when its parent dies."""

PATIENCE = 4
"""A page may take this many times its time while the machine is busy with other work."""


OUT_OF_MEMORY = 86
"""Exit code of a process that has taken too much memory, where allocations cannot be made to fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAnswer:
    """What the process answers to a document; the first answer says that it is ready."""

    value: Any = None
    """What the reader returned."""
    too_costly: str = ""
    """The limit that the document exceeded, in words."""
    failure: str = ""
    """The error that the reader raised."""
    bytes_used: int = 0
    """Private memory of the process."""


def main(reader: str, seconds: float, memory_bytes: int) -> None:
    """Read documents until the standard input ends.

    Args:
        reader: module and name of the function that reads a document, such as `package.module:read`.
        seconds: the most time that a document may take; the parent watches it.
        memory_bytes: the most memory that a document may take.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    answers = _own_stdout()
    # Libraries report each odd page; nobody can act on it.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    module, _, name = reader.partition(":")
    read: Callable[[Any], Any] = getattr(importlib.import_module(module), name)
    _limit_memory(memory_bytes)
    _send(answers, ChildAnswer(bytes_used=private_bytes()))
    while (message := _receive(sys.stdin.buffer)) is not None:
        # Should nobody be left to kill the process, this signal does it.
        signal.setitimer(signal.ITIMER_REAL, 2 * PATIENCE * seconds)
        answer = _answer(read, message)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, answer)


def _answer(read: Callable[[Any], Any], message: bytes) -> ChildAnswer:
    try:
        value = read(pickle.loads(message))
    except MemoryError:
        return ChildAnswer(too_costly="memory", bytes_used=private_bytes())
    except Exception as error:  # noqa: BLE001 - the parent is told, and the next document is read
        return ChildAnswer(failure=f"{type(error).__name__}: {error}"[:500], bytes_used=private_bytes())
    return ChildAnswer(value=value, bytes_used=private_bytes())


def _die_with_parent() -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _own_stdout() -> BinaryIO:
    """Take the standard output for answers alone: whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit_memory(memory_bytes: int) -> None:
    """Let allocations fail beyond the limit; where the system has no such limit, the process ends there."""
    most = private_bytes() + memory_bytes
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    else:
        threading.Thread(target=_watch_memory, args=(most,), daemon=True, name="memory").start()


def _watch_memory(most: int) -> None:
    while private_bytes() < most:
        time.sleep(0.05)
    os._exit(OUT_OF_MEMORY)


def _receive(stream: BinaryIO) -> bytes | None:
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    message = stream.read(length)
    return message if len(message) == length else None


def _send(stream: BinaryIO, answer: ChildAnswer) -> None:
    message = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(message)) + message)
    stream.flush()


if __name__ == "__main__":
    # Run as `__main__`, this module's classes would be unknown to the parent.
    from dateline_pages.reading import child

    child.main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
