"""Recognises pages that hold the sentences of a wall, a form or an error page, and no text beside them."""

import re
from collections.abc import Iterable, Iterator

from dateline_pages.judging.names import is_covered
from dateline_pages.judging.own_text import LINKED_SHARE, OwnText
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.survey import PageSurvey, SurveyBlock
from dateline_pages.judging.wording.notices import (
    is_filler,
    is_gate,
    is_named,
    is_notice,
    is_offer,
    is_ours,
    is_small_print,
    is_unmistakable,
    sentences,
    width,
)
from dateline_pages.judging.wording.vocabulary import Wall

__all__ = [
    "MAX_REST",
    "gate_in",
    "gate_problem",
    "has_title_of_article",
    "notice_problem",
    "rest_of",
    "without_hidden_gates",
]

KINDS: tuple[Wall, ...] = ("challenge", "consent", "not found", "login")
"""The kinds in the order that decides between equals."""

TEXT_WIDTH = 40
"""So much text that is not a notice may be an article's."""

TEASER_WIDTH = 170
"""A gate with this much text above it keeps the rest of an article back; the feed's text says as much."""

FORM_WIDTH = 400
"""Below a heading that names a wall, its own sentences may have this much text beside them."""

MAX_REST = 2 * FORM_WIDTH
"""With more text than this no page is a wall."""

SEVERAL_LINES = 2
"""An article of one sentence may read like a notice."""

LINE_WIDTH = 12
"""A shorter line is a label."""

TITLE_WIDTH = 12
"""A shorter heading may name anything."""

DOMAIN = re.compile(r"(?:[\w-]+\.)+\w+")
"""Parked domains have their name as the heading."""

QUOTED_CHARACTERS = 80

BUTTON_CHARACTERS = 40
"""Buttons have shorter texts."""

CHOICE = re.compile(
    r"accept|reject|agree|allow|autoris|godkänn|continu|akzept|ablehn|zustimm|einverst|accepter|refuser|acept|rechaz|accett|rifiut|akkoord|weiger|zgadzam"
    r"|akcept|odrzu|aceit|rejeit|godkänn|avvisa|godta|avvis|afvis|hyväks|souhlas|odmít|elfogad|同意|принять|прийняти"
)

FEW_LINKS = 5
"""A page with fewer links is bare: it has no navigation of a site."""

CAPTCHA_WIDTH = 150
"""A bare page with a captcha has no more text."""


def has_title_of_article(survey: PageSurvey) -> bool:
    """Return whether a heading of the page is an article's, and no notice."""
    return any(
        block.tag == "h1"
        and block.zone == "main"
        and width(block.text) >= TITLE_WIDTH
        and not DOMAIN.fullmatch(block.text)
        and not _names(block.text)
        for block in survey.blocks
    )


def gate_problem(survey: PageSurvey) -> PageProblem | None:
    """Return the problem of a page whose text ends with a gate after a sentence or two.

    Args:
        survey: what stands on the page.
    """
    parts: list[str] = []
    for block in _blocks(survey, "main"):
        if block.tag == "h1" or (block.linked > LINKED_SHARE and not _gate_kind(block.text)):
            continue
        # Other headings are gates, or say nothing.
        if not block.tag or _gate_kind(block.text):
            parts.append(block.text)
    return gate_in(parts)


def gate_in(parts: Iterable[str]) -> PageProblem | None:
    """Return the problem of a text that ends with a gate after a sentence or two.

    Args:
        parts: the paragraphs of the text.
    """
    above = below = 0
    found: PageProblem | None = None
    for part in parts:
        kind = _gate_kind(part) if found is None else None
        if kind is not None:
            found = PageProblem(kind, f"the text ends with “{part[:QUOTED_CHARACTERS]}”")
        elif found is None:
            above += _rest(part)
        else:
            below += _rest(part, offers=True)
            if is_gate(part, "consent") and found.kind == "login":
                found = PageProblem("consent", found.reason)
        # More text follows: the gate is an offer in the middle of it.
        if above >= TEASER_WIDTH or below >= 2 * TEXT_WIDTH:
            return None
    return found


def without_hidden_gates(survey: PageSurvey, lines: Iterable[str]) -> list[str]:
    """Return the lines of a text without its headline and the gates in dialogs, which scripts may never show.

    Args:
        survey: what stands on the page.
        lines: the lines of the text that was extracted.
    """
    hidden = {block.text for block in _blocks(survey, "overlay") if is_gate(block.text, "login")}
    headings = [block.text for block in _blocks(survey, "main") if block.tag == "h1"]
    found = []
    for line in map(str.strip, lines):
        # A headline about such a choice is no gate.
        heading = next((text for text in headings if line.startswith(text)), "")
        if line not in hidden:
            found.append(line.removeprefix(heading).strip())
    return found


def _gate_kind(text: str) -> Wall | None:
    return next((kind for kind in KINDS if is_gate(text, kind)), None)


