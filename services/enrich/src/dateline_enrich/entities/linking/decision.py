"""Places tied to entries of knowledge bases, where the article decides which place is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline_schemas import TextField

from dateline_enrich.entities.gazetteer import Gazetteer, Place
from dateline_enrich.entities.linking.surroundings import Surroundings, country_of_surname
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.merging.clusters import Cluster
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.vocabulary import CAPITAL_WORDS, DIVISION_WORDS, NATION_WORDS

__all__ = ["Decision", "decide"]

LEAST = 0.85
"""A link of which less is sure is not given: the name is left open."""

_CLEAR = 0.97
"""From this on a place speaks for others."""

_UNKNOWN = 4.7
"""Weight of a place of the same name that no table has, as the logarithm of the people of a town."""

_QUALIFIED = 4.0
"""Weight of the words beside a name: Paris, Texas."""

_ROLE = 1.0
"""Weight of an office beside a name, such as governor or foreign minister."""

_POLITICS = 0.8
"""Weight that words of national politics give to a capital."""

_SEAT = "a capital, and the article speaks of national politics"

_INSIDE = 1.5
"""How much rarer than a city its province of the same name is spoken of."""

_TOWN = 5.5
"""Weight below which a city is a town that few readers know."""

_CITY_STATES = frozenset(
    ("RU-MOW", "RU-SPE", "DE-BE", "DE-HH", "CN-BJ", "CN-SH", "CN-TJ", "CN-CQ", "UA-30", "AE-DU", "AE-AZ", "AE-SH")
)
"""Divisions that are the city of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which place a name means, how sure that is, and why."""

    places: tuple[Place, ...]
    """The place; a city that is a division of its own has two entries."""

    confidence: float
    reason: str


@dataclass(slots=True)
class _Case:
    """A name that is to be decided."""

    cluster: Cluster
    options: list[Place]
    beside: dict[str, tuple[float, str]]
    """Evidence of the words beside it, by the code of a place, with the reason."""


def decide(
    passages: Sequence[Passage],
    clusters: Sequence[Cluster],
    places: Gazetteer,
    lexicon: Lexicon,
    source_country: str | None = None,
) -> dict[int, Decision]:
    """Decide which places the clusters of an article mean.

    Args:
        passages: Title and body.
        clusters: All clusters of the article.
        places: What places there are.
        lexicon: The word lists.
        source_country: ISO 3166-1 code of the country where the article was published, if known.

    Returns:
        Decisions by the cluster's position; none for names that nothing decides.
    """
    by_field = {passage.field: passage for passage in passages}
    cases: dict[int, _Case] = {}
    for number, cluster in enumerate(clusters):
        if cluster.type == "location" and (options := _options(cluster, places, lexicon)):
            cases[number] = _Case(cluster, options, {})
    firsts = {(f.field, f.start): case for case in cases.values() for f in case.cluster.mentions}
    politics = any(token.key in CAPITAL_WORDS for passage in passages for token in passage.tokens)
    for case in cases.values():
        case.beside |= {p.code: (_POLITICS, _SEAT) for p in case.options if politics and p.capital}
        for found in case.cluster.mentions:
            _look_beside(by_field[found.field], found, case, firsts, places)
    around = _hints(clusters, lexicon, source_country)
    decisions: dict[int, Decision] = {}
    for _ in range(2):
        fresh = {n: d for n, case in cases.items() if n not in decisions and (d := _weighed(case, around, _CLEAR))}
        for number, decision in fresh.items():
            around.place(decision.places[0], clusters[number].full.text, _votes(clusters[number]))
        decisions |= fresh
    rest = {n: d for n, case in cases.items() if n not in decisions and (d := _weighed(case, around, LEAST))}
    return decisions | rest


def _options(cluster: Cluster, places: Gazetteer, lexicon: Lexicon) -> list[Place]:
    """The places that a cluster's name may mean."""
    names = dict.fromkeys((cluster.key, cluster.full.text, *(found.text for found in cluster.mentions)))
    found = next((options for name in names if (options := places.find(name))), [])
    nations = {place.code for place in found if place.kind in ("country", "territory")}
    word = cluster.key in lexicon.words or cluster.key in lexicon.place_heads
    return [
        place
        for place in found
        if place.kind != "organization"
        # A city of its country's name is the country for news, and a town named by a word hardly ever is meant.
        and not (place.kind == "city" and (place.country in nations or (word and place.weight < _TOWN)))
    ]


