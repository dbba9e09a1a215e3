"""What the finder says of single traps of real news."""

from __future__ import annotations

import pytest
from dateline_enrich.entities import EntityFinder
from dateline_schemas import Entity

FINDER = EntityFinder()


def found(body: str, title: str = "") -> dict[str, str]:
    return {e.name: e.type for e in FINDER.find(title, body)}


def entity(name: str, body: str, title: str = "") -> Entity:
    matches = [e for e in FINDER.find(title, body) if e.name == name]
    assert len(matches) == 1, FINDER.find(title, body)
    return matches[0]


def texts(entity: Entity) -> list[str]:
    return [m.text for m in entity.mentions]


def test_surname_belongs_to_the_person_named_in_full() -> None:
    person = entity("Maria Zakharova", "Maria Zakharova spoke on Monday. “It is late,” Zakharova said.")
    assert person.type == "person"
    assert texts(person) == ["Maria Zakharova", "Zakharova"]


def test_surname_in_the_title_belongs_to_the_person_named_in_the_body() -> None:
    person = entity("Olga Lindqvist", "The mayor, Olga Lindqvist, has left.", title="Lindqvist has left")
    assert [m.field for m in person.mentions] == ["title", "body"]


@pytest.mark.parametrize(
    ("text", "name", "titles"),
    [
        ("Then President Joe Biden spoke.", "Joe Biden", ["President"]),
        ("It was Dr. Anna Lind who came.", "Anna Lind", ["Dr"]),
        ("So Foreign Minister Sergei Lavrov left.", "Sergei Lavrov", ["Foreign Minister"]),
        ("The spokesperson Maria Adams declined.", "Maria Adams", ["spokesperson"]),
        ("He met Ms Okafor there.", "Okafor", ["Ms"]),
    ],
)
def test_titles_stand_outside_the_name(text: str, name: str, titles: list[str]) -> None:
    person = entity(name, text)
    assert (person.type, person.titles) == ("person", titles)
    assert texts(person) == [name]


def test_title_alone_is_no_entity() -> None:
    assert found("Then the President met the Prime Minister.") == {}


@pytest.mark.parametrize(
    "name",
    [
        "Ludwig van der Berg",
        "Mohammed bin Salman",
        "J. K. Ames",
        "Conan O'Brien",
        "Jean-Claude Meyer",
        "Bashar al-Assad",
    ],
)
def test_particles_initials_and_apostrophes_belong_to_a_person(name: str) -> None:
    assert found(f"Yesterday {name} arrived by train.") == {name: "person"}


def test_possessive_ending_is_outside_the_mention() -> None:
    country = entity("Uganda", "The case before Uganda's Supreme Court goes on.")
    assert texts(country) == ["Uganda"]


def test_leading_article_is_outside_the_mention() -> None:
    assert found("The European Union agreed.") == {"European Union": "organization"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("He works for the Ministry of Foreign Affairs in town.", "Ministry of Foreign Affairs"),
        ("She left Nordhav Shipping Inc. in spring.", "Nordhav Shipping Inc."),
        ("A study by Lund University says so.", "Lund University"),
        ("He was head of the Food and Drug Administration then.", "Food and Drug Administration"),
        ("The ruling party “Georgian Dream” won.", "Georgian Dream"),
        ("It was bought by Hansen & Berg last year.", "Hansen & Berg"),
    ],
)
def test_heads_nouns_and_suffixes_make_an_organisation(text: str, name: str) -> None:
    assert found(text) == {name: "organization"}


def test_acronym_in_brackets_joins_its_name() -> None:
    union = entity("Baltic Fishing Union", "The Baltic Fishing Union (BFU) met. The BFU said no.")
    assert texts(union) == ["Baltic Fishing Union", "BFU", "BFU"]


def test_short_and_full_form_of_a_known_organisation_have_one_identity() -> None:
    short = entity("UN", "Boats came from the UN later.")
    full = entity("United Nations", "Boats came from the United Nations later.")
    assert short.id == full.id == "organization:united-nations"


def test_country_is_linked_to_its_codes() -> None:
    country = entity("Georgia", "Relations with Georgia are cold.")
    assert [(link.scheme, link.id) for link in country.links] == [("iso3166", "GE"), ("wikidata", "Q230")]
    assert all(link.reason and link.confidence == country.confidence for link in country.links)


