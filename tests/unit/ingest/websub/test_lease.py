"""The rules of a subscription; the numbers are those of websub.rocks' tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_ingest.websub.capability import Capabilities, hub_id
from dateline_ingest.websub.discovery import Discovery
from dateline_ingest.websub.lease import ACTIVE, DENIED, FAILED, REQUESTED, HubAnswer, LeaseRules
from dateline_ingest.websub.settings import WebSubSettings
from dateline_schemas import FeedPush
from pydantic import SecretStr

HUB, TOPIC = "https://hub.example/", "https://news.example/rss.xml"
NOW = datetime(2024, 6, 27, 12, tzinfo=UTC)
SECRET = SecretStr("a secret of many characters")


def rules(chance: float = 0.0, **settings: Any) -> LeaseRules:
    return LeaseRules(settings=WebSubSettings.model_validate(settings), callback="here", chance=lambda: chance)


FOUND = Discovery((HUB, "https://second.example/"), TOPIC)


def subscribed(lease: int = 1000) -> FeedPush:
    """Return a subscription that was verified now."""
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    after = rules().verified(rules().asked(push, NOW), hub_id(HUB), TOPIC, lease, NOW)
    assert after is not None
    return after


def test_a_hub_that_was_found_is_asked_at_once() -> None:
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    assert (push.hub, push.topic, push.state) == (HUB, TOPIC, REQUESTED)
    assert rules().due(push) == NOW
    assert rules().discovered(push, FOUND, NOW) == push
    assert rules().due(None) is None


def test_a_hub_that_does_not_verify_is_asked_again_after_growing_pauses() -> None:
    push = rules().discovered(None, FOUND, NOW)
    pauses = []
    for _ in range(6):
        assert push is not None
        push = rules(verify_seconds=600, retry_seconds=900, retry_max_seconds=10_000).asked(push, NOW)
        due = rules().due(push)
        assert due is not None
        pauses.append((due - NOW).total_seconds())
    assert pauses == [900, 1800, 3600, 7200, 10_000, 10_000]


def test_a_new_owner_repeats_an_unanswered_request_at_once() -> None:
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    asked = rules().asked(push, NOW)
    again = rules().due_again(asked)
    assert again is not None
    assert again < NOW
    answered = rules().answered(asked, HubAnswer(hub=HUB, topic=TOPIC), NOW)
    assert rules().due_again(answered) == rules().due(answered)
    assert rules().due_again(None) is None


def test_a_verified_lease_is_renewed_after_a_random_share_of_it() -> None:
    for chance, share in ((0.0, 0.75), (1.0, 0.9)):
        push = rules(chance).verified(subscribed(), hub_id(HUB), TOPIC, 1000, NOW)
        assert push is not None
        assert push.state == ACTIVE
        assert push.expires == NOW + timedelta(seconds=1000)
        assert rules().due(push) == NOW + timedelta(seconds=1000 * share)


def test_a_missing_or_absurd_lease_is_replaced_by_a_usable_one() -> None:
    for stated, taken in ((None, 10 * 86_400), (0, 10 * 86_400), (10**11, 10 * 366 * 86_400)):
        push = rules().verified(subscribed(), hub_id(HUB), TOPIC, stated, NOW)
        assert push is not None
        assert push.expires == NOW + timedelta(seconds=taken)


def test_205_a_verification_for_another_hub_or_topic_changes_nothing() -> None:
    push = rules().discovered(None, FOUND, NOW)
    for hub, topic in ((hub_id("https://other.example/"), TOPIC), (hub_id(HUB), "https://other.example/")):
        assert rules().verified(push, hub, topic, 1000, NOW) == push
        assert rules().denied(push, hub, topic, None, NOW) == push
    assert rules().verified(None, hub_id(HUB), TOPIC, 1000, NOW) is None


def test_a_lease_holds_while_its_renewal_is_pending_or_has_failed() -> None:
    push = rules().asked(subscribed(), NOW)
    assert rules().is_live(push, NOW)
    push = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC, error="the hub answered 500"), NOW)
    assert rules().is_live(push, NOW)
    assert push.reason == "the hub answered 500"
    assert not rules().is_live(push, NOW + timedelta(seconds=1000))
    assert rules().live_until(push, NOW) == NOW + timedelta(seconds=1000)


def test_a_failing_hub_is_asked_again_after_its_retry_after_up_to_the_maximum_pause() -> None:
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    push = rules().asked(push, NOW)
    failed = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC, error="no", retry_after_seconds=5000), NOW)
    assert (failed.state, rules().due(failed)) == (FAILED, NOW + timedelta(seconds=5000))
    failed = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC, error="no", retry_after_seconds=1e12), NOW)
    assert rules().due(failed) == NOW + timedelta(days=7)
    taken = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC), NOW)
    assert taken.next_request == push.next_request
    assert rules().answered(push, HubAnswer(hub="https://former.example/", topic=TOPIC, error="no"), NOW) == push


def test_a_hub_that_was_not_asked_because_this_machine_was_cut_off_has_not_failed() -> None:
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    for _ in range(10):
        asked = rules().asked(push, NOW)
        push = rules().answered(asked, HubAnswer(hub=HUB, topic=TOPIC, error="no way", cut_off=True), NOW)
    assert (push.state, push.failures, rules().due(push)) == (REQUESTED, 0, NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    "answer",
    [
        HubAnswer(hub=HUB, topic=TOPIC),
        HubAnswer(hub=HUB, topic=TOPIC, error="the hub answered 500"),
        HubAnswer(hub=HUB, topic=TOPIC, error="no way", cut_off=True),
    ],
)
def test_the_answer_of_a_hub_that_has_verified_or_refused_already_changes_nothing(answer: HubAnswer) -> None:
    verified = subscribed()
    assert rules().answered(verified, answer, NOW) == verified
    assert verified.reason == "the hub verified the subscription for 1000 s"
    asked = rules().asked(verified, NOW)
    denied = rules().denied(asked, hub_id(HUB), TOPIC, "too many", NOW)
    assert denied is not None
    assert rules().answered(denied, answer, NOW) == denied
    paused = rules().paused(asked)
    assert rules().answered(paused, answer, NOW) == paused


def test_a_hub_that_refuses_is_asked_again_after_the_maximum_pause() -> None:
    push = rules().denied(subscribed(), hub_id(HUB), TOPIC, "too many", NOW)
    assert push is not None
    assert (push.state, push.reason) == (DENIED, "the hub refuses: too many")
    assert not rules().is_live(push, NOW)
    assert rules().due(push) == NOW + timedelta(days=7)


def test_a_new_hub_or_topic_is_followed_and_a_missing_one_ends_the_subscription() -> None:
    for found in (Discovery(("https://new.example/",), TOPIC), Discovery((HUB,), "https://news.example/new")):
        push = rules().discovered(subscribed(), found, NOW)
        assert push is not None
        assert (push.hub, push.topic, push.expires, rules().due(push)) == (found.hubs[0], found.topic, None, NOW)
    assert rules().discovered(subscribed(), None, NOW) is None


def test_a_hub_that_keeps_failing_gives_way_to_the_next() -> None:
    push = rules().discovered(None, FOUND, NOW)
    hubs = []
    for _ in range(7):
        assert push is not None
        push = rules().discovered(rules().asked(push, NOW), FOUND, NOW)
        assert push is not None
        hubs.append(push.hub)
    assert hubs == [HUB, HUB, *[FOUND.hubs[1]] * 3, *[HUB] * 2]


def test_a_hub_that_misses_articles_is_not_relied_on_until_it_pushes_again() -> None:
    push = subscribed(86_400)
    earlier, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    push = rules().polled(push, 0, earlier, later)
    assert push.missed == 0
    for _ in range(2):
        assert rules().is_live(push, later)
        push = rules().polled(push, 3, earlier, later)
    assert not rules().is_live(push, later)
    assert rules().live_until(push, later) is None
    assert rules().is_live(rules().arrived(push, later), later)


def test_articles_from_before_the_subscription_do_not_count_as_missed() -> None:
    push = subscribed(86_400)
    before = NOW - timedelta(hours=1)
    assert rules().polled(push, 3, before, NOW + timedelta(hours=1)).missed == 0
    assert rules().polled(push, 3, None, NOW + timedelta(hours=1)).missed == 0


def test_another_callback_address_or_secret_makes_all_subscriptions_due() -> None:
    elsewhere = LeaseRules(settings=WebSubSettings(), callback="elsewhere")
    push = subscribed()
    assert not elsewhere.is_live(push, NOW)
    due = elsewhere.due(push)
    assert due is not None
    assert due < NOW
    asked = elsewhere.asked(push, NOW)
    assert (asked.state, asked.expires) == (REQUESTED, None)
    first, second = (Capabilities(base, SECRET).fingerprint for base in ("https://a.example", "https://b.example"))
    assert first != second
    assert first == Capabilities("https://a.example", SECRET).fingerprint


def test_pausing_ends_the_subscription_and_resuming_asks_for_it_again() -> None:
    push = rules().paused(subscribed())
    assert not rules().is_live(push, NOW)
    assert rules().due(push) is None
    assert rules().due(rules().resumed(push, NOW)) == NOW
    assert rules().resumed(subscribed(), NOW) == subscribed()
