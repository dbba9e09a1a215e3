"""`python -m dateline_broker.lock`: resolve the list of jars again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.lock.lockfile import LOCK_PATH
from dateline_broker.lock.resolution import KAFKA_LINE, resolve_lock

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Resolve the list and write it; with `--check`, only compare it with what Maven resolves."""
    parser = argparse.ArgumentParser(prog="python -m dateline_broker.lock", description=main.__doc__)
    parser.add_argument("--kafka", metavar="VERSION", help=f"default: the newest {KAFKA_LINE}")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the list would change")
    parser.add_argument("--output", type=Path, default=LOCK_PATH, help="default: the list in the package")
    options = parser.parse_args(arguments)
    lock = resolve_lock(options.kafka)
    if options.check:
        current = options.output.is_file() and str(lock) == options.output.read_text(encoding="utf-8")
        print(f"Apache Kafka {lock.kafka_version}: {'unchanged' if current else 'the list would change'}")
        return 0 if current else 1
    options.output.write_text(str(lock), encoding="utf-8")
    print(f"Apache Kafka {lock.kafka_version}: {len(lock.jars)} jars, {lock.size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