def notice_problem(
    survey: PageSurvey, own: OwnText, *, addressed: Wall | None = None, foreign: bool = False, has_title: bool = False
) -> PageProblem | None:
    """Return the problem of a page that holds notices and no other text.

    Args:
        survey: what stands on the page.
        own: its own text.
        addressed: the kind that the address names to which an article's address was redirected.
        has_title: whether the page shows that title as its headline.
        foreign: whether nothing on the page is from the title that its feed gives the article.
    """
    titled = has_title or has_title_of_article(survey)
    bare = survey.links < FEW_LINKS and not survey.says_article
    headed = {kind for kind in KINDS if _is_headed(survey, kind)}
    if survey.captcha and bare and rest_of(own) < (LINE_WIDTH if titled and not foreign else CAPTCHA_WIDTH):
        return PageProblem("challenge", "the page has a captcha, and no text of an article")
    suspicious = addressed is not None or foreign
    lines = {
        # On a suspicious page, sentences need not speak to the reader.
        kind: list(dict.fromkeys(_notices(survey, kind, weak=foreign or addressed == kind)))
        for kind in KINDS
    }
    several = len({line for found in lines.values() for line in found}) >= SEVERAL_LINES
    found: dict[Wall, int] = {}
    for kind in KINDS:
        if not lines[kind]:
            continue
        weak = kind if foreign or addressed == kind else None
        rest = rest_of(own, weak=weak, fillers=kind in headed or not titled, offers=kind == "login")
        if kind == "login" and survey.paywalled and rest < TEASER_WIDTH:
            found[kind] = MAX_REST
        if titled and not (suspicious or several or _is_certain(survey, kind, lines[kind])):
            continue
        if rest < _allowed(survey, kind, lines[kind], suspicious=suspicious, titled=titled):
            found.setdefault(kind, len(lines[kind]) + 2 * (kind in headed) + MAX_REST * (kind == addressed))
    if not found:
        return None
    kind = max(found, key=found.__getitem__)
    return PageProblem(kind, f"“{lines[kind][0][:QUOTED_CHARACTERS]}” stands there, and no text of an article")


def _is_certain(survey: PageSurvey, kind: Wall, lines: list[str]) -> bool:
    """Return whether a notice below the headline of an article cannot be its text."""
    if (kind == "consent" and _choices(survey)) or (kind == "login" and survey.passwords):
        return True
    return any(is_gate(line, kind) or is_unmistakable(line, kind) for line in lines)


def _allowed(survey: PageSurvey, kind: Wall, lines: list[str], *, suspicious: bool, titled: bool) -> int:
    """Return the width of text that a page with the notices of a kind may have beside them."""
    # Who is sent to the address of a wall, or to a page without its title, sees no headline of an article.
    if survey.says_article or (not suspicious and titled):
        return LINE_WIDTH
    headed = _is_headed(survey, kind)
    if not (suspicious or headed):
        return TEXT_WIDTH
    names = [survey.title, *survey.headings("h1")]
    spoken = sum(width(line) for line in lines if line not in names)
    if kind == "consent" and spoken and _choices(survey) >= 2:
        return MAX_REST
    return max(TEXT_WIDTH, min(FORM_WIDTH, 3 * spoken if suspicious else 2 * spoken))


def _choices(survey: PageSurvey) -> int:
    """Return how many buttons accept or reject."""
    return sum(
        CHOICE.search(block.text.lower()) is not None for block in survey.blocks if len(block.text) <= BUTTON_CHARACTERS
    )


def _is_headed(survey: PageSurvey, kind: Wall) -> bool:
    """Return whether the title or a heading of a page names a kind."""
    names = [survey.title, *survey.headings("h1", "h2")]
    # Headlines speak of the choice between consent and a subscription; the boxes below them offer it.
    gates = names if kind == "login" else survey.headings("h2")
    if kind == "consent" and any(map(is_ours, names)):
        return True
    return any(is_covered(kind, name) or is_named(name, kind) for name in names) or any(
        is_gate(name, kind) for name in gates
    )


def _notices(survey: PageSurvey, kind: Wall, *, weak: bool) -> Iterator[str]:
    zones = ("main", "overlay") if kind == "consent" else ("main",)
    for block in _blocks(survey, *zones):
        if block.linked > LINKED_SHARE:
            continue
        if not block.tag:
            yield from (sentence for sentence in sentences(block.text) if is_notice(sentence, kind, weak=weak))
        elif (
            is_covered(kind, block.text)
            or is_named(block.text, kind)
            # News have no such headlines but in quotation marks, except about accounts and consent.
            or (is_gate(block.text, kind) and (block.tag != "h1" or kind == "login"))
            or ((block.tag != "h1" or weak or kind == "challenge") and is_notice(block.text, kind))
        ):
            yield block.text


def rest_of(own: OwnText, *, weak: Wall | None = None, fillers: bool = False, offers: bool = False) -> int:
    """Return the width of the sentences of a page's own text that are no notices, as far as it matters.

    Args:
        own: the text.
        weak: a kind whose notices need not speak to their reader.
        fillers: whether sentences that say what to do next count as notices.
        offers: whether offers of subscriptions count as notices.
    """
    rest = 0
    for text in own.paragraphs:
        rest += _rest(text, weak=weak, fillers=fillers, offers=offers)
        if rest >= MAX_REST:
            break
    return rest


def _rest(text: str, *, weak: Wall | None = None, fillers: bool = False, offers: bool = False) -> int:
    return sum(
        width(sentence)
        for sentence in sentences(text)
        if width(sentence) >= LINE_WIDTH
        and not (offers and is_offer(sentence))
        and not (fillers and is_filler(sentence))
        and not is_small_print(sentence)
        and not any(is_notice(sentence, kind, weak=kind == weak) for kind in KINDS)
    )


def _names(heading: str) -> bool:
    if is_gate(heading, "login") or is_notice(heading, "challenge") or is_ours(heading):
        return True
    return any(is_covered(kind, heading) or is_named(heading, kind) for kind in KINDS)


def _blocks(survey: PageSurvey, *zones: str) -> Iterator[SurveyBlock]:
    return (block for block in survey.blocks if block.zone in zones)
