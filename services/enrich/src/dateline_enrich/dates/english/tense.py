"""Tells whether an English clause is about the past or the future."""

from __future__ import annotations

from dateline_enrich.dates.matching.scan import Scan
from dateline_enrich.dates.words import words

__all__ = ["is_end", "tense"]

REACH = 40
"""At most this many tokens, white space included, are read on each side of an expression."""

FUTURE = words(
    "will ll shall would might must should can won cannot scheduled expected expects expect due plans "
    "plan planned planning slated intend intends hopes hope aims upcoming supposed poised proposed wants "
    "effective payable tomorrow deadline expires takes meet begins starts opens meets hosts returns travels "
    "visits arrives kicks resumes"
)
"""Words that announce an event."""

POSTPONING = words("extended postponed delayed adjourned deferred moved pushed rescheduled")
"""Past forms that announce an event if "to" or "until" precedes the day."""

NOUNS = words("plan plans hope hopes aims takes can might must proposed expected planned begins returns visits")
"""Words of `FUTURE` that are nouns after a determiner."""

BEFORE_NOUNS = words("according due next close back thanks prior from up down close similar related")
"""Words after which "to" is a preposition."""

DETERMINERS = words("the a an its his her their our this that these no any some")

"""Words before a noun."""

PAST = words(
    "was were had did has have been went came took made gave got saw won lost left met held began fell "
    "rose led ran wrote kept found brought spoke stood sent built became thought felt sold paid put shot "
    "drew rode broke drove ate grew threw flew chose struck caught fought bought taught sought swept "
    "shook quit spent bore sank sang swore wore sat hit cut hurt lay arose withdrew overcame ago slipped "
    "dipped ended tore stole froze hid bit blew dug drank dealt dreamt fed fled forgot forgave forbade "
    "heard hung knew laid lent lit meant misled proved rang sank slept slid spun spread sprang stuck "
    "strove stung swam swung thrust told understood undertook woke wept wound outlined slew shrank shone"
)
"""Past forms that do not end in -ed."""

FUTURE_BEFORE_TO = words(
    "expected scheduled due plans plan planned set agreed likely supposed about going ready ordered wants "
    "want hopes slated expects intends expect aims promised pledged vowed poised invited asked needs has "
    "have had is are voted decided prepared"
)
"""Words after which "to" announces an event: "agreed to meet on Friday"."""

BOUNDARIES = words(
    """
    that which who whom where when after before because while as but since although though and if
    whether so , ; : ( ) -- – — " “ ” `` ''
    """
)
"""Words and signs that end a clause inside a sentence."""

REPORTING = words("said told announced reported declared added")
"""Past forms that tell when somebody spoke, not when the event happens."""

TOWARDS = words("until till through by to before")
"""Prepositions that lead up to a day instead of placing an event on it."""

STOPS = frozenset(".!?")
"""Signs that end a sentence."""

NO_VERB = words("red need speed feed seed indeed united bed wed fed shed hundred embed greed breed creed")
"""Words that end in -ed and are not past forms."""

BETWEEN = words("be been not also have likely now then still soon only probably")
"""Words between a word of `SHIFTERS` and its participle."""

SHIFTERS = frozenset(("will", "would", "ll", "shall", "to", "may", "might", "should", "can", "must"))
"""Words that put a participle into the future."""


WILL = words("will ll shall")
"""Words that put a perfect into the future: "will have opened by May"."""


def _mark(tokens: list[str], at: int) -> str:
    word = tokens[at].lower()
    if word == "set" or word == "be":
        follows = tokens[at + 2].lower() if at + 2 < len(tokens) else ""
        return "future" if follows in ("to", "for") else "past" if word == "set" else ""
    if word == "won":
        return "future" if tokens[at + 2 : at + 3] == ["t"] else "past"
    if word in FUTURE:
        if word in NOUNS and at > 1 and tokens[at - 2].lower() in DETERMINERS:
            return ""
        return "past" if _is_over(tokens, at) else "future"
    if word in REPORTING:
        return "reported"
    if word in PAST or (word.endswith("ed") and len(word) > 3 and word not in NO_VERB and tokens[at].islower()):
        if at > 1 and tokens[at - 2].lower() in ("is", "are"):
            return ""
        return "future" if _is_announced(tokens, at) else "past"
    if word == "to" and at > 1 and tokens[at - 2].lower() in FUTURE_BEFORE_TO:
        return "past" if _is_over(tokens, at - 2) else "future"
    return ""


def _is_announced(tokens: list[str], at: int) -> bool:
    """Return whether a participle is about the future: "will be held", "to be published"."""
    perfect = False
    for back in range(at - 2, max(at - 9, -1), -2):
        before = tokens[back].lower()
        if before in SHIFTERS:
            # "is said to have opened" and "may have opened" are over.
            return not perfect or before in WILL
        perfect = perfect or before == "have"
        if before not in BETWEEN:
            break
    return False


def _is_over(tokens: list[str], at: int) -> bool:
    """Return whether an announcement belongs to the past: "had been scheduled", "as previously planned"."""
    before = [token.lower() for token in tokens[max(at - 4, 0) : at] if token != " "]
    return before[-1:] in (["previously"], ["originally"]) or before[-2:] == ["had", "been"]


