"""Generated files are written only if they differ."""

import shutil
from pathlib import Path

import pytest
from dateline_schemas import TOPICS
from dateline_schemas.topics import DEAD_LETTERS

from schemas.generation.__main__ import CHECKOUT, CONTRACT_VERSION, differences, main, write
from schemas.generation.json_schema import file_name, value_schema


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples")
    write(tmp_path)
    return tmp_path


def run(root: Path, *options: str) -> int:
    return main(["--root", str(root), *options])


def test_every_topic_has_a_schema_with_its_major_version(root: Path) -> None:
    names = {file.name for file in (root / "json").iterdir()}
    parts = {file_name(topic, part) for topic in TOPICS.values() for part, _ in topic.parts}

    assert names == parts | {file_name(topic, "" if topic.model else "headers") for topic in TOPICS.values()}
    assert "articles.parsed.v1.schema.json" in names


def test_generated_files_do_not_differ_right_after_writing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "--check") == 0
    assert run(root) == 0
    assert capsys.readouterr().out == ""


def test_check_prints_what_differs_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "asyncapi.yaml").write_text("asyncapi: 2.0.0\n")
    (root / "json" / "seen.v1.schema.json").unlink()
    (root / "json" / "gone.v1.schema.json").write_text("{}")

    assert run(root, "--check") == 1

    assert capsys.readouterr().out.splitlines() == [
        "json/gone.v1.schema.json: no model has this schema any more",
        "json/seen.v1.schema.json: missing",
        "asyncapi.yaml: differs from the models",
    ]
    assert (root / "asyncapi.yaml").read_text() == "asyncapi: 2.0.0\n"


def test_writing_repairs_files_that_differ(root: Path) -> None:
    (root / "asyncapi.yaml").write_text("asyncapi: 2.0.0\n")
    (root / "json" / "gone.v1.schema.json").write_text("{}")

    assert run(root) == 0

    assert differences(root) == []


def test_changed_example_changes_the_schema(root: Path) -> None:
    (root / "examples" / "seen" / "first-revision.json").write_text("{}")

    assert differences(root) == [
        "json/seen.v1.schema.json: differs from the models",
        "asyncapi.yaml: differs from the models",
        "asyncapi.bundled.yaml: differs from the models",
    ]


def test_release_can_be_made_only_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "--release") == 0
    assert run(root, "--release") == 1

    kept = root / "released" / CONTRACT_VERSION.rpartition(".")[0]
    assert {file.name for file in kept.iterdir()} == {file.name for file in (root / "json").iterdir()}
    assert "a release never changes" in capsys.readouterr().err


def test_folder_outside_a_checkout_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 2
    assert "--root" in capsys.readouterr().err


def test_topic_of_arbitrary_bytes_has_no_value_schema() -> None:
    with pytest.raises(ValueError, match="dead-letters: its values have no schema"):
        value_schema(DEAD_LETTERS, CHECKOUT / "examples")
