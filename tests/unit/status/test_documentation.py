from pathlib import Path

import pytest
from dateline_status.http.app import create_app
from dateline_status.settings import StatusSettings
from support.status_fakes import Clock, FakeKafka, observer_of

TEXT = (Path(__file__).parents[3] / "docs" / "status.md").read_text("utf-8")


@pytest.mark.parametrize("name", StatusSettings.names())
def test_every_setting_is_documented_with_its_default_and_meaning(name: str) -> None:
    field = StatusSettings.model_fields[StatusSettings.names()[name]]
    assert f"| `{name}` | {shown(field.default)} | {field.description} |" in TEXT


def shown(default: str | float | None) -> str:
    if default is None:
        return "unset"
    if isinstance(default, bool):
        return f"`{default}`".lower()
    return f"`{default}`" if isinstance(default, str) else f"`{default:g}`"


def test_every_address_is_documented() -> None:
    schema = create_app(observer_of(FakeKafka(), Clock()), release="0").openapi()
    for path in [*schema["paths"], "/", "/docs", "/openapi.json"]:
        assert f"`{path}`" in TEXT
