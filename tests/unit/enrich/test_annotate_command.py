"""`dateline annotate`: JSON Lines in, enriched articles out, without Kafka."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dateline.cli.main import main


def annotate(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(main, ["annotate", *arguments], input=given)


LINE = json.dumps(
    {
        "id": "a1",
        "title": "Talks resume in Tbilisi",
        "body": "President Nino Abashidze met envoys on June 11. Talks go on in Paris.",
        "published": "2024-06-27",
    }
)


def test_each_line_leads_to_one_enriched_article_in_order() -> None:
    done = annotate(given=f"{LINE}\n\n{json.dumps({'title': 'b', 'body': ''})}\n")
    assert done.exit_code == 0
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["article"]["id"], second["article"]["title"]) == ("a1", "b")
    assert ("June 11", "2024-06-11") in [(each["text"], each["value"]) for each in first["dates"]]
    assert "Nino Abashidze" in [each["name"] for each in first["entities"]]


@pytest.mark.parametrize(("only", "empty"), [("dates", "entities"), ("entities", "dates")])
def test_one_enricher_can_be_run_alone(only: str, empty: str) -> None:
    article = json.loads(annotate("--only", only, given=LINE).stdout)
    assert article[only]
    assert not article[empty]
    assert [each["name"] for each in article["enrichers"]] == [only]


def test_a_bad_line_is_reported_with_its_number_and_the_rest_is_done(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(b"\n".join([LINE.encode(), LINE.encode(), b'{"title": ', LINE.encode(), b"\xff\xfe"]))
    done = annotate(str(file))
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 3
    assert "line 3: invalid JSON" in done.stderr
    assert "line 5: not UTF-8" in done.stderr
    assert "2 lines could not be enriched" in done.stderr


def test_an_unknown_enricher_is_refused_with_a_list_of_known_ones() -> None:
    done = annotate("--only", "magic", given=LINE)
    assert done.exit_code == 2
    assert "no enricher magic; installed: dates, entities" in done.stderr


def test_an_unknown_enricher_in_the_settings_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ENRICH__ENRICHERS", "dates,magic")
    done = annotate(given=LINE)
    assert done.exit_code == 2
    assert "DATELINE_ENRICH__ENRICHERS='dates,magic' (from the environment): 'magic' is not installed" in done.stderr
    assert "available: dates, entities" in done.stderr


def test_an_unknown_verb_is_refused() -> None:
    done = CliRunner().invoke(main, ["anotate"])
    assert done.exit_code == 2
    assert "No such command 'anotate'" in done.stderr


def test_a_flag_without_a_value_is_refused() -> None:
    done = CliRunner().invoke(main, ["--set", "kafka.topic_prefix", "topics"])
    assert done.exit_code == 2
    assert "write it as NAME=VALUE" in done.stderr


def test_settings_show_the_source_of_each_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("DATELINE_KAFKA__TOPIC_PREFIX=x.\nDATELINE_KAFKA__SASL_PASSWORD=secret\n")
    monkeypatch.setenv("DATELINE_RUNTIME__BATCH_RECORDS", "50")
    monkeypatch.setenv("DATELINE_ENV_FILE", "unused")
    done = CliRunner().invoke(main, ["--env-file", str(file), "settings", "--json"])
    found = json.loads(done.stdout)
    assert found["DATELINE_KAFKA__TOPIC_PREFIX"] == {"value": "x.", "from": str(file)}
    assert found["DATELINE_RUNTIME__BATCH_RECORDS"] == {"value": "50", "from": "the environment"}
    assert found["DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS"]["from"] == "default"
    assert "secret" not in done.stdout


def test_a_document_that_is_not_json_lines_gets_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "talks.txt"
    file.write_text(" date 2024-06-27 Talks resume\nThey met on June 11.\n", "utf-8")
    done = annotate(str(file))
    assert done.exit_code == 1
    assert "dateline ingest --dry-run FILE | dateline annotate" in done.stderr.splitlines()[-1]
    lines = CliRunner().invoke(main, ["ingest", "--dry-run", str(file)]).stdout
    (article,) = [json.loads(line) for line in annotate("--only", "dates", given=lines).stdout.splitlines()]
    assert article["article"]["title"] == "Talks resume"
    assert [date["value"] for date in article["dates"]] == ["2024-06-11"]


def test_one_invalid_line_among_others_gets_no_hint() -> None:
    done = annotate("--only", "dates", given=f"{LINE}\nno JSON\n")
    assert "--dry-run" not in done.stderr
