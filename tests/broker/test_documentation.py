from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import dateline_broker
import pytest
from dateline_broker import BrokerError, BrokerSettings
from dateline_broker.commands import broker
from dateline_broker.installation.installation import CACHE_VARIABLE
from dateline_broker.lock.lockfile import LOCK_VARIABLE
from dateline_broker.lock.resolution import KAFKA_LINE

DOCUMENT = (Path(__file__).parents[2] / "docs" / "broker.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", dataclasses.fields(BrokerSettings), ids=lambda field: field.name)
def test_each_setting_is_documented_with_its_default(field: dataclasses.Field[object]) -> None:
    row = re.search(rf"^\| `{field.name}` \| (.+?) \|", DOCUMENT, re.MULTILINE)
    assert row is not None
    if isinstance(field.default, bool):
        assert row[1] == str(field.default).lower()
    elif isinstance(field.default, (int, float)):
        assert row[1] == f"{field.default:g}"
    elif isinstance(field.default, Path):
        assert row[1] == f"`{field.default}`"


def test_each_error_verb_and_variable_is_documented() -> None:
    errors = [
        name
        for name in dateline_broker.__all__
        if isinstance(getattr(dateline_broker, name), type) and issubclass(getattr(dateline_broker, name), BrokerError)
    ]
    names = [*errors, *broker.commands, CACHE_VARIABLE, LOCK_VARIABLE, KAFKA_LINE]
    assert [name for name in names if name not in DOCUMENT] == []
    assert dateline_broker.__doc__ is not None
    assert [
        field.name for field in dataclasses.fields(BrokerSettings) if field.name not in dateline_broker.__doc__
    ] == []
