"""Runs the commands of a README as a person does who types them into terminals."""

import contextlib
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Terminal", "blocks"]

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""A block of commands."""

ENDLESS = re.compile(r"dateline (up|run|sink)\b")
"""Commands that run until they are stopped."""

UP = re.compile(r"^kafka +127\.0\.0\.1:\d+", re.MULTILINE)
"""What `dateline up` shows when the topics are there."""

SECONDS = 600.0
"""Limit of a command; on a quiet machine the longest, an installation, takes a tenth of it."""


def blocks(readme: Path) -> list[list[str]]:
    """Return the commands of each block."""
    return [
        [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
        for block in BLOCK.findall(readme.read_text("utf-8"))
    ]


@dataclass(slots=True, kw_only=True)
class Terminal:
    """Runs commands in a folder.

    Attributes:
        folder: the working directory.
        environment: the variables.
        up: further variables of `dateline up`.
        typed: exports and activations of earlier blocks, which hold for later ones.
        programs: what runs in the background, with the file of its output.
    """

    folder: Path
    environment: dict[str, str]
    up: dict[str, str]
    typed: list[str] = field(default_factory=list)
    programs: list[tuple[str, "subprocess.Popen[bytes]", Path]] = field(default_factory=list)

    def run(self, commands: list[str]) -> str:
        """Run the commands of a block; return what they print. An endless one, the last, stays in the background.

        Raises:
            AssertionError: a command fails.
        """
        endless = [commands[-1]] if ENDLESS.match(commands[-1]) else []
        printed = self._bash(commands[: len(commands) - len(endless)])
        self.typed += [command for command in commands if command.startswith((". ", "export "))]
        if endless:
            self._start(endless[0])
        return printed

    def run_until(self, commands: list[str], shown: str, seconds: float = 180.0) -> str:
        """Run the commands of a block, and repeat the last one until it prints `shown`; return what it printed.

        Raises:
            AssertionError: that does not happen in this time, or a program in the background has ended.
        """
        self.run(commands[:-1])
        until, printed = time.monotonic() + seconds, ""
        while time.monotonic() < until:
            with contextlib.suppress(AssertionError):
                printed = self._bash(commands[-1:], seconds=60)
            if shown in printed:
                return printed
            for name, program, output in self.programs:
                assert program.poll() is None, f"{name} has ended:\n{output.read_text()[-4000:]}"
            time.sleep(0.2)
        raise AssertionError(f"{commands[-1]} printed {printed!r}\n" + self.shown())

    def shown(self) -> str:
        """Return the last output of the programs in the background."""
        return "\n".join(f"== {name}\n{output.read_text()[-3000:]}" for name, _, output in self.programs)

    def stop(self) -> list[tuple[str, int]]:
        """Stop the programs in the background as Ctrl-C does; return the exit code of each."""
        codes = []
        for name, program, _ in reversed(self.programs):
            with contextlib.suppress(ProcessLookupError):
                program.send_signal(signal.SIGINT)
            try:
                codes.append((name, program.wait(60)))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(program.pid, signal.SIGKILL)
                codes.append((name, program.wait(60)))
        self.programs.clear()
        return codes

    def _script(self, commands: list[str]) -> list[str]:
        return ["bash", "-euo", "pipefail", "-c", "\n".join([*self.typed, *commands])]

    def _bash(self, commands: list[str], seconds: float = SECONDS) -> str:
        if not commands:
            return ""
        try:
            done = subprocess.run(
                self._script(commands),
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{commands} takes longer than {seconds:g} s: {error.output}") from error
        printed = done.stdout.decode()
        assert done.returncode == 0, f"{commands}: exit code {done.returncode}\n{printed}"
        return printed

    def _start(self, command: str) -> None:
        output = self.folder / f"{len(self.programs)}.log"
        with output.open("wb") as opened:
            program = subprocess.Popen(
                self._script([f"exec {command}"]),
                cwd=self.folder,
                env=self.environment | (self.up if command == "dateline up" else {}),
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.programs.append((command, program, output))
        until = time.monotonic() + SECONDS
        while command == "dateline up" and not UP.search(output.read_text()):
            assert program.poll() is None, f"{command} has ended:\n{output.read_text()}"
            assert time.monotonic() < until, f"{command} does not get ready:\n{output.read_text()}"
            time.sleep(0.2)
