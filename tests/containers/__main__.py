"""Prepares the images, then runs a command: `python -m containers COMMAND...`; installs nothing on this machine."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from containers.build_base import make_build_base
from containers.engine import EngineError, check_engine, compose_command, docker, has_image, image_label, run
from containers.stand_ins import LABEL, make_kafka, make_python

ROOT = Path(__file__).parents[2]
"""The checkout."""

PULL_SECONDS = 600
"""Time limit for pulling an image."""

BUILD_SECONDS = 1200
"""Time limit for building the services' images."""


def main(command: list[str]) -> int:
    """Prepare the images and run `command`; return its exit code, or 1 if something is missing."""
    try:
        environment = prepare()
    except EngineError as error:
        print(f"\ntests in containers cannot run: {error}", file=sys.stderr)
        return 1
    return subprocess.run(command, env=os.environ | environment, check=False).returncode if command else 0


def prepare() -> dict[str, str]:
    """Make every image that the tests need, and return the environment variables for the tests.

    Raises:
        EngineError: a tool is missing or a command fails.
    """
    say(f"container engine {check_engine()}, {' '.join(compose_command())}")
    python = named(r"^ARG PYTHON_IMAGE=(\S+)", ROOT / "Dockerfile")
    kafka = named(r"image: (apache/kafka:\S+)", ROOT / "docker-compose.yml")
    have(python, lambda: make_python(python))
    have(kafka, lambda: make_kafka(kafka, python))
    environment = {"BUILD_IMAGE": make_build_base(python)}
    say("building dateline/ingest, dateline/pages, dateline/enrich, dateline/sinks and dateline/status")
    began = time.monotonic()
    run(
        [*compose_command(), "build", "ingest", "pages", "enrich", "sinks", "status"],
        seconds=BUILD_SECONDS,
        environment=environment,
    )
    say(f"built in {time.monotonic() - began:.0f} s")
    return environment | reaper()


def have(image: str, stand_in: Callable[[], None]) -> None:
    """Provide an image: keep an existing one, pull the official one, or make a stand-in for it."""
    if not has_image(image):
        say(f"pulling {image}")
        try:
            docker("pull", "--quiet", image, seconds=PULL_SECONDS)
        except EngineError as error:
            say(f"the pull failed ({str(error).splitlines()[-1]}); making a stand-in, which takes a minute")
            stand_in()
    if image_label(image, LABEL):
        warn(f"{image} IS A STAND-IN, made on this machine; `docker rmi {image}` removes it")


def reaper() -> dict[str, str]:
    """Disable testcontainers' cleanup container if its image cannot be pulled; pytest cleans up itself."""
    from testcontainers.core.config import testcontainers_config

    image = testcontainers_config.ryuk_image
    try:
        if not testcontainers_config.ryuk_disabled and not has_image(image):
            docker("pull", "--quiet", image, seconds=PULL_SECONDS)
    except EngineError:
        say(f"{image} cannot be pulled: a pytest that is killed leaves its Kafka behind")
        return {"TESTCONTAINERS_RYUK_DISABLED": "true"}
    return {}


def named(pattern: str, path: Path) -> str:
    """Return the image that a file names."""
    match = re.search(pattern, path.read_text("utf-8"), re.MULTILINE)
    assert match is not None, f"{path} names no image"
    return match[1]


def say(what: str) -> None:
    """Print a progress message."""
    print(f"== {what}", flush=True)


def warn(what: str) -> None:
    """Print a framed warning."""
    frame = "!" * (len(what) + 4)
    print(f"{frame}\n! {what} !\n{frame}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
