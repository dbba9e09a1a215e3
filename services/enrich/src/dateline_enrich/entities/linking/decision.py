"""Decides which place a name in an article means."""

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
"""Minimum confidence of a link; below it, the name gets no link."""

CLEAR = 0.97
"""Minimum confidence of a place that is used as evidence for other places."""

UNKNOWN = 4.7
"""Weight of a place of the same name that is missing in the tables, as the logarithm of a town's population."""

QUALIFIED = 4.0
"""Weight of a wider place beside a name: Paris, Texas."""

ROLE = 1.0
"""Weight of an office beside a name, such as governor or foreign minister."""

POLITICS = 0.8
"""Weight of words of national politics for a capital."""

SEAT = "a capital, and the article speaks of national politics"
"""The reason of a link to a capital because of such words."""
INSIDE = 1.5
"""How much less often than a city news mentions its province of the same name, as a logarithm."""

TOWN = 5.5
"""Weight below which a city is a little-known town."""

CITY_STATES = frozenset(
    ("RU-MOW", "RU-SPE", "DE-BE", "DE-HH", "CN-BJ", "CN-SH", "CN-TJ", "CN-CQ", "UA-30", "AE-DU", "AE-AZ", "AE-SH")
)
"""Divisions that are identical to the city of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The place that a name means, with a confidence and a reason."""

    places: tuple[Place, ...]
    """The place. A city that is also a division has two entries."""

    confidence: float
    reason: str


@dataclass(slots=True)
class _Case:
    """A name, the places it may mean, and the evidence for each."""

    cluster: Cluster
    options: list[Place]
    beside: dict[str, tuple[float, str]]
    """Weight and reason of the words beside the name, by the code of a place."""


def decide(
    passages: Sequence[Passage],
    clusters: Sequence[Cluster],
    places: Gazetteer,
    lexicon: Lexicon,
    source_country: str | None = None,
) -> dict[int, Decision]:
    """Decide which places the clusters of an article mean.

    Args:
        passages: title and body.
        clusters: all clusters of the article.
        places: the known places.
        lexicon: the word lists.
        source_country: ISO 3166-1 code of the country of publication, or None if unknown.

    Returns:
        decisions by the position of their cluster. A name that stays undecided is missing.
    """
    by_field = {passage.field: passage for passage in passages}
    cases: dict[int, _Case] = {}
    for number, cluster in enumerate(clusters):
        if cluster.type == "location" and (options := _options(cluster, places, lexicon)):
            cases[number] = _Case(cluster, options, {})
    firsts = {(f.field, f.start): case for case in cases.values() for f in case.cluster.mentions}
    politics = any(token.key in CAPITAL_WORDS for passage in passages for token in passage.tokens)
    for case in cases.values():
        case.beside |= {p.code: (POLITICS, SEAT) for p in case.options if politics and p.capital}
        for found in case.cluster.mentions:
            _look_beside(by_field[found.field], found, case, firsts, places)
    around = _hints(clusters, lexicon, source_country)
    decisions: dict[int, Decision] = {}
    for _ in range(2):
        fresh = {n: d for n, case in cases.items() if n not in decisions and (d := _weighed(case, around, CLEAR))}
        for number, decision in fresh.items():
            around.place(decision.places[0], clusters[number].full.text, _votes(clusters[number]))
        decisions |= fresh
    rest = {n: d for n, case in cases.items() if n not in decisions and (d := _weighed(case, around, LEAST))}
    return decisions | rest


def _options(cluster: Cluster, places: Gazetteer, lexicon: Lexicon) -> list[Place]:
    """Return the places that a cluster's name may mean."""
    names = dict.fromkeys((cluster.key, cluster.full.text, *(found.text for found in cluster.mentions)))
    found = next((options for name in names if (options := places.find(name))), [])
    nations = {place.code for place in found if place.kind in ("country", "territory")}
    word = cluster.key in lexicon.words or cluster.key in lexicon.place_heads
    return [
        place
        for place in found
        if place.kind != "organization"
        # In news, a city with the name of its country means the country. A town whose name is an ordinary word is
        # hardly ever meant.
        and not (place.kind == "city" and (place.country in nations or (word and place.weight < TOWN)))
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
    """Collect the evidence of the words right beside a mention: a wider place, and offices."""
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
                    case.beside[place.code] = (ROLE, f"“{spoken[0]}” stands beside it")


def _qualify(case: _Case, other: _Case | None, wider: Sequence[Place], name: str) -> None:
    for place in case.options:
        for around in wider:
            if around.code == place.code or around.kind == "city" or around.code not in (place.country, place.division):
                continue
            case.beside[place.code] = (QUALIFIED, f"the text places it in {name}")
            if other is not None:
                # Brooklyn, New York: the city or the state.
                both = around.kind == "subdivision" and any(each.division == around.code for each in other.options)
                other.beside[around.code] = (INSIDE if both else QUALIFIED, f"the text has {place.name} in it")


def _weighed(case: _Case, around: Surroundings, least: float) -> Decision | None:
    """Return the most likely place of a name, or None if its confidence is below the minimum."""
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
    share = 1 / (sum(10 ** (score - best) for score, _, _ in scored) + 10 ** (UNKNOWN - best))
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
    """Return the options without the divisions that are identical to a city among them."""
    cities = [place for place in options if place.kind == "city"]
    return [place for place in options if not any(_is_city_state(place, city) for city in cities)]


def _is_city_state(division: Place, city: Place) -> bool:
    return division.code in CITY_STATES and city.kind == "city" and city.country == division.country


def _weight(place: Place, options: Sequence[Place]) -> float:
    """Return how often news means this place by its name: a province less often than its city of the same name."""
    if place.kind != "subdivision":
        return place.weight
    inside = [city.weight for city in options if city.kind == "city" and _may_contain(place, city)]
    return min(place.weight, *inside) - INSIDE if inside else place.weight


def _may_contain(division: Place, city: Place) -> bool:
    """Return whether a city lies in a division, or may lie there because its division is unknown."""
    return city.division == division.code if city.division else city.country == division.country


def _titled(place: Place) -> str:
    return f"{place.name} ({place.division or place.country})" if place.kind == "city" else place.name
