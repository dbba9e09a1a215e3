"""`dateline demo`."""

import sys
from pathlib import Path

import click

from dateline.pipeline.demo import Demo
from dateline.pipeline.rendering import terminal_or_lines
from dateline.service.process import prepare, run_service
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["demo"]


@click.command()
@click.argument("seeds", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("seeds"))
def demo(seeds: Path) -> None:
    """Run the whole pipeline on a Kafka of its own over the folder SEEDS, and check what comes out.

    The exit code is 0 only if every article came out enriched exactly once.

    \b
    Example:
      dateline demo seeds
    """
    prepare("demo", KafkaSettings, RuntimeSettings)
    console = terminal_or_lines()
    sys.exit(run_service(Demo(seeds=seeds, console=console).run))
