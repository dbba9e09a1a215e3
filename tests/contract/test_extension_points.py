"""Every extension point is documented, and the example package uses each of them."""

import asyncio
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from dateline.sink.suite import SinkLab, SinkSuite
from dateline.testkit import ConsumerKit
from dateline_schemas import EnrichedArticle
from support.articles import an_article
from support.installed import declared, installed_example

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
DECLARED = declared("hashtags")
LINE = an_article("Talks resume in #Tbilisi", "They end on June 14. #tbilisi #ge #x").to_bytes() + b"\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the example look installed, here and in processes that are started."""
    installed_example("hashtags", tmp_path, monkeypatch)
    return tmp_path


def run(*arguments: str, given: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
        env=dict(os.environ) | environment,
    )


def test_page_names_each_group_that_an_installed_package_declares() -> None:
    groups = {
        entry.group
        for distribution in distributions()
        if (distribution.metadata["Name"] or "").startswith("dateline")
        for entry in distribution.entry_points
        if entry.group.startswith("dateline.")
    }
    documented = set(re.findall(r"^## `(dateline\.[a-z]+)`", PAGE, re.MULTILINE))
    assert groups == documented == DECLARED.keys()
    for group, entries in DECLARED.items():
        assert all(f'[project.entry-points."{group}"]\n{name} = "{value}"' in PAGE for name, value in entries.items())


def test_verb_of_another_package_is_found(installed: Path) -> None:
    assert run("dateline", "hashtags", "in #Tbilisi and #Tbilisi, #x").stdout == b"#Tbilisi\n"
    assert b"Print the hashtags of TEXT" in run("dateline", "--help").stdout


def test_settings_of_another_package_are_known_and_checked(installed: Path) -> None:
    assert b"DATELINE_HASHTAGS__MIN_LENGTH" in run("dateline", "settings").stdout
    assert run("dateline", "hashtags", "#x", DATELINE_HASHTAGS__MIN_LENGTH="1").stdout == b"#x\n"
    refused = run("dateline", "hashtags", "#x", DATELINE_HASHTAGS__MIN_LENGTH="0")
    assert refused.returncode == 2
    assert b"DATELINE_HASHTAGS__MIN_LENGTH='0' (from the environment)" in refused.stderr


def test_enricher_of_another_package_annotates(installed: Path) -> None:
    done = run("dateline", "annotate", given=LINE, DATELINE_ENRICH__ENRICHERS="dates,hashtags")
    article = json.loads(done.stdout)
    assert [(entity["id"], len(entity["mentions"])) for entity in article["entities"]] == [
        ("hashtag:tbilisi", 2),
        ("hashtag:ge", 1),
    ]
    assert [date["text"] for date in article["dates"]] == ["June 14"]
    assert {"name": "hashtags", "version": "hashtags-1"} in article["enrichers"]


def test_stage_of_another_package_is_found_by_name_and_counts(installed: Path) -> None:
    from dateline.service.plugins import find_consumer
    from dateline_hashtags.enricher import Hashtags

    article = an_article("Talks in #Tbilisi")
    enriched = EnrichedArticle(article=article, revision=1, entities=list(Hashtags().enrich(article).entities))
    kit = ConsumerKit(find_consumer("hashtags"))
    asyncio.run(kit.feed(enriched, enriched))
    assert [json.loads(output.value or b"")["articles"] for output in kit.by_topic()["dateline.hashtags"]] == [1, 2]


def test_service_of_another_package_is_started_by_up_and_checks_its_settings(installed: Path) -> None:
    from dateline.pipeline.processes import service_modules

    assert service_modules()["hashtags"] == "dateline_hashtags"
    refused = run("dateline_hashtags", DATELINE_HASHTAGS__MIN_LENGTH="0")
    assert refused.returncode == 2
    assert b"DATELINE_HASHTAGS__MIN_LENGTH='0'" in refused.stderr


def test_sink_of_another_package_is_found_by_name_and_writes(installed: Path, tmp_path: Path) -> None:
    from dateline.sink.configured import configure
    from dateline.sink.kit import SinkKit
    from dateline_hashtags.enricher import Hashtags

    sink = configure("hashtags", str(tmp_path / "hashtags.sqlite"))
    article = an_article("Talks in #Tbilisi")
    enriched = EnrichedArticle(article=article, revision=1, entities=list(Hashtags().enrich(article).entities))
    kit = SinkKit(sink.make)
    asyncio.run(kit.feed(enriched))
    with contextlib.closing(sqlite3.connect(tmp_path / "hashtags.sqlite")) as database:
        assert database.execute("SELECT title, hashtags FROM articles").fetchall() == [("Talks in #Tbilisi", "tbilisi")]
    assert b"Writes the hashtags" in run("dateline", "sink", "--help").stdout


class TestHashtagSink(SinkSuite):
    """The example keeps the promise of sinks."""

    @pytest.fixture
    def lab(self, installed: Path, tmp_path: Path) -> SinkLab:
        from dateline_hashtags.sink import HashtagSink

        path = tmp_path / "hashtags.sqlite"

        def stored() -> list[tuple[str, str]]:
            with contextlib.closing(sqlite3.connect(path)) as database:
                return database.execute("SELECT id, title FROM articles").fetchall()

        return SinkLab(make=lambda: HashtagSink(path), stored=stored)
