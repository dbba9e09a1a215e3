"""The examples and file names of docs/dates.md are right."""

import contextlib
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import dateline_enrich.dates
import pytest
from dateline_enrich.dates import DateTagger

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "dates.md").read_text(encoding="utf-8")
CLASSES = PAGE.partition("## What it finds")[2].partition("\n\n")[0]
EXAMPLES = [
    re.sub(r" \(.*\)$", "", example.strip())
    for row in CLASSES.splitlines()[3:]
    for example in row.split("|")[2].split("·")
]
TAGGER = DateTagger()


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_of_the_page_is_found(example: str) -> None:
    sentence = f"It happened in {example}."
    found = [timex.text for timex in TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))]
    assert "-".join(found) == example


def test_first_example_prints_the_output_that_the_page_shows() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    expected = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "docs/dates.md", "exec"), {})
    assert output.getvalue().splitlines() == expected


def test_each_module_that_the_page_names_exists() -> None:
    folder = Path(dateline_enrich.dates.__file__).parent
    named = set(re.findall(r"`((?:\w+/)*\w+\.py)`", PAGE))
    assert named
    assert all((folder / name).exists() for name in named)
