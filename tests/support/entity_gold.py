"""Articles with gold entities, and the scores of a finder on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from dateline_enrich.entities.gazetteer import gazetteer
from dateline_schemas import Entity

__all__ = ["GoldArticle", "GoldEntity", "Place", "Scores", "gold_articles", "score"]

GOLD = Path(__file__).parents[1] / "gold" / "entities.txt"

SCORED = frozenset(("person", "organization", "location"))
"""The types that are scored."""

Place = tuple[str, int, int]
"""Field, start and end of a mention."""

MARK = re.compile(r"\[(\w+):([^\]]+)\]")
"""A marked mention: `[key:text]`."""


@dataclass(slots=True)
class GoldEntity:
    key: str
    type: str
    name: str
    expected: str
    """A location's code, Wikidata identity or city; "open" if ambiguous; empty if not in the tables."""

    mentions: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class GoldArticle:
    name: str
    title: str
    body: str
    entities: dict[str, GoldEntity]
    salience: list[str]


def gold_articles(path: Path = GOLD) -> list[GoldArticle]:
    """Read the articles; the top of the file describes its format."""
    return [_article(chunk) for chunk in path.read_text("utf-8").split("\n=== ")[1:]]


def _article(chunk: str) -> GoldArticle:
    text, _, listing = chunk.partition("\n---\n")
    name, title, body = text.split("\n", 2)
    entities: dict[str, GoldEntity] = {}
    salience: list[str] = []
    for line in listing.strip().splitlines():
        key, kind, *rest = line.split(" ")
        if key == "salience":
            salience = [kind, *rest]
            continue
        label, _, expected = " ".join(rest).partition(" = ")
        entities[key] = GoldEntity(key, kind, label, expected)
    article = GoldArticle(name, "", "", entities, salience)
    article.title = _unmarked("title", title, entities)
    article.body = _unmarked("body", body, entities)
    return article


def _unmarked(where: str, text: str, entities: dict[str, GoldEntity]) -> str:
    plain, last = "", 0
    for mark in MARK.finditer(text):
        plain += text[last : mark.start()]
        entities[mark[1]].mentions.append((where, len(plain), len(plain) + len(mark[2])))
        plain, last = plain + mark[2], mark.end()
    return plain + text[last:]


def expected_link(entity: GoldEntity) -> tuple[str, str] | None:
    """Return the expected link of a location, or None if it has none."""
    expected = entity.expected
    if expected in ("", "open"):
        return None
    if re.fullmatch(r"Q\d+", expected):
        return "wikidata", expected
    if expected.startswith("geonames:"):
        return "geonames", expected.removeprefix("geonames:")
    if "/" not in expected:
        return "iso3166", expected
    name, _, within = expected.partition("/")
    found = [p for p in gazetteer().find(name) if p.geonames and within in (p.country, p.division)]
    if not found:
        raise LookupError(f"no city {expected} in the tables")
    return "geonames", found[0].geonames


@dataclass(slots=True)
class Scores:
    """Figures over all articles, in percent."""

    counts: Counter[str] = field(default_factory=Counter)
    recall: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    @property
    def mentions_f1(self) -> float:
        """F1 of exact mentions with the right type."""
        c = self.counts
        return 200 * c["right"] / max(c["gold"] + c["found"], 1)

    @property
    def bcubed_f1(self) -> float:
        """B-cubed F1; a mention that only one side has counts as 0."""
        p = sum(self.precision) / max(len(self.precision), 1)
        r = sum(self.recall) / max(len(self.recall), 1)
        return 200 * p * r / (p + r) if p + r else 0.0

    @property
    def link_precision(self) -> float:
        return 100 * self.counts["links right"] / max(self.counts["links given"], 1)

    @property
    def link_coverage(self) -> float:
        return 100 * self.counts["links right"] / max(self.counts["links wanted"], 1)

    @property
    def salience_order(self) -> float:
        """Share of pairs of salient entities that are in the order of the gold."""
        return 100 * self.counts["order right"] / max(self.counts["order pairs"], 1)

    def summary(self) -> dict[str, float]:
        names = ("mentions_f1", "bcubed_f1", "link_precision", "link_coverage", "salience_order")
        return {name: round(getattr(self, name), 1) for name in names}


