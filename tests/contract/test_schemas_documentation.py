"""`docs/schemas.md` describes every topic and header correctly."""

import re
from datetime import timedelta

import pytest
from dateline_schemas import TOPICS, DeadLetter, Topic, headers
from dateline_schemas.topic import MIB

from schemas.generation.__main__ import CHECKOUT

PAGE = (CHECKOUT.parent / "docs" / "schemas.md").read_text("utf-8")


def days(retention: timedelta | None) -> str:
    if retention is None:
        return "no limit"
    return "1 day" if retention.days == 1 else f"{retention.days} days"


def row(topic: Topic) -> str:
    value = "the original bytes; `DeadLetter` is in headers" if topic.model is None else f"`{topic.model.__name__}`"
    cells = (
        f"`{topic.name}`",
        str(topic.partitions),
        topic.cleanup,
        days(topic.retention),
        f"{topic.max_message_bytes // MIB} MiB",
        topic.key.replace("|", "\\|"),
        value,
    )
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS.keys())
def test_table_has_the_row_of_every_topic(topic: Topic) -> None:
    assert row(topic) in PAGE.splitlines()


def test_every_header_is_named() -> None:
    names = [headers.CE_ID, headers.CE_TYPE, headers.CE_SOURCE, headers.CE_TIME, headers.CE_SPECVERSION]
    names += [headers.CONTENT_TYPE, headers.TRACEPARENT, headers.TRACESTATE, headers.REPLAY_GROUP, headers.DL_RESOLVES]
    names += [headers.DL_PREFIX + field for field in DeadLetter.model_fields]

    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_example_runs_and_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    names: dict[str, object] = {}
    exec(found[1], names)
    show = names["show"]
    assert callable(show)

    show(
        b'{"article": {"source": {"kind": "stdin", "uri": "-"}, "id": "a", "body": "", "fetched": '
        b'"2024-06-27T00:00:00Z", "content_hash": "abababab"}, "revision": 1}'
    )
    show((CHECKOUT / "examples" / "articles.enriched" / "entities-and-dates.json").read_bytes())

    assert capsys.readouterr().out.splitlines() == [
        "EnrichedArticle.article.title: Field required",
        "Harbour bridge reopens in Port Elin after four years ['Ana Quist', 'Port Elin', 'Elin Port Authority']",
    ]
