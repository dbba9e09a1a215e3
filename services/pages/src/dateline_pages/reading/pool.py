"""A pool of processes that read pages: a page that costs too much is given up, and the others are read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dateline.log import get_logger

from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.reading.process import ProcessDied, ReaderProcess

__all__ = ["ReaderPool"]

log = get_logger("dateline.pages")

READER = "dateline_pages.reading.reader:read_page"
"""The function that the processes run."""

PAGE_SECONDS = 5.0
"""The most time that a page may take."""

PAGE_MEMORY_BYTES = 300 * 1024 * 1024
"""The most memory that a page may take, beyond what its process takes without one."""

PAGES_PER_PROCESS = 2000
"""A process is replaced after this many pages: the libraries keep some memory of each."""

IDLE_SECONDS = 120.0
"""A process that has read nothing for this long is ended; the next page starts another."""


@dataclass(slots=True, kw_only=True)
class PoolFigures:
    """What a pool has done since it was opened."""

    read: int = 0
    """Pages that were read, problems included."""
    too_costly: int = 0
    """Pages that were given up because of their cost."""
    failed: int = 0
    """Pages whose reading raised an error."""
    started: int = 0
    """Processes that were started."""
    most_bytes: int = 0
    """The most private memory that a process had after a page."""


@dataclass(slots=True, kw_only=True)
class ReaderPool:
    """Processes that are started when they are needed, and killed when a page costs too much.

    They end with this process, also when it is killed.
    """

    reader: str
    seconds: float
    memory_bytes: int
    pages_per_process: int
    idle_seconds: float
    slots: asyncio.Semaphore
    figures: PoolFigures = field(default_factory=PoolFigures)
    _free: list[tuple[ReaderProcess, asyncio.TimerHandle]] = field(default_factory=list)
    _ending: set["asyncio.Task[None]"] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        processes: int,
        seconds: float = PAGE_SECONDS,
        memory_bytes: int = PAGE_MEMORY_BYTES,
        pages_per_process: int = PAGES_PER_PROCESS,
        idle_seconds: float = IDLE_SECONDS,
        reader: str = READER,
    ) -> AsyncIterator["ReaderPool"]:
        """Open a pool. No process is started before the first page.

        Args:
            processes: at most this many pages are read at the same time.
            seconds: the most time that a page may take.
            memory_bytes: the most memory that a page may take, beyond that of its process.
            pages_per_process: a process is replaced after this many pages.
            idle_seconds: a process that has read nothing for this long is ended.
            reader: module and name of the function that reads a page, as `module:name`.
        """
        pool = cls(
            reader=reader,
            seconds=seconds,
            memory_bytes=memory_bytes,
            pages_per_process=pages_per_process,
            idle_seconds=idle_seconds,
            slots=asyncio.Semaphore(processes),
        )
        try:
            yield pool
        finally:
            while pool._free:
                pool._end(pool._take())
            while pool._ending:
                await asyncio.wait(pool._ending)

    @property
    def processes(self) -> int:
        """Number of processes that wait for a page."""
        return len(self._free)

    async def read(self, document: PageDocument) -> PageReading:
        """Read a page; wait while all processes are busy. A cancelled call ends its process at once.

        A process may also be killed by the system for a page that is innocent, so such a page is read once more.

        Raises:
            TransientError: no process can be started.
        """
        async with self.slots:
            try:
                return await self._read(document)
            except ProcessDied as error:
                log.warning("reading the page again, in another process", url=document.url, error=str(error))
            try:
                return await self._read(document)
            except ProcessDied as error:
                return self._too_costly(str(error))

    async def _read(self, document: PageDocument) -> PageReading:
        process = self._take() if self._free else await self._start()
        try:
            answer = await process.read(document, seconds=self.seconds)
        except TimeoutError:
            self._end(process)
            return self._too_costly(f"reading the page takes longer than {self.seconds:g} s")
        except BaseException:
            self._end(process)
            raise
        self.figures.most_bytes = max(self.figures.most_bytes, answer.bytes_used)
        if answer.too_costly:
            self._end(process)
            return self._too_costly(
                f"reading the page takes more than {self.memory_bytes / 1024**2:,.0f} MiB of memory"
            )
        self._give_back(process)
        self.figures.read += 1
        if answer.failure:
            self.figures.failed += 1
            log.error("the reader failed on a page", url=document.url, error=answer.failure)
            return PageReading(problem=PageProblem("empty", f"reading the page failed: {answer.failure}"))
        reading: PageReading = answer.value
        return reading

    async def _start(self) -> ReaderProcess:
        self.figures.started += 1
        return await ReaderProcess.start(self.reader, seconds=self.seconds, memory_bytes=self.memory_bytes)

    def _take(self) -> ReaderProcess:
        process, timer = self._free.pop()
        timer.cancel()
        return process

    def _give_back(self, process: ReaderProcess) -> None:
        has_grown = process.bytes_used - process.base_bytes > self.memory_bytes // 2
        if process.documents >= self.pages_per_process or has_grown:
            self._end(process)
            return
        # The last one is taken first, so that those that are not needed become idle.
        timer = asyncio.get_running_loop().call_later(self.idle_seconds, self._retire, process)
        self._free.append((process, timer))

    def _retire(self, process: ReaderProcess) -> None:
        self._free = [each for each in self._free if each[0] is not process]
        self._end(process)

    def _end(self, process: ReaderProcess) -> None:
        task = asyncio.ensure_future(process.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _too_costly(self, reason: str) -> PageReading:
        self.figures.read += 1
        self.figures.too_costly += 1
        return PageReading(problem=PageProblem("too costly", reason))
