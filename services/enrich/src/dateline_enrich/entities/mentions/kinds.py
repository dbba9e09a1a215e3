"""Finds names of the kinds that the tagger does not know: peoples, events, works, products, quoted names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline_schemas import EntityType

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.cleaning import mention_at
from dateline_enrich.entities.mentions.joints import names_in
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.token import Token
from dateline_enrich.entities.text.vocabulary import LEGAL_FORMS, PRODUCT_NOUNS, QUOTED_CONNECTORS, STORMS

__all__ = ["with_kinds"]

GROUP, EVENT, QUOTED, BODY, PRODUCT, OTHER = 0.9, 0.75, 0.8, 0.8, 0.7, 0.4
"""Confidence of each rule: its share of correct mentions in our own articles, rounded."""

BODIES = frozenset(("ministry", "embassy", "parliament", "consulate"))
"""Last words that only names of public bodies have."""

INNER = frozenset(("of", "the", "and", "for"))
"""Lower-case words inside names."""

CLOSING = {"“": "”", '"': '"', "‘": "’", "«": "»", "'": "'"}
"""The closing mark of each opening quotation mark."""

LONGEST_TITLE = 9
"""Maximum number of words in the title of a work."""

LONGEST_RUN = 7
"""Maximum number of tokens in a run of capitalised words."""

LONGEST_PEOPLE = 3
"""Maximum number of words in the name of a people: Torres Strait Islanders."""


def with_kinds(
    passage: Passage, names: Sequence[NameMention], lexicon: Lexicon, places: Gazetteer, lower: set[str]
) -> list[NameMention]:
    """Add the mentions that rules find to those of the tagger.

    A rule's mention replaces a mention of the tagger if it is longer or determines the type of the same name.

    Args:
        passage: the text.
        names: the mentions of the tagger in this text.
        lexicon: the word lists.
        places: the known places.
        lower: words that the article writes in lower case.

    Returns:
        the mentions in order, without overlaps.
    """
    taken: dict[int, NameMention] = {}
    for name in names:
        for at in range(passage.first(name.start), passage.after(name.end)):
            taken[at] = name
    kept = {id(name): name for name in names}
    for begin, end, kind, score in _candidates(passage, lexicon, places, lower):
        inside = {id(taken[at]): taken[at] for at in range(begin, end) if at in taken}
        if not _prevails(passage, begin, end, kind, list(inside.values())):
            continue
        found = mention_at(passage, begin, end, kind, score, lexicon, places)
        if found is None:
            continue
        if kind == "other" and found.key in lexicon.organizations:
            found.type = "organization"
        for each in inside:
            kept.pop(each, None)
        kept[id(found)] = found
        taken.update(dict.fromkeys(range(begin, end), found))
    return sorted(kept.values(), key=lambda each: each.start)


def _prevails(passage: Passage, begin: int, end: int, kind: EntityType, inside: list[NameMention]) -> bool:
    """Return whether a rule's mention replaces the mentions that it overlaps."""
    if kind in ("group", "product", "other"):
        return not inside
    start, stop = passage.tokens[begin].start, passage.tokens[end - 1].end
    if any(name.start < start or name.end > stop for name in inside):
        return False
    if kind == "event":
        return all(name.type in ("location", "organization", "group", "other") for name in inside)
    return True


