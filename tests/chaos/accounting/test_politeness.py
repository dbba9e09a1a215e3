"""The judge of politeness finds what came too early, and excuses only what a frozen replica sends after it wakes."""

from typing import Any

from chaos.accounting.politeness import Politeness, politeness
from chaos.journal import Event
from chaos.traffic.page_sites import SiteRequest

SITE = "127.0.0.1:80"
PAUSE, SESSION = 1.0, 3.0


def request(at: float, agent: str = "pages-0-0001", seconds: float = 0.0, **changes: Any) -> SiteRequest:
    ended = at + seconds
    usual: dict[str, Any] = {"site": SITE, "path": f"/{at}", "answered": True, "earliest": at, "ended_earliest": ended}
    return SiteRequest(at=at, agent=agent, ended=ended, **usual | changes)


def judged(*requests: SiteRequest, frozen: dict[str, float] | None = None) -> Politeness:
    events = []
    for agent, woken in (frozen or {}).items():
        events.append(Event(0.0, "replica", "nemesis", {"name": f"{agent}/1", "agent": agent}))
        events.append(Event(woken, "healed", "nemesis", {"fault": "freeze", "victim": f"{agent}/1"}))
    return politeness(requests, events, pause_seconds=PAUSE, session_seconds=SESSION)


def test_requests_with_a_pause_between_them_are_polite() -> None:
    found = judged(request(1.0), request(2.5), request(3.6, "pages-1-0002"))
    assert found.offences == []
    assert (found.requests, found.strays) == (3, 0)
    assert round(found.closest_seconds, 3) == 1.1


def test_the_pause_of_one_replica_begins_with_the_answer() -> None:
    assert judged(request(1.0, seconds=0.5), request(2.6)).offences == []
    assert judged(request(1.0, seconds=0.5), request(2.4)).offences != []


def test_a_new_owner_that_does_not_wait_is_found() -> None:
    ((at, what),) = judged(request(1.0), request(1.4, "pages-1-0002")).offences
    assert at == 1.4
    assert "0.400 s instead of 1 s" in what


def test_two_requests_at_a_time_are_found_even_when_the_pause_was_kept() -> None:
    (found,) = judged(request(1.0, seconds=5.0), request(3.0, "pages-1-0002")).offences
    assert "two at a time" in found[1]
    assert judged(request(1.0, seconds=5.0), request(3.0), request(4.5)).offences != []


def test_a_request_that_was_cut_off_counts_from_its_beginning() -> None:
    cut = request(1.0, seconds=0.5, answered=False, ended_earliest=1.4)
    assert judged(cut, request(2.1)).offences == []
    assert judged(cut, request(1.3)).offences != []


def test_a_site_that_noticed_the_first_request_late_accuses_nobody() -> None:
    assert judged(request(1.0, earliest=0.7), request(1.8, "pages-1-0002")).offences == []
    assert judged(request(1.0), request(1.8, "pages-1-0002")).offences != []


def test_sites_have_pauses_of_their_own() -> None:
    assert judged(request(1.0), request(1.1, site="127.0.0.1:81")).offences == []


def test_one_stray_request_is_excused_for_each_freeze() -> None:
    stray = request(2.3, "pages-1-0002")
    found = judged(request(2.0), stray, request(3.1), frozen={"pages-1-0002": 2.2})
    assert (found.offences, found.strays, found.freezes) == ([], 1, 1)
    assert judged(request(2.0), stray, request(3.1)).offences != []
    twice = judged(request(2.0), stray, request(2.6, "pages-1-0002"), frozen={"pages-1-0002": 2.2})
    assert (len(twice.offences), twice.strays) == (1, 1)


def test_a_request_long_after_a_freeze_is_no_stray() -> None:
    assert judged(request(9.0), request(9.5, "pages-1-0002"), frozen={"pages-1-0002": 2.2}).offences != []
