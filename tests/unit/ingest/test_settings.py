"""The settings of ingest and their documentation."""

import re
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


def test_an_invalid_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_an_invalid_proxy_is_refused_without_showing_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_INGEST__PROXY", "socks://ann:sesame@proxy.example")
    with pytest.raises(SettingsError) as raised:
        load(IngestSettings)
    assert "http://proxy.example:3128" in raised.value.problems[0]
    assert "sesame" not in str(raised.value.problems)


def test_the_shortest_pause_must_not_exceed_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_the_client_gets_its_limits_and_names_the_settings_behind_them() -> None:
    settings = IngestSettings.model_validate(
        {
            "concurrent_polls": 7,
            "polls_per_host": 3,
            "connect_timeout_seconds": 1,
            "silence_timeout_seconds": 2,
            "fetch_timeout_seconds": 4,
            "max_feed_bytes": 5000,
            "max_header_bytes": 6000,
            "max_redirects": 8,
            "allow_networks": "127.0.0.0/8",
            "proxy": "http://ann:sesame@proxy.example:3128",
            "contact": "ann@news.example",
        }
    )
    options = settings.client_options
    assert re.fullmatch(r"Dateline/\S+ \(feed reader; \+mailto:ann@news\.example\)", options.user_agent)
    assert options.accept.startswith("application/atom+xml, application/rss+xml")
    assert (options.connections, options.connections_per_host, options.max_redirects) == (7, 3, 8)
    assert (options.connect_timeout_seconds, options.silence_timeout_seconds) == (1, 2)
    assert (options.request_timeout_seconds, options.max_body_bytes, options.max_header_bytes) == (4, 5000, 6000)
    assert options.allowed_networks == (ip_network("127.0.0.0/8"),)
    assert options.proxy == "http://ann:sesame@proxy.example:3128"
    assert "sesame" not in repr(options)
    assert options.setting_names == {
        "max_body_bytes": "DATELINE_INGEST__MAX_FEED_BYTES",
        "max_header_bytes": "DATELINE_INGEST__MAX_HEADER_BYTES",
        "allowed_networks": "DATELINE_INGEST__ALLOW_NETWORKS",
    }


def test_the_table_of_hosts_gets_the_limits_for_one_host() -> None:
    hosts = IngestSettings(polls_per_host=3, host_pause_seconds=4.0).new_hosts()
    assert (hosts.limit, hosts.pause_seconds) == (3, 4.0)
