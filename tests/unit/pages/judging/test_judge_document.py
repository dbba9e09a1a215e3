"""What is a page instead of an article, before its text is extracted."""

import pytest
from dateline_pages.judging.judge import judge_document
from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.document import parse_document
from dateline_pages.reading.page import PageDocument
from dateline_web.robots_directives import RobotsRules
from lxml import etree
from lxml.html import HtmlElement

ARTICLE_HEAD = '<meta property="og:type" content="article">'
TEXT = "<p>The council voted on Tuesday evening by 31 votes to 14, after a debate of more than four hours.</p>"
STORY = f"<h1>Council approves new tram line</h1>{TEXT}"


def judged(html: str, rules: RobotsRules | None = None, **fields: object) -> PageProblem | None:
    document = PageDocument(body=html.encode(), **{"content_type": "text/html"} | fields)  # type: ignore[arg-type]
    tree = parse_document(document.body, "text/html")
    assert not isinstance(tree, PageProblem)
    return judge_document(tree, document) if rules is None else judge_document(tree, document, rules)


def kind(html: str, **fields: object) -> str | None:
    found = judged(html, None, **fields)
    return None if found is None else found.kind


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Page not found: a short history", "The error 404 turns 30. It was not found by accident, its inventor said."),
        ("Fehler 404 im Rathaus", "Die Website der Stadt war am Montag nicht verfügbar. Grund war ein Fehler."),
        ("Cookie banners ruled illegal", "A court has ruled that consent to cookies of partners was not freely given."),
        ("Gericht rügt Cookie-Banner", "Der Verlag muss die Einwilligung in Cookies neu einholen, so das Gericht."),
        ("Passwords stolen from bank", "Passwords of 4,000 accounts were stolen on Monday. Customers cannot log in."),
        ("Captchas solved by robots", "A robot has solved captchas in a test of browsers, researchers said on Monday."),
        ("Le journal passe à l'abonnement", "Le quotidien réserve ses articles aux abonnés depuis lundi."),
        (
            "La web dice «página no encontrada»",
            "La página del ayuntamiento no existe desde el lunes, según la oposición.",
        ),
    ],
)
def test_a_short_article_about_walls_and_errors_is_an_article(headline: str, text: str) -> None:
    long = f"{text} The minister said on Tuesday that {headline.lower()} was a matter for the courts."
    assert kind(f"<title>{headline}</title><h1>{headline}</h1><p>{long}</p>") is None
    assert kind(f"<title>{headline}</title>{ARTICLE_HEAD}<div><h1>{headline}</h1><p>{text}</p></div>{TEXT}") is None


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Error at the mint", "Some 4,000 coins carry a wrong date. Sorry, says the mint."),
        ("Missing plane: wreck not found", "The wreck was not found on Monday. Divers have left the island."),
        ("Your privacy at risk", "We all click cookies away. Ann Berg studies consent. Your data goes to partners."),
        ("How to cancel your subscription", "First, check your contract. Then log in to your account and wait."),
        ("Security check takes longer", "Please allow two hours, the airport says. Passengers were blocked on Monday."),
        ("Register of members' interests", "The register of members' interests is out. It lists gifts of £300."),
        ("Join us in our garden", "We are looking for new members. You can join on Saturday; please bring gloves."),
    ],
)
def test_a_short_text_below_a_headline_with_words_of_walls_is_an_article(headline: str, text: str) -> None:
    assert kind(f"<title>{headline} | Post</title><h1>{headline}</h1><p>{text}</p>") is None


@pytest.mark.parametrize(
    "beside",
    [
        '<div id="onetrust-banner-sdk" role="dialog"><h2>We value your privacy</h2>'
        "<p>We and our partners store cookies with your consent.</p><button>Accept all</button></div>",
        '<div class="modal"><h2>Log in</h2><form><input name=user><input type=password></form></div>',
        "<section id=comments><h2>Log in to comment</h2><form><input type=password></form></section>",
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<div class=g-recaptcha></div><noscript>Please enable JavaScript.</noscript>",
        "<div hidden><h1>Page not found</h1></div>",
        "<h2>Subscribe now</h2><p>You have read 3 of 5 free articles.</p><a href=/abo>Subscribe for $1</a>",
    ],
)
def test_what_stands_beside_an_article_does_not_make_it_a_wall(beside: str) -> None:
    assert kind(f"<title>Council approves new tram line | Post</title>{STORY}{beside}") is None
    assert kind(f"<title>Council approves new tram line | Post</title>{beside}{STORY}") is None


def test_a_page_is_named_with_its_evidence() -> None:
    found = judged("<title>Post</title><h1>Page not found</h1><p>The page you want does not exist.</p>")
    assert found == PageProblem("not found", "the heading is “Page not found”, and there is no text of an article")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>", "challenge"),
        ("<script>document.cookie='a=1';location.reload()</script>", "challenge"),
        ("<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=1'>", "challenge"),
        ("<title>Post</title><form><input name=user><input type=password><button>Log in</button></form>", "login"),
        (
            f"<title>Story</title>{ARTICLE_HEAD}<h1>Log in to continue reading</h1><form><input type=password></form>",
            "login",
        ),
        ("<h1>Before you continue</h1><p>We use cookies. Accept all?</p><button>Accept all</button>", "consent"),
        ("<p>Nothing to see</p>", None),
    ],
)
def test_pages_without_text_are_told_by_their_form(html: str, expected: str | None) -> None:
    assert kind(html) == expected


