import json

import pytest
from dateline_pages.metadata.authors.names import author_names
from dateline_pages.metadata.composition import page_metadata
from hypothesis import given
from hypothesis import strategies as st
from lxml import html


def authors(head: str = "", body: str = "") -> tuple[str, ...]:
    page = f"<html><head>{head}</head><body>{body}<p>{'The text of the article. ' * 20}</p></body></html>"
    return page_metadata(html.document_fromstring(page)).authors


def linked(author: object, **fields: object) -> str:
    article = {"@type": "NewsArticle", "headline": "Storm", "author": author, **fields}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe & Mary Major", ["Jane Doe", "John Roe", "Mary Major"]),
        ("Jane Doe | John Roe", ["Jane Doe", "John Roe"]),
        ("Von Jana Muster und Max Beispiel", ["Jana Muster", "Max Beispiel"]),
        ("Par Jeanne Dupont et Jean Martin", ["Jeanne Dupont", "Jean Martin"]),
        ("Por José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Jane Doe, Senior Political Correspondent", ["Jane Doe"]),
        ("Jane Doe Political Editor", ["Jane Doe"]),
        ("Jane Doe, BBC News", ["Jane Doe"]),
        ("Jane Doe for The Guardian", ["Jane Doe"]),
        ("Jane Doe in Paris", ["Jane Doe"]),
        ("Jane Doe (AP)", ["Jane Doe"]),
        ("Jane Doe - Reuters", ["Jane Doe"]),
        ("Jane Doe @janedoe", ["Jane Doe"]),
        ("Jane Doe jane.doe@news.test", ["Jane Doe"]),
        ("JANE MCDONALD", ["Jane McDonald"]),
        ("VINCENT VAN DER BERG", ["Vincent van der Berg"]),
        ("jane doe", ["Jane Doe"]),
        ("Bill MCCARTHY", ["Bill MCCARTHY"]),
        ("Doe, Jane", ["Jane Doe"]),
        ("María R. Sahuquillo", ["María R. Sahuquillo"]),
        ("Ludwig van Beethoven", ["Ludwig van Beethoven"]),
        ("Ayman al-Zawahiri", ["Ayman al-Zawahiri"]),
        ("Conan O'Brien", ["Conan O'Brien"]),
        ("Sammy Davis Jr.", ["Sammy Davis Jr."]),
        ("松岡大地", ["松岡大地"]),
        ("Андрей Колесников", ["Андрей Колесников"]),
        ("Jane Doe and Jane Doe", ["Jane Doe"]),
    ],
)
def test_people_are_found_in_a_byline(text: str, people: list[str]) -> None:
    assert author_names([text]).people == people


@pytest.mark.parametrize(
    "text",
    ["Staff", "Admin", "Reuters", "AP", "The Associated Press", "News Desk", "Guardian staff reporter",
     "BR24 Redaktion",
          "https://news.test/jane-doe", "jane@news.test", "@janedoe",
     "By", "", "jsmith7", "Senior Correspondent", "dpa/afp",
     "东京新闻", "105092", "Published on May 5"],
)  # fmt: skip
def test_what_is_not_a_person_is_not_among_the_people(text: str) -> None:
    assert author_names([text]).people == []


def test_the_name_of_the_site_is_not_a_person() -> None:
    assert author_names(["Lesotho Times", "Daily Planet"], ["Daily Planet"]).people == []


@pytest.mark.parametrize(
    "nobody", ["Staff", "Admin", "Staff Writer", "info@agency.test", "https://agency.test", "Web Desk"]
)
def test_a_page_signed_by_nobody_has_no_authors(nobody: str) -> None:
    assert authors(linked({"@type": "Person", "name": nobody})) == ()


def test_an_agency_signs_only_if_no_person_does() -> None:
    agency = {"@type": "Organization", "name": "Associated Press"}
    assert authors(linked(agency)) == ("Associated Press",)
    assert authors(linked([{"@type": "Person", "name": "Jane Doe"}, agency])) == ("Jane Doe",)
    assert authors(linked(agency), "<h1>Storm</h1><p class='byline'>By Jane Doe</p>") == ("Jane Doe",)


@pytest.mark.parametrize(
    "author",
    [
        "Jane Doe",
        ["Jane Doe"],
        {"@type": "Person", "name": "Jane Doe"},
        [{"@type": "Person", "name": ["Jane Doe"]}],
        {"@type": "Person", "givenName": "Jane", "familyName": "Doe"},
        [[{"@type": "Person", "name": "Jane Doe"}]],
        {"name": "By Jane Doe, Reporter"},
        {"@type": "Person", "name": "Jane&amp;nbsp;<b>Doe</b>"},
    ],
)
def test_json_ld_states_authors_in_many_forms(author: object) -> None:
    assert authors(linked(author)) == ("Jane Doe",)


