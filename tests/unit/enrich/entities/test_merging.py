"""Merging: one entity for each thing, with all its mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from dateline_enrich.entities import EntityFinder
from support.fake_tagger import FakeSpan, FakeTagger, entities, entity


class Titled:
    """Finds other names in the title than in the body."""

    version = "titled"

    def __init__(self, title: dict[str, str], body: dict[str, str]) -> None:
        self._taggers = FakeTagger(title), FakeTagger(body)

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [tagger.spans([text])[0] for tagger, text in zip(self._taggers, texts, strict=False)]


class Unsure:
    """Finds the names of another tagger with little confidence."""

    version = "unsure"

    def __init__(self, tagger: FakeTagger) -> None:
        self._tagger = tagger

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [[replace(span, score=0.7) for span in its] for its in self._tagger.spans(texts)]


def mentions(name: str, body: str, names: dict[str, str], title: str = "") -> list[str]:
    return [m.text for m in entity(name, body, names, title).mentions]


def test_a_surname_is_merged_with_the_full_name() -> None:
    names = {"Maria Zakharova": "PER", "Zakharova": "PER"}
    assert mentions("Maria Zakharova", "Maria Zakharova spoke. “Late,” Zakharova said.", names) == [
        "Maria Zakharova",
        "Zakharova",
    ]


def test_a_surname_in_the_title_is_merged_with_the_full_name_in_the_body() -> None:
    person = entity("Olga Lund", "The mayor, Olga Lund, left.", {"Olga Lund": "PER", "Lund": "PER"}, "Lund has left")
    assert [m.field for m in person.mentions] == ["title", "body"]


def test_a_surname_that_the_tagger_labels_as_a_place_is_the_person() -> None:
    text = "Mamuka Pipia came. Then Pipia left."
    assert mentions("Mamuka Pipia", text, {"Mamuka Pipia": "PER", "Pipia": "LOC"}) == ["Mamuka Pipia", "Pipia"]


def test_a_known_place_with_the_name_of_a_person_stays_a_place_after_a_preposition_of_place() -> None:
    names = {"Denzel Washington": "PER", "Washington#2": "LOC", "Washington#3": "LOC"}
    found = entities("Denzel Washington smiled in Washington. “Good,” Washington said.", names)
    assert [m.text for m in found["Denzel Washington"].mentions] == ["Denzel Washington", "Washington"]
    assert found["Washington"].type == "location"


def test_a_surname_of_two_persons_means_the_one_named_last() -> None:
    names = {"Alan Smith": "PER", "Ann Smith": "PER", "Smith": "PER"}
    found = entities("Alan Smith spoke. So Smith left. Ann Smith came. Then Smith sang.", names)
    assert [m.start for m in found["Alan Smith"].mentions] == [0, 21]
    assert len(found["Ann Smith"].mentions) == 2


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Judith Karen Ames", "J. K. Ames"),
        ("Maria Zakharova", "Maria V. Zakharova"),
        ("Joseph Biden", "Joe Biden"),
        ("Juan Trujillo Jr", "Trujillo"),
        ("Bashar al-Assad", "Assad"),
        ("Ludwig van der Berg", "van der Berg"),
        ("Gabriel García Márquez", "García Márquez"),
        ("Ana Teresa Rivas Soler", "Teresa Rivas"),
        ("Vladimir Putin", "Vladimir Vladimirovich"),
        ("Xi Jinping", "Xi"),
    ],
)
def test_other_forms_of_a_name_are_the_same_person(full: str, short: str) -> None:
    found = entities(f"It was {full} who came. Later {short} left again.", {full: "PER", short: "PER"})
    assert len(found) == 1, list(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Adams", "Mark Adams"),
        ("Maria Adams", "Maria Olsen"),
        ("Ivan Sergeyevich Petrov", "Ivan Pavlovich"),
        ("Juan Trujillo Jr", "Juan Trujillo Sr"),
    ],
)
def test_different_names_are_two_persons(one: str, other: str) -> None:
    assert len(entities(f"It was {one} who came. Later {other} left again.", {one: "PER", other: "PER"})) == 2


@pytest.mark.parametrize(
    "text", ["Vladimir Putin: “Vladimir Vladimirovich!”", "“Vladimir Vladimirovich!” Vladimir Putin."]
)
def test_a_person_is_merged_by_surname_and_not_by_patronymic(text: str) -> None:
    names = {"Vladimir Putin": "PER", "Vladimir Vladimirovich": "PER"}
    assert list(entities(text, names)) == ["Vladimir Putin"]


def test_a_given_name_and_patronymic_that_fit_two_persons_are_not_merged() -> None:
    names = {"Ivan Lind": "PER", "Ivan Berg": "PER", "Ivan Petrovich": "PER"}
    assert len(entities("Ivan Lind met Ivan Berg. “Ivan Petrovich, come,” he said.", names)) == 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Baltic Fishing Union (BFU) met. The BFU said no.", ("Baltic Fishing Union", "BFU")),
        ("The Baltic Fishing Union met. BFU said no.", ("Baltic Fishing Union", "BFU")),
        ("The Ministry of Defence met. The Defence Ministry said no.", ("Ministry of Defence", "Defence Ministry")),
        ("The Russian Foreign Ministry met. So the Ministry of Foreign Affairs said.",
         ("Russian Foreign Ministry", "Ministry of Foreign Affairs")),
        ("The Russian Navy met. The navy of Russia, the Navy of Russia, said no.", ("Russian Navy", "Navy of Russia")),
        ("Kyoda Corp. met. So Kyoda said no.", ("Kyoda Corp.", "Kyoda")),
        ("Halvorsen Lines met. Then Halvorsen said no.", ("Halvorsen Lines", "Halvorsen")),
        ("Radio Azalai met. Then Azalai said no.", ("Radio Azalai", "Azalai")),
        ("The European Union met. The EU said no.", ("European Union", "EU")),
    ],
)  # fmt: skip
def test_short_forms_of_an_organisation_are_merged_with_it(text: str, names: tuple[str, str]) -> None:
    found = [e for e in entities(text, dict.fromkeys(names, "ORG")).values() if e.type == "organization"]
    assert len(found) == 1, found
    assert {m.text for m in found[0].mentions} == set(names)


def test_a_ministry_that_could_belong_to_two_countries_is_not_merged() -> None:
    names = dict.fromkeys(("Russian Foreign Ministry", "Georgian Foreign Ministry", "Foreign Ministry"), "ORG")
    text = "The Russian Foreign Ministry met. The Georgian Foreign Ministry met. A Foreign Ministry said no."
    assert len(entities(text, names)) == 3


def test_names_of_one_country_are_one_entity() -> None:
    text = "Ships of the United States left. The U.S. said so. The US agreed, and America slept."
    country = entity("United States", text, dict.fromkeys(("United States", "U.S.", "US", "America"), "LOC"))
    assert [m.text for m in country.mentions] == ["United States", "U.S.", "US", "America"]


def test_a_country_that_the_tagger_mislabels_once_is_the_country() -> None:
    assert entity("Cuba", "So Cuba left.", {"Cuba": "PER"}).type == "location"


def test_an_entity_has_the_type_of_most_of_its_mentions() -> None:
    names = {"Zorbia#1": "ORG", "Zorbia#2": "LOC", "Zorbia#3": "LOC"}
    assert entity("Zorbia", "Zorbia met. It rained in Zorbia and near Zorbia.", names).type == "location"


@pytest.mark.parametrize(
    ("names", "name", "text", "number"),
    [
        ({"Mamuka Pipia": "PER"}, "Mamuka Pipia", "Mamuka Pipia spoke. Then Pipia left.", 2),
        (
            {"World Health Organization": "ORG"},
            "World Health Organization",
            "The World Health Organization (WHO) met, but who knows. The WHO left.",
            3,
        ),
        ({"Zorbia#1": "LOC"}, "Zorbia", "They met in Zorbia. In Zorbia it rained.", 2),
        ({"Zorbia#1": "LOC"}, "Zorbia", "They met in Zorbia. The Zorbia Times says so.", 1),
        ({"Hope#1": "PER"}, "Hope", "They met Hope. Hope is what they have.", 1),
    ],
)
def test_repetitions_that_the_tagger_missed_are_found(names: dict[str, str], name: str, text: str, number: int) -> None:
    found = [e for e in entities(text, names).values() if e.name == name]
    assert [len(e.mentions) for e in found] == [number]


def test_identity_depends_on_type_and_name_alone() -> None:
    names = {"Maria Adams": "PER", "Adams": "PER"}
    one = entity("Maria Adams", "Then Maria Adams left.", names)
    two = entity("Maria Adams", "Yesterday, in Rome, Maria Adams sang. Adams won.", names)
    assert one.id == two.id == "person:maria-adams"


def test_short_and_full_form_of_a_known_organisation_have_one_identity() -> None:
    short = entity("UN", "Boats of the UN came.", {"UN": "ORG"})
    full = entity("United Nations", "Boats of the United Nations came.", {"United Nations": "ORG"})
    assert short.id == full.id == "organization:united-nations"


def test_salience_grows_with_title_position_and_number_of_mentions() -> None:
    names = {"Maria Adams": "PER", "Peter Lund": "PER"}
    body = "Then Maria Adams left. " + "Nothing else happened that day. " * 20 + "Peter Lund slept."
    low, high = entity("Peter Lund", body, names), entity("Maria Adams", body, names)
    best = entity("Maria Adams", body, names, "Maria Adams leaves")
    assert low.salience is not None
    assert high.salience is not None
    assert best.salience is not None
    assert 0 <= low.salience < high.salience < best.salience <= 1


def test_initials_in_brackets_belong_to_the_person() -> None:
    body = "Andrés Manuel López Obrador (AMLO) spoke. Then AMLO left."
    names = {"Andrés Manuel López Obrador": "PER", "AMLO": "ORG", "AMLO#2": "ORG"}
    person = entity("Andrés Manuel López Obrador", body, names)
    assert person.type == "person"
    assert [mention.text for mention in person.mentions] == ["Andrés Manuel López Obrador", "AMLO", "AMLO"]


@pytest.mark.parametrize("letters", ["DA", "ANC", "M5S"])
def test_a_party_in_brackets_after_a_person_stays_a_party(letters: str) -> None:
    found = entities(
        f"Derrick America ({letters}) spoke. The {letters} is late.", {"Derrick America": "PER", letters: "ORG"}
    )
    assert found[letters].type == "organization"
    assert found["Derrick America"].type == "person"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Dora Oman flew to Oman.", {"Dora Oman": "PER", "Oman#2": "LOC"}),
        ("Dora Oman came from Muscat, the capital of Oman.", {"Dora Oman": "PER", "Oman#2": "PER"}),
        ("Dora Oman went back to Oman then.", {"Dora Oman": "PER", "Oman#2": "PER"}),
        ("Dora Oman knows that Oman is poor.", {"Dora Oman": "PER", "Oman#2": "LOC"}),
        ("Dora Oman saw Oman's capital.", {"Dora Oman": "PER", "Oman#2": "PER"}),
        ("Dora Oman lives in Oman now.", {"Dora Oman": "PER", "Oman#2": "LOC"}),
    ],
)
def test_a_country_beside_a_person_of_that_name_stays_a_country(body: str, names: dict[str, str]) -> None:
    found = entities(body, names)
    assert (found["Dora Oman"].type, len(found["Dora Oman"].mentions)) == ("person", 1)
    assert found["Oman"].type == "location"


@pytest.mark.parametrize(
    "body",
    [
        "Dora Oman sang. It was heard by Oman too.",
        "Dora Oman sang. A friend of Oman left.",
        "Dora Oman sang. They gave it to Oman there.",
        "Dora Oman sang. “No,” Ms Oman said.",
        "Dora Oman sang. It was Oman's song.",
    ],
)
def test_a_surname_that_is_a_country_too_is_the_person(body: str) -> None:
    assert list(entities(body, {"Dora Oman": "PER", "Oman": "PER"})) == ["Dora Oman"]


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (("LOC", "PER", "LOC", "LOC", "LOC"), "location"),
        (("ORG", "ORG", "PER", "ORG", "ORG"), "organization"),
        (("PER", "PER", "ORG", "PER", "PER"), "person"),
    ],
)
def test_a_name_is_one_entity_of_the_type_of_most_mentions(labels: tuple[str, ...], kind: str) -> None:
    body = "They know Zorbia. They love Zorbia. They hear of Zorbia. They hate Zorbia. They left Zorbia."
    found = entities(body, {f"Zorbia#{n}": label for n, label in enumerate(labels, 1)})
    assert [(each.type, len(each.mentions)) for each in found.values()] == [(kind, 5)]


def test_a_name_of_the_title_has_the_type_that_it_has_in_the_body() -> None:
    finder = EntityFinder(taggers={"en": Titled({"Zorbia": "PER"}, {"Zorbia": "ORG"})})
    assert [(e.type, len(e.mentions)) for e in finder.find("Zorbia pays", "They bought Zorbia then.")] == [
        ("organization", 2)
    ]


def test_a_person_with_a_title_is_not_the_place_of_that_name() -> None:
    found = EntityFinder(taggers={"en": FakeTagger({"Zorbia#1": "PER", "Zorbia#2": "LOC", "Zorbia#3": "LOC"})}).find(
        "", "They met Mrs Zorbia. It rains in Zorbia. It snows in Zorbia."
    )
    assert [(each.type, len(each.mentions)) for each in found] == [("person", 1), ("location", 2)]


@pytest.mark.parametrize(
    ("body", "names", "kinds"),
    [
        ("Some East Bavarian came then.", {"East Bavarian": "PER"}, ["group"]),
        ("Some Maasai came. The Maasai left.", {"Maasai#1": "PER"}, ["group"]),
        ("Ivan German came. German left.", {"Ivan German": "PER", "German#2": "PER"}, ["person"]),
        ("They met Mr Roman there.", {"Roman": "PER"}, ["person"]),
    ],
)
def test_a_people_is_no_person_except_as_a_surname(body: str, names: dict[str, str], kinds: list[str]) -> None:
    assert [each.type for each in entities(body, names).values()] == kinds


@pytest.mark.parametrize(
    ("title", "body", "names", "number"),
    [
        ("Central bank waits", "The Zorbian Central Bank met.", ("Central bank", "Zorbian Central Bank"), 1),
        ("National Bank waits", "The National Bank of Zorbia met.", ("National Bank", "National Bank of Zorbia"), 1),
        ("Supreme Court waits", "Zorbia's Supreme Court met.", ("Supreme Court",), 1),
        ("High Court waits", "The High Court of Zorbia met.", ("High Court", "High Court of Zorbia"), 1),
        (
            "National Bank waits",
            "The Alban National Bank met the Zorbian National Bank.",
            ("National Bank", "Alban National Bank", "Zorbian National Bank"),
            3,
        ),
        ("Central bank waits", "The National Bank met.", ("Central bank", "National Bank"), 2),
        ("World Bank waits", "The Zorbian World Bank met.", ("World Bank", "Zorbian World Bank"), 2),
        ("Harrow Bank waits", "The Zorbian Harrow Bank met.", ("Harrow Bank", "Zorbian Harrow Bank"), 2),
    ],
)
def test_a_short_form_of_ordinary_words_is_the_one_longer_name(
    title: str, body: str, names: tuple[str, ...], number: int
) -> None:
    found = entities(body, dict.fromkeys(names, "ORG"), title)
    assert len([each for each in found.values() if each.type == "organization"]) == number


def test_a_mention_of_unknown_type_belongs_to_the_organization_of_that_name() -> None:
    body = "The Zorbia Group met. So Zorbia paid. It was the new Zorbia phone."
    found = entities(body, {"Zorbia Group": "ORG", "Zorbia#2": "ORG", "Zorbia#3": "MISC"})
    assert [m.text for m in found["Zorbia Group"].mentions] == ["Zorbia Group", "Zorbia", "Zorbia"]


def test_a_family_name_before_a_hyphenated_given_name_is_the_person() -> None:
    body = "Then Moon Ji-ho spoke. It was the cabinet of Moon."
    found = entities(body, {"Moon Ji-ho": "PER"})
    assert [m.text for m in found["Moon Ji-ho"].mentions][:1] == ["Moon Ji-ho"]
    tagger = FakeTagger({"Moon Ji-ho": "PER", "Moon#2": "ORG"})
    (person,) = EntityFinder(taggers={"en": Unsure(tagger)}).find("", body)
    assert (person.type, [m.text for m in person.mentions]) == ("person", ["Moon Ji-ho", "Moon"])
