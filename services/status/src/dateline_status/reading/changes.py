"""What changed between two versions of a text, by paragraphs and words, with bounded work."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

__all__ = ["ChangedParagraph", "WordRun", "changes"]

MOST_PARAGRAPHS = 300
"""Texts are compared by paragraph up to this many; beyond, the whole text is shown as replaced."""

MOST_WORDS = 600
"""Two paragraphs are compared by word if both have at most this many words."""

WORDS_IN_ALL = 6000
"""After this many words, the remaining paragraphs are shown as replaced."""

LONGEST = 20_000
"""A paragraph is shown up to this many characters."""

ChangeKind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words in a row that are in both versions or in one of them."""

    kind: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class ChangedParagraph:
    """A paragraph that differs, in runs of words; `unchanged` paragraphs stand before it."""

    runs: list[WordRun]
    unchanged: int = 0


def changes(old: str, new: str) -> list[ChangedParagraph]:
    """Return the paragraphs that differ, in order; an empty list if the texts are the same but for white space."""
    before, after = _paragraphs(old), _paragraphs(new)
    first = _common(before, after)
    last = _common(before[first:][::-1], after[first:][::-1])
    before, after = before[first : len(before) - last], after[first : len(after) - last]
    found: list[ChangedParagraph] = []
    unchanged, budget = first, WORDS_IN_ALL
    for kind, old_part, new_part in _operations(before, after):
        if kind == "equal":
            unchanged += len(new_part)
            continue
        for number in range(max(len(old_part), len(new_part))):
            removed = old_part[number] if number < len(old_part) else ""
            added = new_part[number] if number < len(new_part) else ""
            runs = _runs(removed, added, budget)
            budget -= len(removed.split()) + len(added.split())
            found.append(ChangedParagraph(runs, unchanged))
            unchanged = 0
    return found


def _paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _operations(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, list[str], list[str]]]:
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        return [("replace", ["\n".join(before)], ["\n".join(after)])]
    matcher = SequenceMatcher(None, list(before), list(after))
    return [(kind, list(before[a:b]), list(after[c:d])) for kind, a, b, c, d in matcher.get_opcodes()]


def _runs(removed: str, added: str, budget: int) -> list[WordRun]:
    old, new = removed.split(), added.split()
    if not old or not new or len(old) + len(new) > budget or max(len(old), len(new)) > MOST_WORDS:
        whole: list[tuple[ChangeKind, str]] = [("removed", removed), ("added", added)]
        return [WordRun(kind, text[:LONGEST]) for kind, text in whole if text]
    runs = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            runs.append(WordRun("same", " ".join(new[c:d])))
            continue
        if a < b:
            runs.append(WordRun("removed", " ".join(old[a:b])))
        if c < d:
            runs.append(WordRun("added", " ".join(new[c:d])))
    return runs
