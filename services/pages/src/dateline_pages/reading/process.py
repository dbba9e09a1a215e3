"""One process that reads pages, as its owner sees it."""

import asyncio
import contextlib
import pickle
import sys
from dataclasses import dataclass

from dateline.errors import TransientError

from dateline_pages.reading.child import LENGTH, OUT_OF_MEMORY, PATIENCE, ChildAnswer
from dateline_pages.reading.footprint import cpu_seconds
from dateline_pages.reading.page import PageDocument

__all__ = ["ProcessDied", "ReaderProcess"]

START_SECONDS = 60.0
"""The most time that a process may take to load the libraries."""

LEAST_SECONDS = 0.01
"""A process that has less time left than this has used it up."""


class ProcessDied(Exception):  # noqa: N818 - it says what happened
    """The process ended while it read a document."""

    def __init__(self, exit_code: int | None) -> None:
        how = f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"
        super().__init__(f"the process that read the page ended with {how}")


@dataclass(slots=True)
class ReaderProcess:
    """A process that reads one document after another."""

    process: asyncio.subprocess.Process
    base_bytes: int = 0
    """Private memory of the process before its first document."""
    bytes_used: int = 0
    """Private memory after its last document."""
    documents: int = 0
    """Number of documents that it has read."""

    @classmethod
    async def start(cls, reader: str, *, seconds: float, memory_bytes: int) -> "ReaderProcess":
        """Start a process and wait until it is ready.

        It has a session of its own: the signals that a terminal sends to the owner's group do not reach it.

        Args:
            reader: module and name of the function that reads a document.
            seconds: the most time that a document may take.
            memory_bytes: the most memory that a document may take.

        Raises:
            TransientError: the process does not start.
        """
        arguments = ("-P", "-m", "dateline_pages.reading.child", reader, str(seconds), str(memory_bytes))
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, stdin=pipe, stdout=pipe, start_new_session=True
            )
        except OSError as error:
            raise TransientError(f"no process can be started to read pages: {error}") from error
        self = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await self._receive()
        except BaseException as error:
            await self.end()
            if isinstance(error, ProcessDied | TimeoutError):
                raise TransientError(f"a process that reads pages does not start: {error}") from error
            raise
        self.base_bytes = self.bytes_used = ready.bytes_used
        return self

    async def read(self, document: PageDocument, *, seconds: float) -> ChildAnswer:
        """Let the process read a document. After an error it must be ended.

        Raises:
            TimeoutError: the document takes longer than `seconds` while the process runs, or many times as long.
            ProcessDied: the process ended.
        """
        message = pickle.dumps(document, pickle.HIGHEST_PROTOCOL)
        self.documents += 1
        before = cpu_seconds(self.process.pid)
        clock = asyncio.get_running_loop().time
        end = clock() + PATIENCE * seconds
        exchange = asyncio.create_task(self._exchange(message))
        left = seconds
        try:
            while not (await asyncio.wait([exchange], timeout=min(left, end - clock())))[0]:
                used = cpu_seconds(self.process.pid)
                # On a busy machine the time may have passed without the page.
                left = 0.0 if before is None or used is None else seconds - (used - before)
                if left < LEAST_SECONDS or clock() >= end:
                    raise TimeoutError
            answer = exchange.result()
        finally:
            exchange.cancel()
            await asyncio.gather(exchange, return_exceptions=True)
        self.bytes_used = answer.bytes_used
        return answer

    async def end(self) -> None:
        """Kill the process, whatever it does; it holds nothing."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        # Also reads what it has left in its pipe, so that the pipe is closed.
        await self.process.communicate()

    async def _exchange(self, message: bytes) -> ChildAnswer:
        pipe = self.process.stdin
        assert pipe is not None
        try:
            pipe.write(LENGTH.pack(len(message)) + message)
            await pipe.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise ProcessDied(await self.process.wait()) from None
        return await self._receive()

    async def _receive(self) -> ChildAnswer:
        pipe = self.process.stdout
        assert pipe is not None
        try:
            (length,) = LENGTH.unpack(await pipe.readexactly(LENGTH.size))
            answer: ChildAnswer = pickle.loads(await pipe.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionResetError):
            exit_code = await self.process.wait()
            if exit_code == OUT_OF_MEMORY:
                return ChildAnswer(too_costly="memory")
            raise ProcessDied(exit_code) from None
        return answer
