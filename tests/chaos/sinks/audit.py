"""Triggers by which a database itself records who moved a position, and each row that was written, repeated or not.

The tables alone would not show a record that was written twice: the sinks pass over a revision that is there.
"""

import contextlib
import sqlite3
from pathlib import Path

import psycopg

__all__ = ["audit_postgres", "audit_sqlite"]

POSTGRES = """
CREATE SCHEMA chaos;
CREATE TABLE chaos.audit (
    number bigserial PRIMARY KEY, what text, session text, "partition" integer, epoch bigint,
    first_offset bigint, next_offset bigint, article_id text, revised_at timestamptz,
    batch text NOT NULL DEFAULT pg_current_xact_id()::text
);
CREATE FUNCTION chaos.place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos.audit (what, session, "partition", epoch, first_offset, next_offset) VALUES (
        CASE WHEN TG_OP = 'INSERT' OR NEW.epoch <> OLD.epoch THEN 'take' ELSE 'move' END, pg_backend_pid()::text,
        NEW."partition", NEW.epoch, CASE WHEN TG_OP = 'UPDATE' THEN OLD.next_offset END, NEW.next_offset
    );
    RETURN NULL;
END $$;
CREATE FUNCTION chaos.row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos.audit (what, session, article_id, revised_at)
    VALUES ('row', pg_backend_pid()::text, NEW.article_id, NEW.revised_at);
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_place AFTER INSERT OR UPDATE ON dateline.dateline_positions
FOR EACH ROW EXECUTE FUNCTION chaos.place();
CREATE TRIGGER chaos_row BEFORE INSERT ON dateline.revisions FOR EACH ROW EXECUTE FUNCTION chaos.row();
"""

SQLITE = """
CREATE TABLE chaos_audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT, session TEXT, "partition" INTEGER, epoch INTEGER,
    first_offset INTEGER, next_offset INTEGER, article_id TEXT, revised_at TEXT, batch TEXT NOT NULL DEFAULT ''
);
CREATE TRIGGER chaos_new_place AFTER INSERT ON dateline_positions BEGIN
    INSERT INTO chaos_audit (what, session, "partition", epoch, next_offset)
    VALUES ('take', chaos_session(), NEW."partition", NEW.epoch, NEW.next_offset);
END;
CREATE TRIGGER chaos_place AFTER UPDATE ON dateline_positions BEGIN
    INSERT INTO chaos_audit (what, session, "partition", epoch, first_offset, next_offset) VALUES (
        CASE WHEN NEW.epoch <> OLD.epoch THEN 'take' ELSE 'move' END, chaos_session(),
        NEW."partition", NEW.epoch, OLD.next_offset, NEW.next_offset
    );
END;
CREATE TRIGGER chaos_row BEFORE INSERT ON revisions BEGIN
    INSERT INTO chaos_audit (what, session, article_id, revised_at)
    VALUES ('row', chaos_session(), NEW.article_id, NEW.revised_at);
END;
"""
"""`chaos_session` is a function of the test build, which names the connection."""


def audit_postgres(url: str) -> None:
    """Add the triggers to a database that has the tables of the sink."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(POSTGRES)


def audit_sqlite(path: Path) -> None:
    """Add the triggers to a file that has the tables of the sink."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(SQLITE)
