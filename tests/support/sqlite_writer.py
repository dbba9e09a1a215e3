"""A process that writes numbered articles to a file of SQLite: `sqlite_writer FILE PARTITIONS COUNT [BATCHES]`.

After this many batches it kills itself in the middle of the next, when the position has moved and no row is written.

Each partition continues where the file says, and prints a line for each batch that is written.
"""

import asyncio
import itertools
import os
import signal
import sys
from pathlib import Path
from typing import Any

from dateline.errors import FencedError
from dateline_sinks.sqlite import sink
from dateline_sinks.sqlite.sink import SqliteSink
from support.sink_batches import a_batch, a_place, a_revision

AT_ONCE = 40
"""Articles of a batch."""


async def write(path: Path, partition: int, count: int) -> None:
    writer = SqliteSink(path=path)
    position = await writer.open(a_place(partition)) or 0
    print("open", partition, position, flush=True)
    while position < count:
        articles = [
            a_revision(f"{partition}-{position + number}", title=f"Number {position + number}")
            for number in range(AT_ONCE)
        ]
        try:
            await writer.write(a_batch(articles, position))
        except FencedError:
            print("fenced", partition, position, flush=True)
            break
        position += AT_ONCE
        print("written", partition, position, flush=True)
    await writer.close()


async def main(path: Path, partitions: list[int], count: int) -> None:
    await asyncio.gather(*(write(path, partition, count) for partition in partitions))


def die_after(batches: int) -> None:
    module: Any = sink
    original, left = module.write_articles, itertools.count(batches, -1)

    def write_or_die(*arguments: Any, **options: Any) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        original(*arguments, **options)

    module.write_articles = write_or_die


if __name__ == "__main__":
    if sys.argv[4:]:
        die_after(int(sys.argv[4]))
    asyncio.run(main(Path(sys.argv[1]), [int(each) for each in sys.argv[2].split(",")], int(sys.argv[3])))
