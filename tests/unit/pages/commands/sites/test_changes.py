"""Decisions of operators about sites."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from dateline.errors import DatelineError
from dateline_pages.commands.pages import pages
from dateline_pages.commands.sites import changes
from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.settings import PagesSettings
from dateline_schemas import SiteSettings, SiteState, WaitingPage
from support.site_world import a_request

LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)


@dataclass
class FakeRegistry:
    """Sites in memory, and what was written about them."""

    sites: dict[str, KnownSite] = field(default_factory=dict)
    decided: list[tuple[str, SiteSettings | None]] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)

    async def site(self, name: str) -> KnownSite:
        return self.sites.get(name) or KnownSite(name=name, members=1)

    async def names(self) -> set[str]:
        return set(self.sites)

    async def decide(self, name: str, settings: SiteSettings | None) -> None:
        self.decided.append((name, settings))

    async def retry(self, name: str) -> None:
        self.retried.append(name)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> FakeRegistry:
    made = FakeRegistry()

    @asynccontextmanager
    async def opened() -> AsyncIterator[tuple[FakeRegistry, PagesSettings]]:
        yield made, PagesSettings(deny_sites="denied.example")

    monkeypatch.setattr(changes, "open_registry", opened)
    return made


def a_site(registry: FakeRegistry, name: str = "news.example", *, waiting: int = 0, failed: int = 0) -> KnownSite:
    page = WaitingPage(request=a_request(), number=1, received=LONG_AGO)
    site = registry.sites[name] = KnownSite(
        name=name, state=SiteState(site=name, requests=1), waiting=[page] * waiting, failed=[page] * failed, members=1
    )
    return site


def run(*arguments: str) -> str:
    done = CliRunner().invoke(pages, arguments, catch_exceptions=False)
    return done.output.strip()


def test_a_site_is_blocked_with_a_reason_and_its_pause_is_kept(registry: FakeRegistry) -> None:
    a_site(registry, waiting=2).decision = SiteSettings(site="news.example", pause_seconds=30, changed=LONG_AGO)
    assert run("block", "https://www.news.example/1", "--reason", "they  asked\nus to") == (
        "news.example: blocked (they asked us to); the 2 articles that wait are published with the feed's text"
    )
    ((name, decision),) = registry.decided
    assert decision is not None
    assert (name, decision.blocked, decision.reason) == ("news.example", True, "they asked us to")
    assert decision.pause_seconds == 30
    assert decision.changed > LONG_AGO


def test_a_site_can_be_blocked_before_its_first_visit(registry: FakeRegistry) -> None:
    assert run("block", "other.example") == "other.example: blocked; nothing else is known of this site yet"
    assert registry.decided[0][0] == "other.example"


def test_a_decision_that_changes_nothing_is_not_written(registry: FakeRegistry) -> None:
    site = a_site(registry)
    assert run("unblock", "news.example") == "news.example: was not blocked"
    assert run("pause", "news.example") == "news.example: had the pause of the settings already"
    site.decision = SiteSettings(site="news.example", blocked=True, pause_seconds=30, changed=LONG_AGO)
    assert run("block", "news.example") == "news.example: was blocked already"
    assert run("pause", "news.example", "30") == "news.example: had this pause already"
    assert registry.decided == []


def test_the_last_decision_that_ends_is_removed(registry: FakeRegistry) -> None:
    site = a_site(registry)
    site.decision = SiteSettings(site="news.example", blocked=True, changed=LONG_AGO)
    assert run("unblock", "news.example") == "news.example: its pages are requested again"
    site.decision = SiteSettings(site="news.example", pause_seconds=30, changed=LONG_AGO)
    assert run("pause", "news.example") == (
        "news.example: the pause between two requests is 5 s (DATELINE_PAGES__PAUSE_SECONDS)"
    )
    assert registry.decided == [("news.example", None)] * 2


def test_a_pause_says_if_the_site_asks_for_a_longer_one(registry: FakeRegistry) -> None:
    site = a_site(registry)
    assert run("pause", "news.example", "30") == (
        "news.example: the pause between two requests is 30 s (set by an operator)"
    )
    site.state = SiteState(site="news.example", delays={"https://news.example": 60.0})
    assert run("pause", "news.example", "30") == (
        "news.example: the pause between two requests is 1 min (Crawl-delay in the robots.txt of https://news.example)"
    )
    assert [decision and decision.pause_seconds for _, decision in registry.decided] == [30, 30]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_pause_is_a_number_of_seconds(registry: FakeRegistry, seconds: str) -> None:
    done = CliRunner().invoke(pages, ["pause", "news.example", "--", seconds])
    assert done.exit_code == 2
    assert registry.decided == []


def test_what_was_given_up_is_asked_for_again_and_the_hold_ends(registry: FakeRegistry) -> None:
    site = a_site(registry, failed=3)
    assert run("retry", "news.example") == (
        "news.example: 3 articles that were given up will be requested again; "
        "`dateline pages show news.example` tells what comes of it"
    )
    until = datetime.now(UTC) + timedelta(days=2, minutes=1)
    site.state = SiteState(site="news.example", held_until=until)
    site.failed, site.members = [], 0
    assert run("retry", "news") == (
        "news.example: nothing was given up; its hold of another 2 d ends; "
        "`dateline pages show news.example` tells what comes of it; "
        "no process reads pages now: `dateline up` starts the service"
    )
    assert registry.retried == ["news.example"] * 2


def test_a_site_that_is_excluded_is_not_asked_again(registry: FakeRegistry) -> None:
    a_site(registry, "denied.example")
    a_site(registry).decision = SiteSettings(site="news.example", blocked=True, changed=LONG_AGO)
    assert "on the list of denied sites" in run("retry", "denied.example")
    assert "it is blocked: `dateline pages unblock news.example`" in run("retry", "news.example")
    assert registry.retried == []


def test_what_is_unknown_cannot_be_asked_again(registry: FakeRegistry) -> None:
    with pytest.raises(DatelineError, match=r"no such site: other\.example"):
        run("retry", "other.example")