def test_nothing_but_countries_is_linked() -> None:
    entities = FINDER.find("", "Maria Adams of Lund University flew to Paris with a Swedish team.")
    assert [e for e in entities if e.links] == []


def test_names_of_one_country_are_one_entity() -> None:
    country = entity("United States", "Ships of the United States left. The U.S. said so. The US agreed.")
    assert texts(country) == ["United States", "U.S.", "US"]


def test_country_name_in_a_person_is_the_person() -> None:
    names = found("Yesterday Georgia Meloni met Chad Smith. She came from Georgia and he from Chad.")
    assert names == {"Georgia Meloni": "person", "Chad Smith": "person", "Georgia": "location", "Chad": "location"}


def test_city_name_as_surname_belongs_to_the_person_unless_a_place_is_meant() -> None:
    text = "Yesterday Denzel Washington smiled. Washington was glad. Later he flew home and slept in Boston."
    assert found(text) == {"Denzel Washington": "person", "Boston": "location"}
    assert found("Then Denzel Washington smiled in Washington.") == {
        "Denzel Washington": "person",
        "Washington": "location",
    }


def test_people_of_a_country_are_a_group() -> None:
    assert found("It helps Georgian citizens and many Swedes.") == {"Georgian": "group", "Swedes": "group"}


@pytest.mark.parametrize("text", ["It rained on Monday in June.", "Since Christmas and Easter, nothing.", "Sunday."])
def test_calendar_words_are_no_entities(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    "text",
    ["Police searched the house.", "Protesters came. Officials left.", "However, nobody knew. Shipping stopped."],
)
def test_ordinary_words_that_open_a_sentence_are_dropped(text: str) -> None:
    assert found(text) == {}


def test_word_that_is_lower_case_elsewhere_is_no_name() -> None:
    assert found("Quokkas are shy. Few quokkas bite.") == {}


def test_headline_in_capitals_gives_only_names_that_the_body_knows() -> None:
    names = found("Vladimir Putin spoke in Tbilisi.", title="Putin Says Talks May Resume After Visit to Tbilisi")
    assert names == {"Vladimir Putin": "person", "Tbilisi": "location"}


def test_compound_tail_is_outside_and_two_countries_are_two() -> None:
    assert found("A Beijing-based firm profits from the Russia-Ukraine war.") == {
        "Beijing": "location",
        "Russia": "location",
        "Ukraine": "location",
    }


def test_what_no_rule_tells_is_other() -> None:
    assert found("Everybody talks of Zorblax now.") == {"Zorblax": "other"}


def test_event_and_quoted_work_are_told_by_their_words() -> None:
    assert found("He saw the World Cup and the film “Green Harbour” then.") == {
        "World Cup": "event",
        "Green Harbour": "work",
    }


def test_addresses_and_handles_hold_no_names() -> None:
    assert found("see https://Example.org/Maria-Adams and @MariaAdams and #Paris or www.Paris.fr") == {}


@pytest.mark.parametrize("language", ["de", "fr-FR", "zh", "und"])
def test_article_in_another_language_has_no_entities(language: str) -> None:
    assert FINDER.find("Maria Adams", "Maria Adams lives in Paris.", language=language) == []


@pytest.mark.parametrize("language", [None, "en", "en-GB", "EN"])
def test_english_or_unknown_language_is_read(language: str | None) -> None:
    assert len(FINDER.find("", "Then Maria Adams lives in Paris.", language=language)) == 2


def test_entities_come_in_order_of_first_mention() -> None:
    names = list(found("Then Maria Adams met Peter Lund in Paris.", title="A day in Paris"))
    assert names == ["Paris", "Maria Adams", "Peter Lund"]


def test_identity_depends_on_type_and_name_alone() -> None:
    one = entity("Maria Adams", "Then Maria Adams left.")
    two = entity("Maria Adams", "Yesterday, in Rome, Maria Adams sang. Adams won.")
    assert one.id == two.id == "person:maria-adams"


def test_salience_grows_with_title_position_and_number_of_mentions() -> None:
    body = "Then Maria Adams left. " + "Nothing else happened that day. " * 20 + "Peter Lund slept."
    low, high = entity("Peter Lund", body), entity("Maria Adams", body)
    best = entity("Maria Adams", body, title="Maria Adams leaves")
    assert low.salience is not None
    assert high.salience is not None
    assert best.salience is not None
    assert 0 <= low.salience < high.salience < best.salience <= 1
