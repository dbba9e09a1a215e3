from datetime import timedelta

from dateline_status.feeds.models import PollNote
from dateline_status.feeds.rhythm import rhythm_of
from support.status_fakes import START


def poll(minutes: float, *, new: int = 0, kind: str = "nothing new", reason: str | None = None) -> PollNote:
    at = START + timedelta(minutes=minutes)
    return PollNote(at=at, status=200, outcome="", items=10, new=new, reason=reason, kind=kind)


def test_polls_and_the_next_one_stand_on_a_time_line() -> None:
    polls = [poll(60, kind="failed", reason="timed out"), poll(0, new=4, kind="new"), poll(30, new=2, kind="new")]
    picture = rhythm_of(polls, START + timedelta(minutes=120))
    assert picture is not None
    assert [(each.x, each.y) for each in picture.marks] == [(34.0, 16.0), (207.0, 56.0), (380.0, 96.0)]
    assert picture.next_x == 726.0
    assert (picture.most, picture.marks[2].kind) == (4, "failed")
    assert picture.marks[2].label == "2024-06-12 11:00:00 UTC, failed, status 200: timed out"
    assert [each.label for each in picture.ticks] == ["10:00", "10:30", "11:00", "11:30", "12:00"]
    assert picture.description == ("3 polls within 1 h: 2 found something new, 1 failed; 6 new or changed items.")


def test_a_single_poll_and_one_without_news_have_a_picture() -> None:
    picture = rhythm_of([poll(0)], None)
    assert picture is not None
    assert (picture.marks[0].x, picture.marks[0].y, picture.next_x, picture.most) == (34.0, 96.0, None, 0)


def test_many_years_have_few_ticks() -> None:
    picture = rhythm_of([poll(0), poll(60 * 24 * 365 * 50)], None)
    assert picture is not None
    assert len(picture.ticks) <= 7


def test_without_polls_there_is_no_picture() -> None:
    assert rhythm_of([], START) is None
