"""The settings of WebSub and their documentation."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from dateline.errors import SettingsError
from dateline.settings import load
from dateline_ingest.websub.settings import WebSubSettings


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"CALLBACK_URL": "https://we.example"}, "need each other"),
        ({"SECRET": "0123456789abcdef"}, "need each other"),
        ({"CALLBACK_URL": "ftp://we.example", "SECRET": "0123456789abcdef"}, "http or https"),
        ({"CALLBACK_URL": "https://we.example/?a=b", "SECRET": "0123456789abcdef"}, "without query"),
        ({"CALLBACK_URL": "https://we.example", "SECRET": "short"}, "fewer than 16"),
    ],
)
def test_inconsistent_settings_are_refused_by_name(
    settings: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"DATELINE_WEBSUB__{name}", value)
    with pytest.raises(SettingsError) as caught:
        load(WebSubSettings)
    assert problem in caught.value.problems[0]
    assert not any(value in caught.value.problems[0] for value in ["0123456789abcdef"])


def test_websub_is_off_by_default() -> None:
    assert WebSubSettings().capabilities is None


def undocumented(names: Sequence[str]) -> list[str]:
    text = (Path(__file__).parents[4] / "docs" / "feeds.md").read_text("utf-8")
    return [name for name in names if f"| `{name}` |" not in text]


def test_every_setting_is_described_and_documented() -> None:
    assert all(WebSubSettings.model_fields[field].description for field in WebSubSettings.names().values())
    assert undocumented([*WebSubSettings.names()]) == []
