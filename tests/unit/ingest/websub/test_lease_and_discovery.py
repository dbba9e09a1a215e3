"""WebSub without a network: discovery, callbacks, signatures, leases; numbers are those of websub.rocks' tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dateline.errors import SettingsError
from dateline.settings import load
from dateline_ingest.feeds import parse_feed
from dateline_ingest.websub.capability import Callback, Capabilities, hub_id
from dateline_ingest.websub.discovery import Discovery, discover
from dateline_ingest.websub.lease import ACTIVE, DENIED, FAILED, REQUESTED, HubAnswer, LeaseRules
from dateline_ingest.websub.settings import WebSubSettings
from dateline_ingest.websub.signature import METHODS, is_signed, signature
from dateline_schemas import FeedPush
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

HUB, TOPIC = "https://hub.example/", "https://news.example/rss.xml"
ADDRESS = "http://news.example/feed"
NOW = datetime(2024, 6, 27, 12, tzinfo=UTC)
SECRET = SecretStr("a secret of many characters")


def found_in(document: str, *links: str, address: str = ADDRESS) -> Discovery | None:
    feed = parse_feed(document.encode(), url=address)
    return discover(links, hubs=feed.hubs, self_link=feed.self_link, address=address)


RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>{}'
    "<item><title>y</title></item></channel></rss>"
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{}</feed>'
LINKS = f'<link rel="hub" href="{HUB}"/><link rel="self" href="{TOPIC}"/>'


def test_100_the_header_names_hub_and_topic() -> None:
    links = [f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"']
    assert found_in(RSS.format(""), *links) == Discovery((HUB,), TOPIC)


def test_100_headers_may_be_several_and_a_link_may_have_several_relations() -> None:
    assert found_in(
        RSS.format(""), f"<{HUB}>;rel=hub", f'<{TOPIC}>; title="a, <b>"; rel="canonical SELF"'
    ) == Discovery((HUB,), TOPIC)


def test_102_an_atom_feed_names_hub_and_topic() -> None:
    assert found_in(ATOM.format(LINKS)) == Discovery((HUB,), TOPIC)


def test_103_an_rss_feed_names_hub_and_topic() -> None:
    assert found_in(RSS.format(LINKS.replace("<link", "<atom:link"))) == Discovery((HUB,), TOPIC)


def test_103_a_json_feed_names_its_hub() -> None:
    document = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [], "feed_url": "{TOPIC}",'
    document += f'"hubs": [{{"type": "WebSub", "url": "{HUB}"}}]}}'
    assert found_in(document) == Discovery((HUB,), TOPIC)


def test_104_the_header_goes_before_the_document() -> None:
    links = ['<https://other.example/hub>; rel="hub", <https://other.example/topic>; rel="self"']
    assert found_in(ATOM.format(LINKS), *links) == Discovery(
        ("https://other.example/hub",), "https://other.example/topic"
    )


def test_200_the_topic_is_what_the_feed_calls_itself_else_where_it_was_found() -> None:
    assert found_in(ATOM.format(LINKS), address="http://elsewhere.example/") == Discovery((HUB,), TOPIC)
    assert found_in(ATOM.format(f'<link rel="hub" href="{HUB}"/>')) == Discovery((HUB,), ADDRESS)


def test_several_hubs_are_kept_in_their_order_and_relative_ones_resolved() -> None:
    found = discover([], hubs=["/hub", HUB, HUB], self_link="/topic#top", address=ADDRESS)
    assert found == Discovery(("http://news.example/hub", HUB), "http://news.example/topic")


@pytest.mark.parametrize("hub", ["ftp://hub.example/", "javascript:x", "http://[", "http://h/" + "x" * 2000])
def test_what_is_no_address_of_the_web_is_no_hub(hub: str) -> None:
    assert discover([f"<{hub}>; rel=hub"], hubs=[], self_link=None, address=ADDRESS) is None


def test_links_of_other_documents_and_credentials_do_not_count() -> None:
    assert discover([f'<{HUB}>; rel=hub; anchor="/x"'], hubs=[], self_link=None, address=ADDRESS) is None
    found = discover([], hubs=["http://u:p@hub.example/"], self_link=None, address="http://u:p@news.example/")
    assert found == Discovery(("http://hub.example/",), "http://news.example/")


@given(st.text(alphabet='<>;,="\\ relhubsf:/x', max_size=60))
def test_any_header_is_read_without_error(header: str) -> None:
    discover([header], hubs=[header], self_link=header, address=ADDRESS)


CAPABILITIES = Capabilities("https://we.example/in/", SECRET)
CALLBACK = Callback("0123abcd", hub_id(HUB), TOPIC)


def segments(address: str) -> list[str]:
    assert address.startswith("https://we.example/in/websub/")
    return address.removeprefix("https://we.example/in/websub/").split("/")


def test_every_replica_with_the_secret_knows_a_callback_again_and_none_with_another() -> None:
    feed, middle, capability = segments(CAPABILITIES.address(CALLBACK))
    assert Capabilities("http://inside/", SECRET).checked(feed, middle, capability) == CALLBACK
    assert Capabilities("https://we.example/in/", SecretStr("x" * 20)).checked(feed, middle, capability) is None


def test_no_part_of_a_callback_can_be_exchanged() -> None:
    other = Callback("ffff", hub_id("https://evil.example/"), "https://evil.example/rss")
    mine, theirs = segments(CAPABILITIES.address(CALLBACK)), segments(CAPABILITIES.address(other))
    for part in range(3):
        mixed = [*mine]
        mixed[part] = theirs[part]
        assert CAPABILITIES.checked(*mixed) is None
    assert CAPABILITIES.checked(mine[0], mine[1], "") is None
    assert CAPABILITIES.checked(mine[0], "é", mine[2]) is None
    assert CAPABILITIES.checked(mine[0], "_w", mine[2]) is None
    assert CAPABILITIES.checked(mine[0] + "\n", mine[1], mine[2]) is None


def test_each_subscription_has_a_secret_of_its_own_that_the_address_does_not_tell() -> None:
    others = [
        Callback("ffff", CALLBACK.hub, TOPIC),
        Callback(CALLBACK.feed, "x", TOPIC),
        Callback("0123abcd", "x", "y"),
    ]
    secrets = {CAPABILITIES.hub_secret(each) for each in (CALLBACK, *others)}
    assert len(secrets) == 4
    assert all(len(secret) < 200 and secret not in CAPABILITIES.address(CALLBACK) for secret in secrets)


@given(feed=st.from_regex(r"[0-9a-f]{1,64}", fullmatch=True), topic=st.text(st.characters(codec="utf-8"), max_size=50))
def test_any_topic_survives_its_way_through_an_address(feed: str, topic: str) -> None:
    callback = Callback(feed, hub_id(HUB), topic)
    assert CAPABILITIES.checked(*segments(CAPABILITIES.address(callback))) == callback


@pytest.mark.parametrize("method", METHODS)
def test_300_a_push_signed_by_each_method_counts(method: str) -> None:
    assert is_signed(signature(method, "s", b"body"), "s", b"body")
    assert is_signed(signature(method, "s", b"body").upper(), "s", b"body")


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256", "sha256=", "sha256=00", "md5=841a2d689ad86bd1611447453c22c6fc", "=x", "sha256=é"],
    ids=str,
)
def test_301_and_302_a_push_with_a_wrong_or_without_a_signature_does_not_count(header: str | None) -> None:
    assert not is_signed(header, "s", b"body")
    assert not is_signed(signature("sha256", "s", b"other body"), "s", b"body")
    assert not is_signed(signature("sha256", "other", b"body"), "s", b"body")


def test_sha1_may_be_refused() -> None:
    assert not is_signed(signature("sha1", "s", b"body"), "s", b"body", accept_sha1=False)


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


def test_a_hub_that_does_not_verify_is_asked_again_ever_more_rarely() -> None:
    push = rules().discovered(None, FOUND, NOW)
    pauses = []
    for _ in range(6):
        assert push is not None
        push = rules(verify_seconds=600, retry_seconds=900, retry_max_seconds=10_000).asked(push, NOW)
        due = rules().due(push)
        assert due is not None
        pauses.append((due - NOW).total_seconds())
    assert pauses == [900, 1800, 3600, 7200, 10_000, 10_000]


def test_whoever_takes_a_feed_over_asks_at_once_where_no_answer_is_known() -> None:
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    asked = rules().asked(push, NOW)
    again = rules().due_again(asked)
    assert again is not None
    assert again < NOW
    answered = rules().answered(asked, HubAnswer(hub=HUB, topic=TOPIC), NOW)
    assert rules().due_again(answered) == rules().due(answered)
    assert rules().due_again(None) is None


def test_a_verified_lease_is_renewed_before_its_end_at_no_fixed_share() -> None:
    for chance, share in ((0.0, 0.75), (1.0, 0.9)):
        push = rules(chance).verified(subscribed(), hub_id(HUB), TOPIC, 1000, NOW)
        assert push is not None
        assert push.state == ACTIVE
        assert push.expires == NOW + timedelta(seconds=1000)
        assert rules().due(push) == NOW + timedelta(seconds=1000 * share)


def test_a_lease_that_is_not_stated_or_absurd_is_taken_as_something_sane() -> None:
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


def test_while_a_renewal_is_under_way_or_fails_the_lease_still_holds() -> None:
    push = rules().asked(subscribed(), NOW)
    assert rules().is_live(push, NOW)
    push = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC, error="the hub answered 500"), NOW)
    assert rules().is_live(push, NOW)
    assert push.reason == "the hub answered 500"
    assert not rules().is_live(push, NOW + timedelta(seconds=1000))
    assert rules().live_until(push, NOW) == NOW + timedelta(seconds=1000)


def test_a_hub_that_fails_is_asked_again_when_it_wants_and_no_later_than_the_longest_pause() -> None:
    push = rules().discovered(None, FOUND, NOW)
    assert push is not None
    push = rules().asked(push, NOW)
    failed = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC, error="no", retry_after=5000), NOW)
    assert (failed.state, rules().due(failed)) == (FAILED, NOW + timedelta(seconds=5000))
    failed = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC, error="no", retry_after=1e12), NOW)
    assert rules().due(failed) == NOW + timedelta(days=7)
    taken = rules().answered(push, HubAnswer(hub=HUB, topic=TOPIC), NOW)
    assert taken.next_request == push.next_request
    assert rules().answered(push, HubAnswer(hub="https://former.example/", topic=TOPIC, error="no"), NOW) == push


def test_a_hub_that_refuses_is_believed_and_asked_but_rarely() -> None:
    push = rules().denied(subscribed(), hub_id(HUB), TOPIC, "too many", NOW)
    assert push is not None
    assert (push.state, push.reason) == (DENIED, "the hub refuses: too many")
    assert not rules().is_live(push, NOW)
    assert rules().due(push) == NOW + timedelta(days=7)


def test_another_hub_or_topic_is_followed_and_none_ends_the_subscription() -> None:
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


def test_a_hub_whose_pushes_do_not_come_is_not_relied_on_until_one_does() -> None:
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


def test_what_was_published_before_the_subscription_began_is_not_held_against_the_hub() -> None:
    push = subscribed(86_400)
    before = NOW - timedelta(hours=1)
    assert rules().polled(push, 3, before, NOW + timedelta(hours=1)).missed == 0
    assert rules().polled(push, 3, None, NOW + timedelta(hours=1)).missed == 0


def test_with_another_callback_or_secret_all_is_asked_anew() -> None:
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


def test_a_pause_ends_the_subscription_and_going_on_asks_for_it_again() -> None:
    push = rules().paused(subscribed())
    assert not rules().is_live(push, NOW)
    assert rules().due(push) is None
    assert rules().due(rules().resumed(push, NOW)) == NOW
    assert rules().resumed(subscribed(), NOW) == subscribed()


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
def test_settings_that_do_not_fit_are_named(
    settings: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"DATELINE_WEBSUB__{name}", value)
    with pytest.raises(SettingsError) as caught:
        load(WebSubSettings)
    assert problem in caught.value.problems[0]
    assert not any(value in caught.value.problems[0] for value in ["0123456789abcdef"])


def test_it_is_off_unless_it_is_set() -> None:
    assert WebSubSettings().capabilities is None


def undocumented(names: Sequence[str]) -> list[str]:
    text = (Path(__file__).parents[4] / "docs" / "feeds.md").read_text("utf-8")
    return [name for name in names if f"| `{name}` |" not in text]


def test_every_setting_is_described_and_documented() -> None:
    assert all(WebSubSettings.model_fields[field].description for field in WebSubSettings.names().values())
    assert undocumented([*WebSubSettings.names()]) == []