def test_the_header_of_cloudflare_names_a_challenge() -> None:
    assert kind(STORY, mitigated="challenge") == "challenge"


def test_the_title_that_the_feed_gives_shows_that_the_page_is_the_article() -> None:
    title = "404 ways to say page not found"
    page = f"<title>{title}</title><h1>{title}</h1><p>Twenty of them, shown by Tom Reed.</p>"
    assert kind(page) == "not found"
    assert kind(page, title_hint="404 ways to say “page not found”") is None


TEASERS = "".join(f"<h3><a href=/a/{n}>Council approves tram line number {n}</a></h3>" for n in range(20))


@pytest.mark.parametrize(
    ("requested", "url", "expected"),
    [
        ("/2024/05/03/tram-line.html", "/", "front page"),
        ("/news/council-approves-new-tram-line", "/news/", "front page"),
        ("/?p=1234", "/index.php", "front page"),
        ("/", "/", "front page"),
        ("/a/12345", "/b/council-approves-new-tram-line", None),
    ],
)
def test_an_article_that_leads_to_a_list_is_gone(requested: str, url: str, expected: str | None) -> None:
    site = "https://news.example"
    assert kind(f"<title>Post</title>{TEASERS}", requested=site + requested, url=site + url) == expected


@pytest.mark.parametrize("requested", ["/a/7", "/news", "/2024/05/03/tram-line.html", "/?p=1234"])
def test_a_front_page_without_teasers_is_no_article(requested: str) -> None:
    site = "https://news.example"
    page = f"<title>Post</title><h1>Post</h1>{'<a href=/x>Tram</a>' * 5}<p>All the news of the valley, since 1921.</p>"
    assert kind(page, requested=site + requested, url=f"{site}/") == "front page"
    assert kind(page, requested=f"{site}/index.html", url=f"{site}/") is None
    long = page.replace("</p>", " They count it as a piece of their lives, and they read it aloud at the table." * 9)
    assert kind(long, requested=site + requested, url=f"{site}/") is None


def test_an_article_with_many_teasers_is_no_front_page() -> None:
    page = f"<title>Tram</title>{STORY}{TEXT}{TEASERS}"
    assert kind(page, requested="https://news.example/a/12345", url="https://news.example/tram") is None
    assert kind(f"<title>Tram</title>{STORY}{TEASERS}", url="https://news.example/") is None


def test_reservations_are_obeyed_if_they_shall_be() -> None:
    page = f'<meta name="TDM-Reservation" content="1">{STORY}'
    assert kind(page) == "reserved"
    assert kind(page, obey_reservations=False) is None
    assert kind(STORY, tdm_reservation="1") == "reserved"
    assert kind(page.replace('"1"', '"0"'), tdm_reservation="1") is None
    assert kind(f"<meta name=robots content='index, noai'>{STORY}") == "reserved"
    assert kind(STORY, robots=("noai",), obey_reservations=False) is None


def test_robots_directives_that_name_the_program_are_obeyed() -> None:
    assert kind(f"<meta name=robots content='noindex, noarchive'>{STORY}") is None
    assert kind(f"<meta name=dateline content='noindex'>{STORY}") == "robots"
    assert kind(STORY, robots=("dateline: none",)) == "robots"
    assert kind(STORY, robots=("otherbot: none",)) is None
    strict = RobotsRules(obeyed=frozenset({"noindex"}))
    found = judged(STORY, strict, robots=("noindex",))
    assert found == PageProblem("robots", "the page says “noindex” in its header or in a meta element")


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7 ...", "text/html", "PDF"),
        (b"\xff\xd8\xff\xe0", None, "JPEG"),
        (b'{"a": "<p>"}', "application/json", "application/json"),
        (b'{"a": 1}', "text/html", "JSON"),
        (b"<?xml version='1.0'?><rss></rss>", "text/html", "XML"),
        (b"binary", "video/mp4", "video/mp4"),
        (b"<html><body><p>Text</p></body></html>", "application/octet-stream", None),
        (b"<!DOCTYPE html><p>Text</p>", "image/png", None),
        ("<!DOCTYPE html><p>Text</p>".encode("utf-16"), "text/html; charset=utf-16", None),
        (b"Plain text", "text/html", None),
        (b"Plain text", None, None),
    ],
)
def test_files_are_told_from_pages_by_type_and_bytes(body: bytes, content_type: str | None, reason: str | None) -> None:
    found = judge_document(etree_of("<p>Text</p>"), PageDocument(body=body, content_type=content_type))
    if reason is None:
        assert found is None
    else:
        assert found is not None
        assert (found.kind, reason in found.reason) == ("not html", True)


def etree_of(html: str) -> HtmlElement:
    tree = parse_document(html.encode())
    assert not isinstance(tree, PageProblem)
    return tree


def test_the_tree_is_not_changed() -> None:
    tree = etree_of(f"<title>x</title>{STORY}<div hidden>y</div><form><input type=password></form>{TEASERS}")
    before = etree.tostring(tree)
    judge_document(tree, PageDocument(body=b"<html>", url="https://news.example/"))
    assert etree.tostring(tree) == before
