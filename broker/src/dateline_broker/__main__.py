"""`python -m dateline_broker install`: download everything that a broker needs before its first start."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dateline_broker.errors import BrokerError
from dateline_broker.installation.installation import CACHE_VARIABLE
from dateline_broker.lifecycle.installer import install
from dateline_broker.progress import progress_for

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Install Kafka; if that fails, print the reason in one line and return 1."""
    parser = argparse.ArgumentParser(prog="python -m dateline_broker")
    commands = parser.add_subparsers(dest="command", required=True)
    verb = commands.add_parser("install", help="download and verify Kafka and prepare its fast start")
    verb.add_argument(
        "--cache", type=Path, help=f"cache folder (default: {CACHE_VARIABLE}, or the user's cache folder)"
    )
    verb.add_argument("--no-aot", action="store_true", help="do not prepare the fast start")
    options = parser.parse_args(arguments)
    try:
        installation = install(
            options.cache, aot=not options.no_aot, full_check=True, progress=progress_for(sys.stderr)
        )
    except BrokerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"Apache Kafka {installation.kafka_version} is ready in {installation.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