ABBREVIATIONS = words(
    "mr mrs ms dr st jr sr inc corp co ltd gen sen rep gov lt col maj sgt prof no vs "
    "jan feb mar apr jun "
    "jul aug sept sep oct nov dec"
)
"""Words whose period does not end a sentence."""


def is_end(tokens: list[str], at: int) -> bool:
    """Return whether a token ends a sentence."""
    word = tokens[at]
    if word == ".":
        before = tokens[at - 1] if at else ""
        if at + 1 < len(tokens) and not tokens[at + 1][0].isspace():
            return False
        return not before.isalpha() or (len(before) > 1 and before.lower() not in ABBREVIATIONS)
    return word in STOPS or "\n" in word


END, BOUNDARY = "end", "boundary"
"""Signs for the end of a sentence and the end of a clause."""


def _is_list(tokens: list[str], at: int) -> bool:
    """Return whether "and" joins two names instead of two clauses: "between Australia and India"."""
    if tokens[at] != "and" or at < 2 or at + 2 >= len(tokens):
        return False
    return tokens[at - 2][0].isupper() and tokens[at + 2][0].isupper()


def _sign(scan: Scan, at: int) -> str:
    """Return the tense that a token tells, or the end that it marks; computed once for each token."""
    tokens = scan.tokens
    if tokens[at] == " ":
        sign = ""
    elif is_end(tokens, at):
        sign = END
    else:
        sign = _mark(tokens, at) or (BOUNDARY if tokens[at].lower() in BOUNDARIES and not _is_list(tokens, at) else "")
    scan.signs[at] = sign
    return sign


def tense(scan: Scan, start: int, end: int) -> str:
    """Return the tense of the clause around the tokens from start to end.

    The nearest sign of tense on the left within the clause decides, then the nearest on the right, then the
    nearest on the left beyond the clause: "On Friday the council will meet", "will meet on Friday".

    Returns:
        `past`; `future`; `reported` for a verb of saying, which tells little about the day; `towards` for a past
        form before a preposition such as "through"; or an empty string for no sign.
    """
    tokens = scan.tokens
    lead = [token.lower() for token in tokens[max(start - 8, 0) : start] if token != " "][-4:]
    last = lead[-1] if lead else ""
    if lead[-3:] in (["as", "soon", "as"], ["as", "early", "as"]) or lead[-2:] == ["ahead", "of"]:
        return "future"
    if lead[-2:-1] in (["is"], ["are"]) and last in ("on", "in"):
        # "The funeral is on Friday."
        return "future"
    inside, beyond, opens = _on_the_left(scan, start)
    at, sign = inside if inside[1] else beyond
    if sign and sign != "future" and last in TOWARDS and "not" not in lead:
        sign = "future" if last in ("until", "till") or tokens[at].lower() in POSTPONING else "towards"
    if inside[1]:
        return sign
    sign = _on_the_right(scan, end, opens) or sign
    return sign or (
        "future" if last in ("until", "till") or _is_headline_future(scan, start) else "towards" if last == "by" else ""
    )


def _is_headline_future(scan: Scan, start: int) -> bool:
    """Return whether a headline, a line without a full stop, announces by an infinitive: "Court to rule on Friday"."""
    tokens = scan.tokens
    first = start
    while first > 0 and start - first < REACH and "\n" not in tokens[first - 1]:
        first -= 1
    rest = next((token for token in tokens[start : start + REACH] if "\n" in token or token in STOPS), "\n")
    if rest in STOPS or start - first == REACH:
        return False
    return any(
        tokens[at] == "to"
        and tokens[at - 2].lower() not in BEFORE_NOUNS
        and tokens[at + 2].islower()
        and tokens[at + 2] not in DETERMINERS
        for at in range(max(first, 2), start - 3)
    )


def _on_the_left(scan: Scan, start: int) -> tuple[tuple[int, str], tuple[int, str], bool]:
    """Return the nearest tense inside the clause, else the nearest beyond it, and whether the clause starts here."""
    clause, words_before = True, 0
    signs = scan.signs
    for at in range(start - 1, max(start - REACH, -1), -1):
        sign = signs.get(at)
        if sign is None:
            sign = _sign(scan, at)
        if not sign:
            words_before += clause and scan.tokens[at] != " "
        elif sign == END:
            break
        elif sign == BOUNDARY:
            clause = False
        else:
            found = at, sign
            return (found, (-1, ""), False) if clause else ((-1, ""), found, words_before <= 2)
    return (-1, ""), (-1, ""), words_before <= 2


def _on_the_right(scan: Scan, end: int, opens: bool) -> str:
    """Return the nearest tense before the end of the clause; the comma of "On Friday, ..." does not end it."""
    tokens, signs = scan.tokens, scan.signs
    for at in range(end, min(end + REACH, len(tokens))):
        sign = signs.get(at)
        if sign is None:
            sign = _sign(scan, at)
        if sign == END:
            break
        if sign == BOUNDARY:
            if tokens[at].lower() != "and" and not (at == end and opens and tokens[at] == ","):
                break
        elif sign:
            return sign
    return ""
