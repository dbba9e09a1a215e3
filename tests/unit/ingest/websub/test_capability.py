"""Callback addresses and the secrets of subscriptions."""

from dateline_ingest.websub.capability import Callback, Capabilities, hub_id
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

HUB, TOPIC = "https://hub.example/", "https://news.example/rss.xml"
SECRET = SecretStr("a secret of many characters")
CAPABILITIES = Capabilities("https://we.example/in/", SECRET)
CALLBACK = Callback("0123abcd", hub_id(HUB), TOPIC)


def segments(address: str) -> list[str]:
    assert address.startswith("https://we.example/in/websub/")
    return address.removeprefix("https://we.example/in/websub/").split("/")


def test_a_callback_is_recognised_by_every_replica_with_the_same_secret_only() -> None:
    feed, middle, capability = segments(CAPABILITIES.address(CALLBACK))
    assert Capabilities("http://inside/", SECRET).checked(feed, middle, capability) == CALLBACK
    assert Capabilities("https://we.example/in/", SecretStr("x" * 20)).checked(feed, middle, capability) is None


def test_a_callback_with_an_exchanged_part_is_rejected() -> None:
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


def test_each_subscription_has_its_own_secret_which_its_address_does_not_show() -> None:
    others = [
        Callback("ffff", CALLBACK.hub, TOPIC),
        Callback(CALLBACK.feed, "x", TOPIC),
        Callback("0123abcd", "x", "y"),
    ]
    secrets = {CAPABILITIES.hub_secret(each) for each in (CALLBACK, *others)}
    assert len(secrets) == 4
    assert all(len(secret) < 200 and secret not in CAPABILITIES.address(CALLBACK) for secret in secrets)


@given(feed=st.from_regex(r"[0-9a-f]{1,64}", fullmatch=True), topic=st.text(st.characters(codec="utf-8"), max_size=50))
def test_any_topic_can_be_read_back_from_a_callback(feed: str, topic: str) -> None:
    callback = Callback(feed, hub_id(HUB), topic)
    assert CAPABILITIES.checked(*segments(CAPABILITIES.address(callback))) == callback
