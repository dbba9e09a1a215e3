"""Databases, roles and addresses that the sink meets."""

from importlib.metadata import entry_points
from pathlib import Path

import psycopg
import pytest
from dateline.errors import DatelineError, PermanentError, StageError, TransientError
from dateline.sink.kit import a_place
from dateline.sink.sink import SinkKind
from dateline_sinks.postgres.connection import connect
from dateline_sinks.postgres.failures import failure_of
from dateline_sinks.postgres.kind import KIND
from dateline_sinks.postgres.options import PostgresOptions
from dateline_sinks.postgres.positions import take_position
from dateline_sinks.servers.postgres import PostgresServer
from support.postgres_lab import PostgresLab, revision_of

pytestmark = pytest.mark.xdist_group("postgres")

PAGE = Path(__file__).parents[4] / "docs" / "sinks-postgres.md"
"""The page on the sink, which names the rights of a role that writes."""


@pytest.mark.parametrize(
    "target",
    [
        "postgresql://me:secret@db.example:5433/news?sslmode=require&sslpassword=secret",
        "host=db.example port=5433 user=me password=secret dbname=news",
    ],
)
def test_a_target_is_shown_without_its_password(target: str) -> None:
    assert KIND.shown(target) == "postgresql://me@db.example:5433/news"


async def test_a_target_that_is_not_a_url_is_not_shown_at_all() -> None:
    assert KIND.shown("password = 'secret") == "postgresql://..."
    with pytest.raises(StageError, match="not a URL") as caught:
        await PostgresLab("password = 'secret").prepare()
    assert "secret" not in repr(caught.value)


async def test_errors_do_not_show_the_password() -> None:
    with pytest.raises(TransientError) as caught:
        await PostgresLab("postgresql://me:secret@127.0.0.1:1/news").sink().open(a_place())
    assert "postgresql://me@127.0.0.1:1/news" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_database_that_does_not_exist_is_named(postgres_server: PostgresServer) -> None:
    with pytest.raises(StageError, match='"nowhere" does not exist'):
        await PostgresLab(postgres_server.url("nowhere")).prepare()


async def test_a_role_that_only_writes_needs_no_other_rights(postgres_server: PostgresServer, lab: PostgresLab) -> None:
    database = lab.url.rpartition("/")[2]
    role = f"writer_{database}"
    rights = PAGE.read_text("utf-8").split("```sql\nCREATE ROLE")[1].split("```")[0]
    lab.ask(f"CREATE ROLE{rights}".replace("writer", role))
    writer = PostgresLab(postgres_server.url(database, role))
    await writer.prepare()
    await writer.write(revision_of("a", 1))
    await writer.write(revision_of("a", 2))
    assert lab.counts()[:2] == [1, 2]
    lab.ask(f"REVOKE INSERT ON dateline.mentions FROM {role}")
    with pytest.raises(StageError, match="permission denied for table mentions; grant the role the rights"):
        await writer.write(revision_of("b", 1))
    other = PostgresLab(writer.url, PostgresOptions(db_schema="other"))
    with pytest.raises(StageError, match="permission denied for database"):
        await other.prepare()


async def test_another_encoding_is_refused(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.url(), autocommit=True) as session:
        session.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StageError, match="create a database in UTF8"):
        await PostgresLab(postgres_server.url("latin")).prepare()


async def test_a_group_is_forgotten_and_its_articles_stay(lab: PostgresLab) -> None:
    await lab.write(revision_of("a", 1))
    other = await lab.begun(a_place(group="other"))
    await other.close()
    assert KIND.forget is not None
    assert await KIND.forget(lab.url, lab.options, "kit") == f"1 positions of kit in {lab.url}, schema dateline"
    assert lab.ask("SELECT group_name FROM dateline_positions") == [("other",)]
    assert lab.counts()[0] == 1
    elsewhere = PostgresOptions(db_schema="elsewhere")
    assert await KIND.forget(lab.url, elsewhere, "kit") == f"{lab.url}, schema elsewhere has no positions"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("22003", PermanentError),
        ("23502", PermanentError),
        ("54000", PermanentError),
        ("08006", TransientError),
        ("57P01", TransientError),
        ("53100", TransientError),
        ("40001", TransientError),
        ("40P01", TransientError),
        ("55P03", TransientError),
        ("25006", TransientError),
        ("25P03", TransientError),
        ("58030", TransientError),
        ("XX000", TransientError),
        ("42501", StageError),
        ("42P01", StageError),
        ("3D000", StageError),
    ],
)
def test_the_code_of_an_error_decides_whether_it_is_tried_again(code: str, kind: type[DatelineError]) -> None:
    error = psycopg.errors.lookup(code)("refused\nLINE 1")
    assert type(failure_of(error, "db")) is kind
    assert "\n" not in str(failure_of(error, "db"))


def test_an_error_without_a_code_is_that_of_the_connection_or_of_a_value() -> None:
    assert type(failure_of(psycopg.OperationalError("closed"), "db")) is TransientError
    assert type(failure_of(psycopg.InterfaceError("closed"), "db")) is TransientError
    assert type(failure_of(psycopg.DataError("NUL"), "db")) is PermanentError


def test_the_entry_point_names_the_kind() -> None:
    (entry,) = entry_points(group="dateline.sinks", name="postgres")
    kind = entry.load()
    assert isinstance(kind, SinkKind)
    assert kind is KIND
    assert kind.keeps_position


async def test_the_advice_to_forget_a_position_names_the_schema(lab: PostgresLab) -> None:
    async with await connect(lab.url, PostgresOptions(), "test") as connection:
        await take_position(connection, "dateline", a_place(), "here")
        await connection.execute("UPDATE dateline_positions SET next_offset = 1")
        for schema, option in (("dateline", ""), ("news", " --option db_schema=news")):
            with pytest.raises(StageError, match=rf"forget kit --target postgres URL{option}`$"):
                await take_position(connection, schema, a_place(cluster_id="other"), "here")
