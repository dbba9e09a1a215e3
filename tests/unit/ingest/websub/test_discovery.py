"""The hubs that feeds name; the numbers are those of websub.rocks' tests."""

import pytest
from dateline_ingest.feeds import parse_feed
from dateline_ingest.websub.discovery import Discovery, discover
from hypothesis import given
from hypothesis import strategies as st

HUB, TOPIC = "https://hub.example/", "https://news.example/rss.xml"
ADDRESS = "http://news.example/feed"


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


def test_104_the_header_takes_precedence_over_the_document() -> None:
    links = ['<https://other.example/hub>; rel="hub", <https://other.example/topic>; rel="self"']
    assert found_in(ATOM.format(LINKS), *links) == Discovery(
        ("https://other.example/hub",), "https://other.example/topic"
    )


def test_200_the_topic_is_the_self_link_else_the_address_of_the_document() -> None:
    assert found_in(ATOM.format(LINKS), address="http://elsewhere.example/") == Discovery((HUB,), TOPIC)
    assert found_in(ATOM.format(f'<link rel="hub" href="{HUB}"/>')) == Discovery((HUB,), ADDRESS)


def test_several_hubs_keep_their_order_and_relative_addresses_are_resolved() -> None:
    found = discover([], hubs=["/hub", HUB, HUB], self_link="/topic#top", address=ADDRESS)
    assert found == Discovery(("http://news.example/hub", HUB), "http://news.example/topic")


@pytest.mark.parametrize("hub", ["ftp://hub.example/", "javascript:x", "http://[", "http://h/" + "x" * 2000])
def test_a_hub_without_a_usable_address_is_ignored(hub: str) -> None:
    assert discover([f"<{hub}>; rel=hub"], hubs=[], self_link=None, address=ADDRESS) is None


def test_links_of_other_documents_are_ignored_and_credentials_removed() -> None:
    assert discover([f'<{HUB}>; rel=hub; anchor="/x"'], hubs=[], self_link=None, address=ADDRESS) is None
    found = discover([], hubs=["http://u:p@hub.example/"], self_link=None, address="http://u:p@news.example/")
    assert found == Discovery(("http://hub.example/",), "http://news.example/")


@given(st.text(alphabet='<>;,="\\ relhubsf:/x', max_size=60))
def test_any_header_is_read_without_error(header: str) -> None:
    found = discover([header], hubs=[header], self_link=header, address=ADDRESS)
    addresses = [] if found is None else [*found.hubs, found.topic]
    assert all(address.startswith(("http://", "https://")) for address in addresses)
