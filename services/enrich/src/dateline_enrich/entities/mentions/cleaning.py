"""Makes mentions of spans: whole words, without article, possessive, quotation marks and titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dateline_schemas import EntityType

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.context import is_dateline, is_nation
from dateline_enrich.entities.mentions.doubtful_types import correct_type
from dateline_enrich.entities.mentions.joints import is_agency, parts
from dateline_enrich.entities.mentions.mention import LabelledSpan, NameMention
from dateline_enrich.entities.mentions.postnominals import name_end
from dateline_enrich.entities.mentions.titles import titles_before, titles_inside
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.vocabulary import (
    COMPOUND_TAILS,
    LEGAL_FORMS,
    LOCATIVE,
    PERIOD_SUFFIXES,
    PREFIXES,
    SAYING,
)

__all__ = ["cleaned", "mention_at"]

TYPES: dict[str, EntityType] = {"PER": "person", "ORG": "organization", "LOC": "location"}
"""The entity types of the tagger's labels."""

QUOTES = frozenset("\"'’”»“‘«")
"""Quotation marks."""

JOINTS = ("-", "‐", "‑")
"""Characters that join the parts of a compound."""

ARTICLES = frozenset(("the", "a", "an"))
"""Articles, which are not part of a mention."""

BRACKETS = {")": "(", "]": "["}
"""The opening bracket of each closing bracket."""
LONGEST_HALF = 6
"""Maximum number of letters of the second half of a given name."""

BODIES = frozenset(("ministry", "parliament", "army", "government", "embassy", "cabinet", "police", "navy"))
"""Last words of organisations whose name includes the people before it: Russian Foreign Ministry."""


def cleaned(
    passage: Passage, spans: Iterable[LabelledSpan], lexicon: Lexicon, places: Gazetteer
) -> Iterator[NameMention]:
    """Yield a tagger's spans as mentions, in order and without overlaps.

    Args:
        passage: the text of the spans.
        spans: the spans of the tagger.
        lexicon: the word lists.
        places: the known places.
    """
    last = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        begin, end = passage.first(span.start), passage.after(span.end)
        while begin < end and passage.tokens[begin].start < last:
            begin += 1
        for first, stop, label in parts(passage, begin, end, span.label, lexicon, places) if begin < end else ():
            found = _cleaned(passage, first, stop, label, span.score, lexicon, places, last)
            if found is not None:
                last = found.end
                yield found


def _cleaned(
    passage: Passage,
    begin: int,
    end: int,
    label: str,
    score: float,
    lexicon: Lexicon,
    places: Gazetteer,
    last: int,
) -> NameMention | None:
    if begin >= end or _is_letter_of_compound(passage, begin, end):
        return None
    if label == "PER":
        end = _past_hyphens(passage, begin, end)
    if label == "ORG" and end - begin > 2 and _is_quoted_company(passage, begin, end):
        end -= 2
    if label == "LOC":
        begin -= _is_prefixed(passage, begin) and passage.tokens[begin - 1].start >= last
        end += _lies_behind(passage, begin, end, lexicon, places)
    found = mention_at(passage, begin, end, TYPES.get(label, "other"), score, lexicon, places, last)
    if found is not None:
        correct_type(found, lexicon, places)
        if is_dateline(passage, begin, end) and places.knows(found.key):
            found.type = "location"
        elif is_agency(passage, begin, end) and found.type != "group" and not places.find(found.key):
            found.type = "organization"
    return found


def mention_at(
    passage: Passage,
    begin: int,
    end: int,
    kind: EntityType,
    score: float,
    lexicon: Lexicon,
    places: Gazetteer,
    last: int = 0,
) -> NameMention | None:
    """Return the mention that the tokens from `begin` to before `end` make, or nothing if no name is left.

    Titles at the front of a person, or before it, go to its titles. The mention begins at or after the character
    offset `last`, where the one before it ends.
    """
    tokens = passage.tokens
    closing = end
    if kind != "work":
        begin, end = _trimmed(passage, begin, end)
    titles: list[str] = []
    if kind == "person":
        begin = front = _past_people(passage, begin, end, lexicon)
        titles, begin = titles_inside(passage, begin, end, lexicon)
        end = name_end(passage, begin, end, lexicon)
    elif kind == "organization" and _is_body_of_people(passage, begin, end, lexicon):
        begin -= tokens[begin - 1].start >= last
    words = tuple(token.key for token in tokens[begin:end] if token.word or token.text == "&")
    if not any(c.isalnum() for word in words for c in word) or all(word in lexicon.calendar for word in words):
        return None
    if kind == "person":
        titles = [*titles_before(passage, front, lexicon), *titles]
    if kind != "person" and lexicon.is_people(words):
        kind = "group"
    start, stop = tokens[begin].start, _stop(passage, begin, end, places, marked=closing > end)
    beside = {*passage.keys(begin - 1, begin), *passage.keys(end, end + 1)}
    return NameMention(
        field=passage.field,
        start=start,
        end=stop,
        text=passage.text[start:stop],
        type=kind,
        score=score,
        words=words,
        titles=titles,
        locative=begin > 0 and tokens[begin - 1].key in LOCATIVE,
        nation=is_nation(passage, begin, end, lexicon),
        behind_comma=begin > 0 and tokens[begin - 1].text == ",",
        person=bool(titles) or not beside.isdisjoint(SAYING),
    )


