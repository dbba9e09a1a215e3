from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from dateline_broker import UnsupportedPlatformError
from dateline_broker.process import guardian
from dateline_broker.process.guarded import spawn_detached, spawn_guarded
from dateline_broker.process.identity import ProcessIdentity

if TYPE_CHECKING:
    from pathlib import Path

SLEEP = ("sleep", "300")

OWNER = """
import os, sys, time
from pathlib import Path
from dateline_broker.process.guarded import spawn_guarded
process = spawn_guarded(("sleep", "300"), output=Path(sys.argv[1]))
if sys.argv[2] == "fork" and os.fork() == 0:
    print(process.identity.pid, os.getpid(), flush=True)
else:
    if sys.argv[2] == "alone":
        print(process.identity.pid, 0, flush=True)
time.sleep(300)
"""

BROKER_OWNER = """
import sys, time
from pathlib import Path
from dateline_broker import BrokerSettings, start_broker
from dateline_broker.ports import free_ports
broker = start_broker(BrokerSettings(data_dir=Path(sys.argv[1]), port=free_ports(1)[0]))
print(broker.pid, flush=True)
time.sleep(300)
"""


def identity(pid: int) -> ProcessIdentity:
    found = ProcessIdentity.of(pid)
    assert found is not None
    return found


def test_broker_does_not_outlive_an_owner_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", BROKER_OWNER, tmp_path], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        java = identity(int(owner.stdout.readline()))
        owner.kill()
        owner.wait()
        assert java.wait(20)


@pytest.mark.parametrize("sibling", ["alone", "fork"])
def test_process_ends_with_its_owner_even_if_a_forked_sibling_holds_the_pipe(tmp_path: Path, sibling: str) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path / "out"), sibling]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid, forked = map(int, owner.stdout.readline().split())
        process = identity(pid)
        owner.kill()
        owner.wait()
        assert process.wait(10)
        if forked:
            os.kill(forked, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of a parent's death on Linux only")
def test_process_ends_with_a_guardian_that_is_killed(tmp_path: Path) -> None:
    process = spawn_guarded(SLEEP, output=tmp_path / "out")
    process.guardian.kill()
    assert process.identity.wait(10)
    process.kill()


def test_interrupt_from_the_terminal_reaches_the_owner_only(tmp_path: Path) -> None:
    process = spawn_guarded(SLEEP, output=tmp_path / "out")
    assert os.getpgid(process.identity.pid) != os.getpgid(0)
    assert process.stop(10)
    assert process.exit_code == 128 + signal.SIGTERM
    assert not process.identity.is_alive


@pytest.mark.usefixtures("stubborn_children")
def test_process_that_does_not_stop_in_time_is_killed(tmp_path: Path) -> None:
    process = spawn_guarded(SLEEP, output=tmp_path / "out")
    assert not process.stop(0.2)
    assert not process.identity.is_alive


def test_process_of_a_suspended_guardian_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline_broker.process.guarded.KILL_TIMEOUT_SECONDS", 0.2)
    process = spawn_guarded(SLEEP, output=tmp_path / "out")
    process.guardian.send_signal(signal.SIGSTOP)
    process.kill()
    assert process.identity.wait(10)


def test_stopping_twice_changes_nothing(tmp_path: Path) -> None:
    process = spawn_guarded(SLEEP, output=tmp_path / "out")
    process.kill()
    assert process.exit_code == 128 + signal.SIGKILL
    assert process.stop(1)
    process.kill()


def test_exit_of_the_process_is_noticed(tmp_path: Path) -> None:
    process = spawn_guarded(("sh", "-c", "echo bye; exit 3"), output=tmp_path / "out")
    assert process.guardian.wait(10) == 3
    assert not process.is_alive
    assert process.stop(1)
    assert (tmp_path / "out").read_text() == "bye\n"


def test_program_that_cannot_be_executed_is_an_unsupported_platform(tmp_path: Path) -> None:
    program = tmp_path / "java"
    program.write_bytes(b"\x7fELF of another machine")
    program.chmod(0o755)
    with pytest.raises(UnsupportedPlatformError, match=r"cannot execute .*java: .*your own Kafka"):
        spawn_guarded((str(program),), output=tmp_path / "out")


def test_detached_process_keeps_running_and_has_no_parent_here(tmp_path: Path) -> None:
    process = spawn_detached(SLEEP, output=tmp_path / "out")
    assert process.is_alive
    process.kill()
    assert process.wait(10)


def test_process_with_a_reused_id_is_not_taken_for_the_old_one() -> None:
    mine = identity(os.getpid())
    assert mine.is_alive
    assert not ProcessIdentity(pid=mine.pid, started=mine.started - 60).is_alive


def test_zombie_counts_as_ended() -> None:
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert ProcessIdentity.of(child.pid) is None
    child.wait()


@pytest.mark.parametrize(("order", "number"), [(b"t", signal.SIGTERM), (b"k", signal.SIGKILL)])
def test_guardian_obeys_orders(order: bytes, number: int) -> None:
    child = subprocess.Popen(SLEEP)
    reading, writing = os.pipe()
    os.write(writing, order)
    os.close(writing)
    guardian.obey(child, reading, os.getppid())
    os.close(reading)
    assert child.wait() == -number


def test_guardian_kills_an_orphan_that_ignores_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardian, "GRACE_SECONDS", 0.1)
    with subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        reading, writing = os.pipe()
        guardian.obey(child, reading, owner=-1)
        os.close(reading)
        os.close(writing)
        assert child.wait() == -signal.SIGKILL


@pytest.mark.usefixtures("kept_signals")
def test_guardian_passes_the_exit_code_on(capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    assert guardian.main(["attached", "sh", "-c", "exit 3"], reading) == 3
    assert guardian.main(["attached", "sh", "-c", "kill -9 $$"], reading) == 128 + signal.SIGKILL
    assert guardian.main(["detached", "true"], reading) == 0
    assert guardian.main(["attached", "/no/such/program"], reading) == 127
    os.close(writing)
    report = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in report] == ["pid", "pid", "pid", "error"]
