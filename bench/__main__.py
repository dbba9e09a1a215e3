"""Benchmarks of the pipeline: throughput compared with other libraries, then latency."""

import argparse
import asyncio

from dateline.service.telemetry import configure_logging
from dateline.settings import RuntimeSettings

from bench import latency, transform

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one minute instead of five, without the other libraries")
    configure_logging(RuntimeSettings(log_level="warning"), "bench")
    quick = parser.parse_args().quick
    asyncio.run(transform.main(10_000 if quick else 30_000, 3 if quick else 5, libraries=not quick))
    asyncio.run(latency.main(50.0, 10.0 if quick else 30.0))