def test_an_author_of_json_ld_may_be_a_reference() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "Storm", "author": {"@id": "#jane"}},
        {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
    ]
    assert authors(f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>') == ("Jane Doe",)


def test_authors_of_pictures_and_comments_are_not_those_of_the_article() -> None:
    head = linked(
        {"@type": "Person", "name": "Jane Doe"},
        image={"@type": "ImageObject", "author": {"@type": "Person", "name": "Paul Ellis"}},
        comment={"@type": "Comment", "author": {"@type": "Person", "name": "Angry Reader"}},
    )
    assert authors(head) == ("Jane Doe",)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="Jane Doe">',
        '<meta property="article:author" content="https://facebook.test/news"><meta name="author" content="Jane Doe">',
        '<meta name="parsely-author" content="Jane Doe">',
        '<meta name="DC.creator" content="Doe, Jane">',
        '<meta name="byl" content="By Jane Doe">',
    ],
)
def test_meta_elements_state_authors(head: str) -> None:
    assert authors(head) == ("Jane Doe",)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Storm</h1><p>By Jane Doe</p>",
        "<h1>Storm</h1><div class='article-byline'>By <a href='/authors/jane'>Jane Doe</a> | 5 May 2024</div>",
        "<h1>Storm</h1><span itemprop='author' itemscope><span itemprop='name'>Jane Doe</span>, editor</span>",
        "<h1>Storm</h1><a rel='author' href='/x'>Jane Doe</a>",
        "<h1>Storm</h1><div class='h-entry'><span class='p-author'>Jane Doe</span></div>",
        "<h1>Storm</h1><li>Von: <span><a href='/jd'>Jane Doe</a></span></li>",
        "<h1>Storm</h1><figure><figcaption class='author'>Paul Ellis</figcaption></figure><p>By Jane Doe</p>",
        "<article><h1>Storm</h1><div class='authorName'>Jane Doe</div></article>"
        "<div class='comment'><b class='author'>Al Troll</b></div>",
    ],
)
def test_the_page_shows_its_authors(body: str) -> None:
    assert authors("<title>Storm</title>", body) == ("Jane Doe",)


def test_people_in_the_text_are_not_authors() -> None:
    body = "<h1>Storm</h1><p>By the time Jane Doe arrived, the storm was over.</p><p>Mary Major said so.</p>"
    assert authors("<title>Storm</title>", body) == ()


@given(st.lists(st.text(max_size=60), max_size=5))
def test_names_are_single_lines_without_repetitions(texts: list[str]) -> None:
    found = author_names(texts)
    for names in (found.people, found.organizations):
        keys = [name.casefold() for name in names]
        assert len(keys) == len(set(keys))
        assert all(0 < len(name) <= 80 for name in names)
    assert not any("@" in name or "://" in name for name in found.people)


@given(
    st.lists(
        st.sampled_from(["Jane Doe", "John Roe", "Mary-Ann Major", "José Núñez", "Wim van Dam"]),
        min_size=1,
        unique=True,
    )
)
def test_listed_people_are_found_in_their_order(names: list[str]) -> None:
    assert author_names([", ".join(names)]).people == names


def test_an_agency_signs_in_the_byline() -> None:
    assert authors("<title>Storm</title>", "<h1>Storm</h1><p class='byline'>By Associated Press</p>") == (
        "Associated Press",
    )
    assert authors("<title>Storm</title>", "<h1>Storm</h1><p class='byline'>By Staff Reporter</p>") == ()


def test_all_authors_beside_the_headline_are_found() -> None:
    links = "".join(f"<span><a rel='author' href='/{name}'>{name}</a></span>" for name in ("Jane Doe", "John Roe"))
    assert authors("<title>Storm</title>", f"<h1>Storm</h1><div>{links}</div>") == ("Jane Doe", "John Roe")


def test_the_page_shows_the_authors_that_its_meta_element_leaves_out() -> None:
    body = "<h1>Storm</h1><div class='byline'>By Jane Doe and John Roe</div>"
    assert authors('<meta name="author" content="Jane Doe">', body) == ("Jane Doe", "John Roe")
    assert authors('<meta name="author" content="Mary Major">', body) == ("Mary Major",)


@pytest.mark.parametrize(
    "byline",
    [
        "<p>By <b>Jane Doe</b></p>",
        "<div>Submitted by <span>Jane Doe</span> on Tue, 12/03/2019 - 10:15</div>",
        "<p><small>By JANE DOE<br>Standard Staff Writer<br>March 12, 2019</small></p>",
        "<div>Jane Doe, Staff Writer</div>",
        "<p>by <strong><a href='./member?id=2'>Jane Doe</a></strong> » Tue Mar 12, 2019</p>",
        "<p><i>by Jane Doe, Valley Observer</i></p>",
    ],
)
def test_bylines_without_a_mark_are_found_beside_the_headline(byline: str) -> None:
    assert authors(body=f"<h1>Storm over London</h1>{byline}") == ("Jane Doe",)


def test_the_card_of_an_author_in_the_footer_of_an_article_counts_and_that_of_a_comment_does_not() -> None:
    card = '<span class="author vcard"><a class="url fn n" href="/writer/1">Jane Doe</a></span>'
    comment = '<div class="comment"><div class="comment-author vcard"><cite class="fn">John Roe</cite></div></div>'
    storm = "<h1>Storm over London</h1><p>The wind took the roof.</p>"
    assert authors(body=f"<article>{storm}{comment}<footer>{card}</footer></article>") == ("Jane Doe",)
    assert authors(body=f"<article>{storm}{comment}</article><footer>{card}</footer>") == ()


def test_the_author_beside_a_label_for_shared_links_counts() -> None:
    def pair(number: int, label: str, data: str) -> str:
        return (
            f'<meta name="twitter:label{number}" content="{label}"><meta name="twitter:data{number}" content="{data}">'
        )

    assert authors(pair(1, "Written by", "Jane Doe") + pair(2, "Est. reading time", "Two Minutes")) == ("Jane Doe",)
    assert authors(pair(1, "Filed under", "London News")) == ()
