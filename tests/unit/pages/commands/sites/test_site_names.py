"""Sites are named by their domain, a host, an address, or a part of their name."""

import pytest
from dateline.errors import DatelineError
from dateline_pages.commands.sites.site_names import known_site_named, site_named

KNOWN = ["news.example", "daily.news.example.org", "127.0.0.1:8000", "bbc.co.uk"]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("bbc.co.uk", "bbc.co.uk"),
        (" www.BBC.co.uk ", "bbc.co.uk"),
        ("https://www.bbc.co.uk/news/1?x=2", "bbc.co.uk"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://127.0.0.1:8000/1", "127.0.0.1:8000"),
        ("localhost:8080", "localhost:8080"),
    ],
)
def test_a_site_is_named_by_its_domain_a_host_or_an_address(text: str, site: str) -> None:
    assert site_named(text) == site


@pytest.mark.parametrize("text", ["ftp://example.org", "", "two words", "https://"])
def test_what_names_no_site_is_an_error(text: str) -> None:
    with pytest.raises(DatelineError, match="is not a site; name it like"):
        site_named(text)


def test_an_error_hides_passwords_and_control_characters() -> None:
    with pytest.raises(DatelineError) as error:
        site_named("ftp://user:secret@exam\x1bple.org")
    assert "secret" not in str(error.value)
    assert str(error.value).isprintable()


def test_a_part_of_the_name_is_enough_if_one_site_has_it() -> None:
    assert known_site_named("bbc", KNOWN) == "bbc.co.uk"
    assert known_site_named("www.news.example", KNOWN) == "news.example"


def test_a_part_that_several_sites_have_names_them() -> None:
    with pytest.raises(DatelineError, match=r"more than one site has 'news' .*: daily.news.example.org, news.example;"):
        known_site_named("news", KNOWN)
    with pytest.raises(DatelineError, match=r"n0.example, .*, n17.example and 90 more; name one of them"):
        known_site_named("n", [f"n{number}.example" for number in range(100)])


def test_an_unknown_site_says_where_all_are_shown() -> None:
    with pytest.raises(DatelineError, match=r"no such site: other\.example; `dateline pages list` shows all sites"):
        known_site_named("https://www.other.example/1", KNOWN)
