"""A process that writes numbered articles to a file of SQLite: `sqlite_writer FILE PARTITIONS COUNT`.

Each partition continues where the file says, and prints a line for each batch that is written.
"""

import asyncio
import sys
from pathlib import Path

from dateline.errors import FencedError
from dateline_sinks.sqlite.sink import SqliteSink
from support.sink_batches import a_batch, a_place, a_revision

AT_ONCE = 5
"""Articles of a batch."""


async def write(path: Path, partition: int, count: int) -> None:
    sink = SqliteSink(path=path)
    position = await sink.open(a_place(partition)) or 0
    print("open", partition, position, flush=True)
    while position < count:
        articles = [
            a_revision(f"{partition}-{position + number}", title=f"Number {position + number}")
            for number in range(AT_ONCE)
        ]
        try:
            await sink.write(a_batch(articles, position))
        except FencedError:
            print("fenced", partition, position, flush=True)
            break
        position += AT_ONCE
        print("written", partition, position, flush=True)
    await sink.close()


async def main(path: Path, partitions: list[int], count: int) -> None:
    await asyncio.gather(*(write(path, partition, count) for partition in partitions))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), [int(each) for each in sys.argv[2].split(",")], int(sys.argv[3])))
