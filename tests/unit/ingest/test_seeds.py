"""The seeds are read as `seeds/expected.json` states."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dateline_ingest.files.inputs import Input, inputs
from dateline_ingest.files.reading import articles_of, contents_of
from dateline_ingest.settings import IngestSettings
from dateline_schemas import Article

SEEDS = Path(__file__).parents[3] / "seeds"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((SEEDS / "expected.json").read_text("utf-8"))


def articles(folder: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, Article]]:
    monkeypatch.chdir(SEEDS)
    found = {}
    for document in inputs([folder]):
        assert isinstance(document, Input)
        for content in contents_of(document, IngestSettings()):
            for article in articles_of(content, document.source, document.where, datetime.now(UTC)):
                assert isinstance(article, Article), str(article)
                found[article.id] = (document.path, article)
    return found


@pytest.mark.parametrize("folder", ["articles", "feeds"])
def test_each_seed_is_read_as_expected(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = articles(folder, monkeypatch)
    assert len(found) == len(EXPECTED[folder])
    for wanted in EXPECTED[folder]:
        path, article = found[wanted["id"]]
        published = article.published and article.published.isoformat().replace("+00:00", "Z")
        assert (path, article.title) == (wanted["file"], wanted["title"])
        assert (published, article.published_precision) == (wanted["published"], wanted["precision"])


def test_expected_texts_occur_in_the_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    found = articles("articles", monkeypatch)
    assert sum("dates" in wanted for wanted in EXPECTED["articles"]) >= 8
    for wanted in EXPECTED["articles"]:
        _, article = found[wanted["id"]]
        for mention in wanted.get("dates", ()):
            assert mention["text"] in getattr(article, mention["field"])
        for entity in wanted.get("entities", ()):
            assert entity["name"] in f"{article.title}\n{article.body}"
