"""What an import does to the feeds of the registry."""

from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_ingest.catalog import import_ledger
from dateline_ingest.catalog.import_ledger import ImportLedger
from dateline_schemas import Feed

URL = "https://a.example/f"
KEY = b"k"


def feed(*folders: str, **changes: Any) -> Feed:
    known = {"url": URL, "added": datetime(2026, 1, 1, tzinfo=UTC), "folders": [each.split("/") for each in folders]}
    return Feed(**{**known, **changes})


def after(stored: Feed | None, *listed: Feed) -> tuple[list[str], Feed | None]:
    """Return the words for each entry, and the record that is written in the end."""
    ledger = ImportLedger()
    if stored is not None:
        ledger.know(KEY, stored)
    words: list[str] = [ledger.enter(KEY, each) for each in listed]
    record = stored or listed[0]
    if not ledger.needs_update:
        return words, None
    changed = ledger.updated(KEY, record, folders=True)
    assert ledger.changed == int(stored is not None and changed is not None)
    return words, changed


def test_a_new_feed_is_in_all_folders_that_list_it() -> None:
    assert after(None, feed("A")) == (["added"], None)
    assert after(None, feed("A"), feed("A")) == (["added", "repeated"], None)
    assert after(None, feed("A", name="x"), feed("B/C", name="y")) == (
        ["added", "repeated"],
        feed("A", "B/C", name="x"),
    )


def test_a_list_that_is_imported_again_changes_nothing() -> None:
    stored = feed("A", "B", name="Mine", home_page="https://a.example/")
    again = feed("B", name="Other", home_page="https://b.example/"), feed("A")
    assert after(stored, *again) == (["there", "repeated"], None)


def test_an_existing_feed_goes_to_the_folders_of_the_list_and_stays_where_it_is_without_any() -> None:
    stored = feed("A", "B", name="Mine", paused=True, interval_seconds=90)
    assert after(stored, feed("C")) == (["there"], stored.model_copy(update={"folders": [["C"]]}))
    assert after(stored, feed("A")) == (["there"], stored.model_copy(update={"folders": [["A"]]}))
    assert after(stored, feed()) == (["there"], None)


def test_an_existing_feed_gets_a_title_and_a_home_page_only_if_it_has_none() -> None:
    listed = feed(name="Listed", home_page="https://a.example/", paused=True)
    assert after(feed("A"), listed) == (["there"], feed("A", name="Listed", home_page="https://a.example/"))
    assert after(feed(name="Mine"), listed)[1] == feed(name="Mine", home_page="https://a.example/")
    assert after(feed(), feed(name="First"), feed(name="Second"))[1] == feed(name="First")


def test_a_feed_that_was_removed_is_new() -> None:
    ledger = ImportLedger()
    ledger.know(KEY, feed())
    ledger.know(KEY, None)
    assert ledger.enter(KEY, feed()) == "added"


def test_additions_are_written_before_they_are_too_many_and_folders_only_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_ledger, "MAX_ADDITIONS", 1)
    ledger = ImportLedger()
    ledger.know(KEY, feed())
    full = [ledger.is_full]
    ledger.enter(KEY, feed("A", name="Listed"))
    full.append(ledger.is_full)
    assert ledger.updated(KEY, feed(), folders=False) == feed(name="Listed")
    ledger.settle()
    assert [*full, ledger.is_full] == [False, True, False]
    assert ledger.enter(KEY, feed("B", name="Listed")) == "repeated"
    assert ledger.updated(KEY, feed(name="Listed"), folders=True) == feed("A", "B", name="Listed")