def _hints(clusters: Sequence[Cluster], lexicon: Lexicon, source_country: str | None) -> Surroundings:
    around = Surroundings()
    for cluster in clusters:
        if cluster.type == "group" and (country := lexicon.demonyms.get(cluster.mentions[0].key)):
            around.hint(country.iso, cluster.full.text, _votes(cluster))
        elif cluster.type == "person" and (code := country_of_surname(cluster.full.words[-1])):
            around.hint(code, cluster.full.text, 0.5)
    if source_country:
        around.hint(source_country, "the source", 0.7)
    return around


def _votes(cluster: Cluster) -> float:
    return 1.0 + 0.5 * min(len(cluster.mentions) - 1, 2)


def _look_beside(
    passage: Passage,
    found: NameMention,
    case: _Case,
    firsts: dict[tuple[TextField, int], _Case],
    places: Gazetteer,
) -> None:
    """Collect what the words right beside a mention say: the place around it, and offices."""
    tokens = passage.tokens
    at = passage.after(found.end)
    if at + 1 < len(tokens) and (tokens[at].text in ",(" or tokens[at].key in ("in", "near")):
        ahead = 2 if at + 2 < len(tokens) and tokens[at + 1].key == "the" else 1
        token = tokens[at + ahead]
        other = firsts.get((found.field, token.start))
        wider = other.options if other else places.abbreviated(token.text) if token.capital else []
        _qualify(case, other, wider, token.text)
    role = {*passage.keys(at, at + 3), *passage.keys(passage.first(found.start) - 4, passage.first(found.start))}
    for words, kinds in ((NATION_WORDS, ("country", "territory")), (DIVISION_WORDS, ("subdivision",))):
        if spoken := sorted(role & words):
            for place in case.options:
                if place.kind in kinds and place.code not in case.beside:
                    case.beside[place.code] = (_ROLE, f"“{spoken[0]}” stands beside it")


def _qualify(case: _Case, other: _Case | None, wider: Sequence[Place], name: str) -> None:
    for place in case.options:
        for around in wider:
            if around.code == place.code or around.kind == "city" or around.code not in (place.country, place.division):
                continue
            case.beside[place.code] = (_QUALIFIED, f"the text places it in {name}")
            if other is not None:
                # Brooklyn, New York: the city or the state.
                both = around.kind == "subdivision" and any(each.division == around.code for each in other.options)
                other.beside[around.code] = (_INSIDE if both else _QUALIFIED, f"the text has {place.name} in it")


def _weighed(case: _Case, around: Surroundings, least: float) -> Decision | None:
    """Weigh the options of a name; nothing if the best is not sure enough."""
    own = {found.text for found in case.cluster.mentions}
    scored: list[tuple[float, str, Place]] = []
    for place in _joined(case.options):
        evidence, witnesses = around.evidence(place, own)
        beside, reason = case.beside.get(place.code, (0.0, ""))
        if not reason and evidence >= 1 and witnesses:
            reason = f"the article also speaks of {witnesses}"
        scored.append((_weight(place, case.options) + evidence + beside, reason, place))
    scored.sort(key=lambda each: (-each[0], each[2].code))
    best, reason, place = scored[0]
    share = 1 / (sum(10 ** (score - best) for score, _, _ in scored) + 10 ** (_UNKNOWN - best))
    if share < least:
        return None
    if not reason:
        others = len(scored) - 1
        reason = (
            f"the best known of {others + 1} places of this name" if others else f"the one {place.kind} of this name"
        )
    twins = [each for each in case.options if _is_city_state(place, each) or _is_city_state(each, place)]
    return Decision(places=(place, *twins), confidence=round(min(share, 0.99), 2), reason=f"{_titled(place)}: {reason}")


def _joined(options: Sequence[Place]) -> list[Place]:
    """The options without divisions that are one of the cities among them."""
    cities = [place for place in options if place.kind == "city"]
    return [place for place in options if not any(_is_city_state(place, city) for city in cities)]


def _is_city_state(division: Place, city: Place) -> bool:
    return division.code in _CITY_STATES and city.kind == "city" and city.country == division.country


def _weight(place: Place, options: Sequence[Place]) -> float:
    """How often news means this place by its name; a province less often than the city in it of the same name."""
    if place.kind != "subdivision":
        return place.weight
    inside = [city.weight for city in options if city.kind == "city" and _may_contain(place, city)]
    return min(place.weight, *inside) - _INSIDE if inside else place.weight


def _may_contain(division: Place, city: Place) -> bool:
    """Whether a city lies in a division, or may do because the table does not say where it lies."""
    return city.division == division.code if city.division else city.country == division.country


def _titled(place: Place) -> str:
    return f"{place.name} ({place.division or place.country})" if place.kind == "city" else place.name
