import pytest
from dateline_pages.metadata.composition import page_metadata
from dateline_pages.metadata.titles import title_key, without_site
from lxml import html


def title(head: str, body: str = "", url: str | None = None) -> str | None:
    page = f"<html><head>{head}</head><body>{body}<p>{'The text of the article. ' * 20}</p></body></html>"
    return page_metadata(html.document_fromstring(page), url).title


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


@pytest.mark.parametrize(
    "stated",
    [
        "Storm over London leaves thousands without power | BBC News",
        "Storm over London leaves thousands without power - The Guardian",
        "Storm over London leaves thousands without power | UK | The Guardian",
        "Storm over London leaves thousands without power – DW – 30.01.2024",
        "Storm over London leaves thousands without power * The Daily Planet * by Jane Doe",
        "Storm over London leaves thousands without power：東京新聞デジタル",
        "Storm over London leaves thousands without power",
    ],
)
def test_what_stands_behind_the_headline_is_removed(stated: str) -> None:
    headline = "Storm over London leaves thousands without power"
    assert title(og(stated), f"<h1>{headline}</h1>") == headline


@pytest.mark.parametrize("mark", ["|", "-", "–", "—", "·", "•", "»"])
def test_the_stated_name_of_the_site_is_removed_without_a_heading(mark: str) -> None:
    site = '<meta property="og:site_name" content="The Daily Planet">'
    assert title(f"{site}<title>Storm over London {mark} Daily Planet</title>") == "Storm over London"


def test_the_name_of_the_host_is_a_name_of_the_site() -> None:
    assert (
        title("<title>Storm over London - dailyplanet.com</title>", url="https://www.dailyplanet.com/a")
        == "Storm over London"
    )


def test_a_dash_within_the_headline_stays() -> None:
    headline = "Liverpool lose - and the title race is open"
    assert title(f"<title>{headline}</title>", f"<h1>{headline}</h1>") == headline
    assert without_site(headline, {title_key("Daily Planet")}) == headline


def test_the_sources_decide_by_agreement() -> None:
    article = '{"@type": "NewsArticle", "headline": "Storm over London kills two"}'
    linked = f'<script type="application/ld+json">{article}</script>'
    head = linked + og("Storm over London kills two") + "<title>Storm London dead power</title>"
    assert title(head, "<h1>London hit by storm, two dead</h1>") == "Storm over London kills two"


def test_a_label_in_front_of_the_heading_is_not_part_of_the_title() -> None:
    head = (
        og("Rückschlag im Titelkampf für Liverpool")
        + "<title>Rückschlag im Titelkampf für Liverpool | sport.test</title>"
    )
    body = "<h1><span>Premier League</span> <span>Rückschlag im Titelkampf für Liverpool</span></h1>"
    assert title(head, body) == "Rückschlag im Titelkampf für Liverpool"


def test_the_colon_behind_a_label_is_taken_from_the_source_that_writes_it() -> None:
    body = "<h1><span>Ausschuss zur Flut</span> <span>Zwei Rücktritte</span></h1>"
    assert title(og("Ausschuss zur Flut: Zwei Rücktritte"), body) == "Ausschuss zur Flut: Zwei Rücktritte"


def test_of_many_headings_the_one_that_says_the_same_as_the_title_counts() -> None:
    body = "<h1>Daily Planet</h1><h1>Storm over London</h1><h1>Other news of today</h1>"
    assert title("<title>Storm over London</title>", body) == "Storm over London"


def test_the_page_s_wording_of_quotation_marks_is_kept() -> None:
    assert title(og("Mexico to fight 'illogical' tariffs"), "<h1>Mexico to fight ‘illogical’ tariffs</h1>") == (
        "Mexico to fight ‘illogical’ tariffs"
    )


def test_entities_that_were_escaped_twice_are_resolved() -> None:
    assert title(og("Marks &amp;amp; Spencer &amp;#8217;s profit rises")) == "Marks & Spencer ’s profit rises"


def test_a_drawing_s_title_is_not_the_page_s() -> None:
    assert title("", "<svg><title>Menu</title></svg><h1>Storm over London</h1>") == "Storm over London"


def test_a_page_without_any_title_has_none() -> None:
    assert title("") is None


def test_a_heading_of_the_third_level_is_the_headline_if_it_says_the_same_as_the_title() -> None:
    body = "<h1>Valley Notes</h1><h2>Tuesday</h2><h3>Storm over London leaves thousands without power</h3>"
    found = title("<title>Valley Notes: Storm over London leaves thousands without power</title>", body)
    assert found == "Storm over London leaves thousands without power"


def test_bold_letters_are_the_headline_of_a_page_without_headings() -> None:
    body = "<font size=5>The Standard</font><b>Storm over London leaves thousands without power</b>"
    found = title("<title>Standard: Storm over London leaves thousands without power</title>", body)
    assert found == "Storm over London leaves thousands without power"