def _candidates(
    passage: Passage, lexicon: Lexicon, places: Gazetteer, lower: set[str]
) -> Iterator[tuple[int, int, EntityType, float]]:
    """Yield quoted names first, then events, public bodies, products, peoples, and names of unknown type."""
    tokens = passage.tokens
    for at, token in enumerate(tokens):
        if token.text not in CLOSING or not (end := _quoted(passage, at)):
            continue
        if kind := "organization" if _is_company(passage, end) else _announced(passage, at, lexicon):
            yield at + 1, end, kind, QUOTED
    runs = list(_runs(passage, lexicon))
    for begin, end in runs:
        if event := _event(passage, begin, end, lexicon, lower):
            yield *event, "event", EVENT
    for begin, end in runs:
        if body := _body(passage, begin, end, lexicon, lower):
            yield *body, "organization", BODY
    for begin, end in runs:
        if product := _product(passage, begin, end, lexicon, lower):
            yield *product, "product", PRODUCT
    for at, token in enumerate(tokens):
        shouted = passage.in_headline(at) and token.text.isupper()
        if token.capital and not shouted and (end := _people(passage, at, lexicon)):
            yield at, end, "group", GROUP
    for run in runs:
        for begin, end in names_in(passage, *run, lexicon, places):
            if other := _other(passage, begin, end, lexicon, lower):
                yield *other, "other", OTHER


def _people(passage: Passage, at: int, lexicon: Lexicon) -> int:
    """Return where the longest name of a people that begins at a token ends, or 0."""
    tokens = passage.tokens
    found, end = 0, at + 1
    while True:
        if lexicon.is_people(passage.keys(at, end)):
            found = end
        if end == len(tokens) or end - at == LONGEST_PEOPLE or tokens[end - 1].closed:
            return found
        if not (tokens[end].word and tokens[end].spaced and tokens[end].capital):
            return found
        end += 1


