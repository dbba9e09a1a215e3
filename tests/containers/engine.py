"""Runs the commands of this machine's container engine and of compose; installs nothing."""

import functools
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["EngineError", "check_engine", "compose_command", "docker", "has_image", "image_label"]

ROOT = Path(__file__).parents[2]
"""The checkout."""


class EngineError(Exception):
    """Something is missing or the engine refused a command; the message says what to do."""


def docker(
    *arguments: str,
    seconds: float = 120,
    given: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a `docker` command and return its standard output.

    Raises:
        EngineError: the command fails or takes too long.
    """
    return run(["docker", *arguments], seconds=seconds, given=given, environment=environment)


def run(
    command: Sequence[str],
    *,
    seconds: float,
    given: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a command in the checkout and return its standard output.

    Raises:
        EngineError: the command fails or takes too long.
    """
    shown = " ".join(command[:4])
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            timeout=seconds,
            env=dict(os.environ) | dict(environment or {}),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{shown} … took longer than {seconds:g} s") from error
    except OSError as error:
        raise EngineError(f"{shown} … cannot be run: {error}") from error
    if done.returncode:
        said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace").strip()
        raise EngineError(f"{shown} … failed with exit code {done.returncode}:\n{said[-3000:]}")
    return done.stdout.decode("utf-8", "replace")


def check_engine() -> str:
    """Return the version of the container engine.

    Raises:
        EngineError: no engine answers.
    """
    advice = "install and start Docker (or Podman with its docker command), or name its socket in DOCKER_HOST"
    if shutil.which("docker") is None:
        raise EngineError(f"no container engine: the command docker is missing; {advice}")
    try:
        return docker("info", "--format", "{{.ServerVersion}}", seconds=20).strip()
    except EngineError as error:
        raise EngineError(f"no container engine answers; {advice}\n{error}") from error


@functools.cache
def compose_command() -> tuple[str, ...]:
    """Return the command of compose: the plugin `docker compose`, or the older `docker-compose`.

    Raises:
        EngineError: neither is installed.
    """
    for command in (("docker", "compose"), ("docker-compose",)):
        if (
            shutil.which(command[0])
            and subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0
        ):
            return command
    raise EngineError("neither `docker compose` nor `docker-compose` is installed; install one of them")


def has_image(name: str) -> bool:
    """Return whether the engine has an image."""
    return bool(docker("images", "--quiet", name).strip())


def image_label(name: str, label: str) -> str:
    """Return a label of an image; empty if the image lacks it."""
    return docker("image", "inspect", "--format", f'{{{{index .Config.Labels "{label}"}}}}', name).strip()
