"""Runs of capitalised words: the stretches of a text that may hold names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline_enrich.entities.lexicon import Lexicon
from dateline_enrich.entities.token import Token
from dateline_enrich.entities.vocabulary import (
    ABBREVIATIONS,
    COMPANY_SUFFIXES,
    PARTICLES,
    PLURAL_OWNERS,
    QUOTED_CONNECTORS,
)

__all__ = ["Run", "find_runs", "quoted_run"]

Run = list[int]
"""Places of a run's words in the list of tokens, lower-case connectors included, marks left out."""

_QUOTES = {"“": "”", '"': '"', "„": "“”", "«": "»", "‘": "’", "'": "'"}
"""Opening quotation marks and what closes them."""

_LONGEST_QUOTED = 7
"""Words of a quoted name; a longer quotation is somebody's words."""

_LONGEST = 14
"""More words in capitals than this are no name."""


def find_runs(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Run]:
    """Cut tokens into maximal runs.

    A run goes on over blanks, over the period of an initial or an abbreviation, over particles, and over "of", "for",
    "on" and "and" where a word such as Ministry or Bank came before.
    """
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not token.capital or not _is_name_word(token, lexicon):
            index += 1
            continue
        run = quoted_run(tokens, index) or _extend(tokens, index, lexicon)
        index = run[-1] + 1
        if len(run) <= _LONGEST:
            yield run


def quoted_run(tokens: Sequence[Token], index: int) -> Run:
    """The words from `index` to a closing mark, if they are a quoted name of two words or more: “Georgian Dream”."""
    closing = _QUOTES.get(tokens[index - 1].text) if index else None
    if closing is None:
        return []
    run: Run = []
    for i in range(index, min(index + _LONGEST_QUOTED + 1, len(tokens))):
        token = tokens[i]
        if not token.word:
            after = _at(tokens, i + 1)
            ends = token.text in closing or (token.text in ".," and after is not None and after.text in closing)
            return run if ends and len(run) > 1 and tokens[run[-1]].capital else []
        if not (token.capital or token.key in QUOTED_CONNECTORS) or (run and not token.spaced) or token.closed:
            return []
        run.append(i)
    return []


def _is_acronym(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def _extend(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> Run:
    run = [index]
    headed = False
    while True:
        last = tokens[run[-1]]
        headed = headed or last.key in lexicon.organization_heads
        if last.closed and last.key not in PLURAL_OWNERS:
            return run
        following = _following(tokens, run, headed, lexicon)
        if not following:
            return run
        run.extend(following)


def _following(tokens: Sequence[Token], run: Run, headed: bool, lexicon: Lexicon) -> Run:
    """The words that carry a run on: the next name word, after connectors if there are any."""
    here = run[-1]
    last = tokens[here]
    step = here + 1
    token = _at(tokens, step)
    if token is None:
        return []
    if token.start == last.end and (
        (token.text == "." and _takes_period(last)) or (token.text in "'’" and last.key in PLURAL_OWNERS)
    ):
        step += 1
        token = _at(tokens, step)
    elif token.text == "," and (suffix := _at(tokens, step + 1)) is not None and suffix.key in COMPANY_SUFFIXES:
        return [step + 1] if suffix.spaced and suffix.capital else []
    if token is None or not token.spaced or not token.word:
        return [step, step + 1] if _is_ampersand(tokens, step) else []
    if _is_name_word(token, lexicon):
        return [step]
    after = _at(tokens, step + 1)
    if after is None or not after.spaced or not after.word:
        return []
    if token.key in PARTICLES:
        if _is_name_word(after, lexicon):
            return [step, step + 1]
        third = _at(tokens, step + 2)
        if after.key in PARTICLES and third is not None and third.spaced and _is_name_word(third, lexicon):
            return [step, step + 1, step + 2]
    return _over_connector(tokens, run, step, headed, lexicon)


def _over_connector(tokens: Sequence[Token], run: Run, step: int, headed: bool, lexicon: Lexicon) -> Run:
    last = tokens[run[-1]]
    word, after = tokens[step], tokens[step + 1]
    taken = [step, step + 1]
    if after.key == "the" and not after.capital and word.key in ("of", "for"):
        third = _at(tokens, step + 2)
        if third is None or not third.spaced:
            return []
        after = third
        taken.append(step + 2)
    if not after.word or not _is_name_word(after, lexicon):
        return []
    whole = f"{' '.join(tokens[i].key for i in run[-3:])} {' '.join(tokens[i].key for i in taken)}"
    if any(lexicon.is_known_place(part) or part in lexicon.organizations for part in _tails(whole)):
        return taken
    if word.key == "of":
        heads = (lexicon.organization_heads, lexicon.place_heads, lexicon.place_openers, lexicon.event_heads)
        joins = any(last.key in words for words in heads) or last.key in lexicon.event_openers
        return taken if joins else []
    if word.key in ("for", "on", "against"):
        return taken if last.key in lexicon.organization_heads or last.key in lexicon.event_heads else []
    if word.key == "and":
        return taken if _joins_and(tokens, run, taken[-1], headed, lexicon) else []
    return []


def _joins_and(tokens: Sequence[Token], run: Run, after: int, headed: bool, lexicon: Lexicon) -> bool:
    """Whether "and" stands inside a name: Ministry of A and B, Food and Drug Administration."""
    token = tokens[after]
    if lexicon.is_known_place(token.key) or token.key in lexicon.given_names or token.key in lexicon.titles:
        return False
    if headed and any(tokens[i].key in ("of", "for", "on") for i in run):
        return True
    end = after
    while (follower := _at(tokens, end + 1)) is not None and follower.spaced and _is_name_word(follower, lexicon):
        end += 1
        if end - after > 3 or tokens[end - 1].closed:
            break
    return (
        end > after
        and tokens[end].key in lexicon.organization_heads
        and len(run) <= 2
        and tokens[run[-1]].key in lexicon.words
    )


def _tails(whole: str) -> Iterator[str]:
    words = whole.split(" ")
    return (" ".join(words[i:]) for i in range(len(words) - 2))


def _at(tokens: Sequence[Token], index: int) -> Token | None:
    return tokens[index] if index < len(tokens) else None


def _takes_period(token: Token) -> bool:
    return (len(token.text) == 1 and token.capital) or token.key in ABBREVIATIONS


def _is_ampersand(tokens: Sequence[Token], step: int) -> bool:
    after = _at(tokens, step + 1)
    return after is not None and after.capital and after.spaced and tokens[step].spaced and tokens[step].text == "&"


def _is_name_word(token: Token, lexicon: Lexicon) -> bool:
    return token.word and token.capital and (token.key not in lexicon.function_words or _is_acronym(token))
