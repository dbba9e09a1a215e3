"""The settings of ingest and their documentation."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from dateline.errors import SettingsError
from dateline.settings import load
from dateline_ingest.settings import IngestSettings

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "ingest.md"


def test_networks_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_INGEST__ALLOW_NETWORKS", "127.0.0.0/8, ::1/128")
    (settings,) = load(IngestSettings)
    assert settings.allow_networks == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def test_a_network_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_INGEST__ALLOW_NETWORKS", "127.0.0.1/8")
    with pytest.raises(SettingsError) as raised:
        load(IngestSettings)
    assert "DATELINE_INGEST__ALLOW_NETWORKS" in raised.value.problems[0]
    assert "127.0.0.0/8" in raised.value.problems[0]


def test_every_setting_is_described_and_documented_with_its_default() -> None:
    text = DOCUMENTATION.read_text("utf-8")
    for name, field in IngestSettings.names().items():
        assert IngestSettings.model_fields[field].description
        assert f"`{name}`" in text, f"docs/ingest.md does not name {name}"


def test_a_proxy_that_is_none_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_INGEST__PROXY", "socks://ann:sesame@proxy.example")
    with pytest.raises(SettingsError) as raised:
        load(IngestSettings)
    assert "http://proxy.example:3128" in raised.value.problems[0]
    assert "sesame" not in str(raised.value.problems)


def test_the_least_pause_may_not_be_above_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_INGEST__POLL_MIN_SECONDS", "86400")
    with pytest.raises(SettingsError) as raised:
        load(IngestSettings)
    assert "poll_max_seconds" in raised.value.problems[0]


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        (None, "Test/1 (feed reader)"),
        ("ann@news.example", "Test/1 (feed reader; +mailto:ann@news.example)"),
        ("https://news.example/bot", "Test/1 (feed reader; +https://news.example/bot)"),
    ],
)
def test_the_user_agent_says_who_asks_and_where_to_complain(contact: str | None, agent: str) -> None:
    assert IngestSettings(user_agent="Test/1", contact=contact).agent == agent
