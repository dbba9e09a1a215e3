"""A process that has imported everything and forks replicas, so that a start takes milliseconds."""

import asyncio
import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chaos.replicas import clock

__all__ = ["Nursery"]

PR_SET_PDEATHSIG = 1
"""The option of Linux's `prctl` that sets the signal a process gets when its parent dies."""


class Nursery:
    """The campaign's side: asks the nursery to start, signal and watch processes.

    The parent of all replicas sends the signals, so none can hit a process that reuses a process id.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, log: Path, roles: str = "chaos.replicas.roles") -> "Nursery":
        """Start the nursery, and wait until it has imported everything.

        Args:
            log: the file that its errors go to.
            roles: the module whose `run_role` a forked process runs.
        """
        path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "chaos.replicas.nursery",
                roles,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "PYTHONPATH": path},
            )
        nursery = cls(process)
        await nursery._ask({"do": "ping"})
        return nursery

    async def spawn(self, role: str, environment: Mapping[str, str], log: Path) -> int:
        """Start a process and return its process id."""
        return int(await self._ask({"do": "spawn", "role": role, "environment": dict(environment), "log": str(log)}))

    async def send(self, pid: int, number: signal.Signals) -> bool:
        """Send a signal; return False if the process has ended."""
        return bool(await self._ask({"do": "send", "pid": pid, "signal": int(number)}))

    async def ended(self, pid: int) -> int | None:
        """Return the exit code, negative for a signal, or None while the process runs."""
        code = await self._ask({"do": "ended", "pid": pid})
        return None if code is None else int(code)

    async def close(self) -> None:
        """End the nursery and all its processes."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def _ask(self, question: Mapping[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the nursery has ended; its log says why")
        return json.loads(answer)["answer"]


class Parent:
    """The nursery's side; it has only one thread, so that forking is safe."""

    def __init__(self, run_role: Callable[[str], int]) -> None:
        self._run_role = run_role
        self._ended: dict[int, int | None] = {}

    def answer(self, question: Mapping[str, Any]) -> Any:
        """Carry out one request."""
        match question["do"]:
            case "spawn":
                return self._spawn(question)
            case "send":
                return self._send(question["pid"], question["signal"])
            case "ended":
                return self._wait(question["pid"])
        return True

    def end_all(self) -> None:
        """Kill the processes that still run."""
        for pid in [pid for pid, code in self._ended.items() if code is None]:
            if self._send(pid, signal.SIGKILL):
                os.waitpid(pid, 0)

    def _spawn(self, question: Mapping[str, Any]) -> int:
        pid = os.fork()
        if pid == 0:
            become(question, self._run_role)
        self._ended[pid] = None
        return pid

    def _send(self, pid: int, number: int) -> bool:
        if self._wait(pid) is not None:
            return False
        os.kill(pid, number)
        return True

    def _wait(self, pid: int) -> int | None:
        if self._ended[pid] is None:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                self._ended[pid] = os.waitstatus_to_exitcode(status)
        return self._ended[pid]


def become(question: Mapping[str, Any], run_role: Callable[[str], int]) -> None:
    """Turn this fork into a replica; does not return."""
    code = 70
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        output = os.open(question["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ.update(question["environment"])
        code = run_role(question["role"])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - a fork must not run on into its parent's loop
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Answer requests until standard input ends."""
    clock.patch()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Import everything that a role needs before the first fork.
    parent = Parent(importlib.import_module(sys.argv[1]).run_role)
    for line in iter(sys.stdin.readline, ""):
        print(json.dumps({"answer": parent.answer(json.loads(line))}), flush=True)
    parent.end_all()


if __name__ == "__main__":
    main()