def _runs(passage: Passage, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words and numbers, with lower-case words inside, outside headlines."""
    tokens = passage.tokens
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if not (token.word and token.capital) or passage.in_headline(at):
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and not tokens[end - 1].closed and end - at < LONGEST_RUN:
            step = end
            while step < len(tokens) and step - end < 2 and tokens[step].key in INNER and tokens[step].spaced:
                step += 1
            if step >= len(tokens) or not tokens[step].spaced or not tokens[step].word:
                break
            figure = step == end and tokens[step].key.isdigit() and len(tokens[step].key) < 3
            if not (tokens[step].capital or figure) or (step > end and tokens[step].key in lexicon.titles):
                break
            end = step + 1
        yield at, end
        at = end


def _event(passage: Passage, begin: int, end: int, lexicon: Lexicon, lower: set[str]) -> tuple[int, int] | None:
    begin = _past_opener(passage, begin, end, lexicon, lower)
    keys = passage.keys(begin, end)
    if keys and begin and passage.tokens[begin].spaced and passage.keys(begin - 1, begin)[0] in STORMS:
        return begin, begin + 1
    stop = next((i + 1 for i in range(len(keys) - 1, -1, -1) if keys[i] in lexicon.event_heads), 0)
    if stop < len(keys) and keys[stop:] not in ([], ["i"], ["ii"], ["iii"]):
        stop = 0
    stop = len(keys) if stop else 0
    if stop > 1 or (stop == 1 and keys[0] in ("olympics", "paralympics", "holocaust")):
        return begin, end
    if len(keys) > 1 and keys[0] in lexicon.event_openers and keys[1] not in INNER:
        return begin, end
    if len(keys) > 2 and keys[0] in lexicon.event_openers and keys[1] == "of":
        return begin, end
    return None


def _body(passage: Passage, begin: int, end: int, lexicon: Lexicon, lower: set[str]) -> tuple[int, int] | None:
    """Return a public body, recognised by its last word: Russian Embassy."""
    begin = _past_opener(passage, begin, end, lexicon, lower)
    return (begin, end) if end - begin > 1 and passage.tokens[end - 1].key in BODIES else None


def _product(passage: Passage, begin: int, end: int, lexicon: Lexicon, lower: set[str]) -> tuple[int, int] | None:
    """Return the name of a product before a noun for it: the Sputnik V vaccine."""
    tokens = passage.tokens
    begin = _past_opener(passage, begin, end, lexicon, lower)
    if begin >= end or end >= len(tokens) or tokens[end - 1].closed or not tokens[end].spaced:
        return None
    if tokens[end].key not in PRODUCT_NOUNS or tokens[end].capital:
        return None
    keys = passage.keys(begin, end)
    if any(key in lexicon.demonyms or key in lexicon.countries or key in lexicon.words for key in keys):
        return None
    return begin, end


def _other(passage: Passage, begin: int, end: int, lexicon: Lexicon, lower: set[str]) -> tuple[int, int] | None:
    """Return a name of unknown type, unless all its words may be ordinary words."""
    tokens = passage.tokens
    begin = _past_opener(passage, begin, end, lexicon, lower)
    keys = [key for key in passage.keys(begin, end) if key not in INNER]
    if not keys or (tokens[begin].opens and len(keys) == 1):
        return None
    dull = (
        lexicon.words,
        lexicon.calendar,
        lexicon.titles,
        lexicon.title_modifiers,
        lexicon.abbreviations,
        lower,
        LEGAL_FORMS,
    )
    if any(key in lexicon.calendar for key in keys) or len("".join(keys)) < 3:
        return None
    if " ".join(keys) in lexicon.descriptions:
        return None
    first = tokens[begin]
    short = first.text.isupper() or _is_plural(first) or _has_letter(first)
    if len(keys) == 1 and (short or keys[0] in lexicon.demonyms):
        return None
    return None if all(any(key in words for words in dull) or key.isdigit() for key in keys) else (begin, end)


def _is_plural(token: Token) -> bool:
    """Return whether a word is the plural of an abbreviation: RBIs."""
    return token.text.endswith("s") and token.text[:-1].isupper()


def _has_letter(token: Token) -> bool:
    """Return whether a word is a lower-case word behind a letter, which no name is: K-pop, T-shirt."""
    return token.text[1:2] == "-" and token.text[2:].islower()


def _past_opener(passage: Passage, begin: int, end: int, lexicon: Lexicon, lower: set[str]) -> int:
    """Return where a run begins without words that are capitalised only because a sentence starts there."""
    while begin < end:
        token = passage.tokens[begin]
        joined = token.text.partition("-")[2].islower()
        ordinary = token.key in lexicon.function_words or (token.opens and (token.key in lower or joined))
        if not ordinary or token.key in lexicon.event_openers or token.key in lexicon.demonyms:
            break
        begin += 1
    return begin


def _quoted(passage: Passage, at: int) -> int:
    """Return where a quotation ends if its words are capitalised like a title, else 0."""
    tokens = passage.tokens
    closing = CLOSING[tokens[at].text]
    for end in range(at + 1, min(at + LONGEST_TITLE + 3, len(tokens))):
        token = tokens[end]
        if token.text == closing and end > at + 1:
            return end if tokens[at + 1].capital and tokens[end - 1].capital else _past_mark(passage, at, end)
        if token.word and not token.capital and token.key not in QUOTED_CONNECTORS and not token.key.isdigit():
            return 0
    return 0


def _past_mark(passage: Passage, at: int, end: int) -> int:
    """Return the end of a title before a comma or period and the closing quotation mark, else 0."""
    tokens = passage.tokens
    marked = tokens[end - 1].text in ",.!?" and end - 2 > at and tokens[end - 2].capital
    return end - 1 if marked and tokens[at + 1].capital else 0


def _is_company(passage: Passage, end: int) -> bool:
    """Return whether a legal form of companies follows a quotation: “Zorbia Fuel” LLC."""
    return any(key in LEGAL_FORMS for key in passage.keys(end + 1, end + 2))


def _announced(passage: Passage, at: int, lexicon: Lexicon) -> EntityType | None:
    """Return the type that the word before a quotation tells: his novel “Green Harbour”, the party “New Horizon”."""
    before = [key for key in passage.keys(at - 2, at) if key != ","]
    if not before:
        return None
    return (
        "work"
        if before[-1] in lexicon.work_nouns
        else "organization"
        if before[-1] in lexicon.organization_nouns
        else None
    )