def score(articles: Sequence[GoldArticle], find: Callable[[GoldArticle], list[Entity]]) -> Scores:
    """Return the scores of a finder."""
    scores = Scores()
    for article in articles:
        _score_article(article, find(article), scores)
    return scores


def _score_article(article: GoldArticle, found: list[Entity], scores: Scores) -> None:
    gold = {m: e for e in article.entities.values() if e.type in SCORED for m in e.mentions}
    got: dict[Place, Entity] = {(m.field, m.start, m.end): e for e in found if e.type in SCORED for m in e.mentions}
    gold_sets = {m: frozenset(e.mentions) for m, e in gold.items()}
    got_sets: dict[Place, frozenset[Place]] = {
        m: frozenset((x.field, x.start, x.end) for x in e.mentions) for m, e in got.items()
    }
    for mention in gold:
        scores.recall.append(_overlap(gold_sets[mention], got_sets.get(mention)))
    for mention in got:
        scores.precision.append(_overlap(got_sets[mention], gold_sets.get(mention)))
    scores.counts["gold"] += len(gold)
    scores.counts["found"] += len(got)
    scores.counts["right"] += sum(m in got and got[m].type == e.type for m, e in gold.items())
    _note(article, gold, got, scores)
    for entity in article.entities.values():
        mine = next((got[m] for m in entity.mentions if m in got), None)
        if entity.type == "location":
            _score_link(article, entity, mine, scores)
    _score_order(article, found, scores)


def _overlap(own: frozenset[Place], other: frozenset[Place] | None) -> float:
    return len(own & other) / len(own) if other else 0.0


def _score_link(article: GoldArticle, entity: GoldEntity, mine: Entity | None, scores: Scores) -> None:
    wanted = expected_link(entity)
    links = {(link.scheme, link.id) for link in mine.links} if mine and mine.type == "location" else set()
    scores.counts["links wanted"] += wanted is not None
    scores.counts["links given"] += bool(links)
    right = wanted in links
    scores.counts["links right"] += right
    if right != (wanted is not None) or (links and not right):
        scores.misses.append(f"{article.name}: link of {entity.name}: wanted {wanted}, not {sorted(links)}")


def _score_order(article: GoldArticle, found: list[Entity], scores: Scores) -> None:
    salience = {}
    for key in article.salience:
        mentions = set(article.entities[key].mentions)
        own = [e.salience or 0.0 for e in found if mentions & {(m.field, m.start, m.end) for m in e.mentions}]
        salience[key] = max(own, default=0.0)
    for first, second in combinations(article.salience, 2):
        scores.counts["order pairs"] += 1
        scores.counts["order right"] += salience[first] > salience[second]


def _note(article: GoldArticle, gold: dict[Place, GoldEntity], got: dict[Place, Entity], scores: Scores) -> None:
    text = {"title": article.title, "body": article.body}
    for mention, entity in gold.items():
        if mention not in got:
            scores.misses.append(f"{article.name}: missed {mention} {text[mention[0]][mention[1] : mention[2]]!r}")
        elif got[mention].type != entity.type:
            scores.misses.append(f"{article.name}: {entity.name} is {entity.type}, not {got[mention].type}")
        elif {(m.field, m.start, m.end) for m in got[mention].mentions} != set(entity.mentions):
            scores.misses.append(f"{article.name}: {entity.name}: {[m.text for m in got[mention].mentions]}")
    for mention in got.keys() - gold.keys():
        where, start, end = mention
        scores.misses.append(f"{article.name}: invented {got[mention].type} {text[where][start:end]!r}")