def _is_quoted_company(passage: Passage, begin: int, end: int) -> bool:
    """Return whether a closing quotation mark separates a name from its company's legal form: “Zorbia Fuel” LLC."""
    mark, form = passage.tokens[end - 2], passage.tokens[end - 1]
    return form.key in LEGAL_FORMS and mark.text in QUOTES and passage.tokens[begin].text not in QUOTES


def _past_hyphens(passage: Passage, begin: int, end: int) -> int:
    """Return where a person's name ends, after the second half of a given name such as Jae-in."""
    tokens = passage.tokens
    while end - begin > 1 and end < len(tokens) and passage.text[tokens[end - 1].end : tokens[end].start] in JOINTS:
        half = tokens[end]
        if not half.text.islower() or len(half.text) > LONGEST_HALF or half.key in COMPOUND_TAILS:
            break
        end += 1
    return end


def _is_letter_of_compound(passage: Passage, begin: int, end: int) -> bool:
    """Return whether a span is one letter that a hyphen joins to a word: the K of K-pop."""
    token = passage.tokens[begin]
    if end - begin > 1 or len(token.text) > 1:
        return False
    before, after = passage.text[max(token.start - 2, 0) : token.start], passage.text[token.end : token.end + 2]
    return any(len(side) == 2 and side[0] in JOINTS and side[1].isalnum() for side in (before[::-1], after))


def _is_prefixed(passage: Passage, begin: int) -> bool:
    """Return whether a hyphen joins a prefix to the name of a place: sub-Saharan Africa."""
    before = passage.tokens[begin - 1] if begin else None
    return (
        before is not None and before.key in PREFIXES and passage.text[before.end : passage.tokens[begin].start] == "-"
    )


def _lies_behind(passage: Passage, begin: int, end: int, lexicon: Lexicon, places: Gazetteer) -> int:
    """Return 1 if a place and the word after it are the name of a known place, else 0: Tskhinvali region."""
    if end >= len(passage.tokens) or end <= begin or passage.tokens[end - 1].closed:
        return 0
    noun = passage.tokens[end]
    if noun.key not in lexicon.place_nouns or not noun.spaced:
        return 0
    return int(places.knows(" ".join((*passage.keys(begin, end), noun.key))))


def _trimmed(passage: Passage, begin: int, end: int) -> tuple[int, int]:
    """Remove articles and marks from both ends, but not a bracket whose partner is inside."""
    tokens = passage.tokens
    while begin < end and (not tokens[begin].word or _is_article(passage, begin, end)):
        begin += 1
    while end > begin and not tokens[end - 1].word:
        opener = BRACKETS.get(tokens[end - 1].text)
        if opener and any(token.text == opener for token in tokens[begin:end]):
            break
        end -= 1
    return begin, end


def _is_article(passage: Passage, at: int, end: int) -> bool:
    """Return whether a token is an article and not an initial, as in A. Noel Kramer."""
    tokens = passage.tokens
    return tokens[at].key in ARTICLES and not (at + 1 < end and tokens[at + 1].text == ".")


def _stop(passage: Passage, begin: int, end: int, places: Gazetteer, *, marked: bool) -> int:
    """Return the end of a mention, after the period of "J. D.", of ", Ga." and, within a sentence, of "Inc."."""
    tokens = passage.tokens
    last = tokens[end - 1]
    dotted = end < len(tokens) and tokens[end].text == "." and tokens[end].start == last.end
    if dotted and marked and begin < end - 1 and len(last.text) == 1:
        return tokens[end].end
    if dotted and begin and tokens[begin - 1].text == "," and places.abbreviated(last.key):
        return tokens[end].end
    if dotted and marked and last.key in PERIOD_SUFFIXES:
        follows = tokens[end + 1] if end + 1 < len(tokens) else None
        if follows is not None and follows.spaced and not follows.capital:
            return tokens[end].end
    return last.end


def _past_people(passage: Passage, begin: int, end: int, lexicon: Lexicon) -> int:
    """Return where a person's name begins after the name of a people: Gambian Bakary Gassama."""
    first = passage.tokens[begin] if end - begin > 2 else None
    people = first is not None and first.key in lexicon.demonyms and first.key not in lexicon.given_names
    return begin + 1 if people and passage.tokens[begin + 1].word else begin


def _is_body_of_people(passage: Passage, begin: int, end: int, lexicon: Lexicon) -> bool:
    if not 0 < begin < end:
        return False
    before, last = passage.tokens[begin - 1], passage.tokens[end - 1]
    return before.capital and before.key in lexicon.demonyms and last.key in BODIES and passage.tokens[begin].spaced
