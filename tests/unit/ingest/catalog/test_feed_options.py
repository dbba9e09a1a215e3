"""The options of `dateline feeds`."""

import pytest
from click.testing import CliRunner
from dateline_ingest.catalog.commands import feeds


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["https://news.example/rss.xml"], "'https://news.example/rss.xml' is not one of 'never', 'auto', 'always'"),
        (["auto"], "name a feed before never, auto or always"),
        ([], "never|auto|always"),
    ],
)
def test_a_word_that_is_missing_is_named(words: list[str], message: str) -> None:
    result = CliRunner().invoke(feeds, ["full-text", *words])
    assert result.exit_code == 2
    assert message in result.output
