"""The settings of pages: readable problems, secrets that are not shown, and what follows from them."""

import pytest
from dateline.errors import SettingsError
from dateline.settings import load
from dateline_pages.settings import PagesSettings


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DATELINE_ENV_FILE", "/nonexistent")
    return monkeypatch


def loaded() -> PagesSettings:
    settings: PagesSettings = load(PagesSettings)[0]
    return settings


def test_ages_networks_and_sites_are_lists(env: pytest.MonkeyPatch) -> None:
    env.setenv("DATELINE_PAGES__RECHECK", "1d, 1h,90m")
    env.setenv("DATELINE_PAGES__ALLOW_NETWORKS", "127.0.0.0/8")
    env.setenv("DATELINE_PAGES__DENY_SITES", "WWW.Example.org, https://a.example.com/x,127.0.0.1:8080")
    settings = loaded()
    assert settings.recheck == (3600.0, 5400.0, 86_400.0)
    assert [str(network) for network in settings.allow_networks] == ["127.0.0.0/8"]
    assert settings.site_limits.denied == {"example.org", "example.com", "127.0.0.1:8080"}


def test_secret_headers_are_read_by_site_and_not_shown(env: pytest.MonkeyPatch) -> None:
    env.setenv("DATELINE_PAGES__SITE_HEADERS", '{"www.example.org": {"Cookie": "session=secret"}}')
    settings = loaded()
    assert settings.secret_headers == {"example.org": {"Cookie": "session=secret"}}
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("RECHECK", "soon", "write ages like 1h,6h,1d"),
        ("ALLOW_NETWORKS", "local", "write networks like"),
        ("SITE_HEADERS", "Cookie: secret", "it is not JSON"),
        ("SITE_HEADERS", '{"example.org": "secret"}', "each site has an object of headers"),
        ("SITE_HEADERS", '{"example.org": {"Cookie": "secret\\n"}}', "a header of example.org is not valid"),
        ("PROXY", "secret", "a proxy is written like"),
        ("PAUSE_SECONDS", "0", "greater than 0"),
    ],
)
def test_what_is_invalid_is_named_and_secrets_are_not(
    env: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    env.setenv(f"DATELINE_PAGES__{name}", value)
    with pytest.raises(SettingsError) as raised:
        loaded()
    (problem,) = raised.value.problems
    assert problem.startswith(f"DATELINE_PAGES__{name}=")
    assert message in problem
    assert "secret" not in problem


def test_servers_are_told_who_asks(env: pytest.MonkeyPatch) -> None:
    assert loaded().agent.endswith(" (news reader)")
    env.setenv("DATELINE_PAGES__CONTACT", "desk@example.org")
    assert loaded().client_options.user_agent.endswith(" (news reader; +mailto:desk@example.org)")
