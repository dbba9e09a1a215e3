"""What stands on a page, as far as judging needs it: blocks of text, fields, and what it says of itself."""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from dateline_pages.judging.zones import Zone, zone_of

__all__ = ["PageSurvey", "SurveyBlock", "has_long_text", "survey_body", "survey_head"]

MAX_BLOCKS = 600
"""Only this many blocks are read: a page of errors or a wall has a few, and an article is one long before."""

MAX_BLOCK_CHARACTERS = 2000

PARAGRAPH_CHARACTERS = 80
"""A shorter paragraph is not counted as text."""

LONG_TEXT_CHARACTERS = 2000
"""Walls have less text in paragraphs."""

MAX_ELEMENTS = 30_000
"""Only this many elements are visited."""

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "label",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
"""Elements that end a block of text."""

SKIPPED = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "svg",
        "math",
        "select",
        "object",
        "iframe",
        "canvas",
        "audio",
        "video",
        "map",
    ]
)
"""Elements whose text is not read."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4"})

SPACE = re.compile(r"\s+")

LINKED_TYPES = re.compile(r'"@type"\s*:\s*(?:"([^"]{1,80})"|\[([^\]]{1,300})\])')

ARTICLE_TYPE = re.compile(
    r"\b(\w*Article|BlogPosting|LiveBlogPosting|Report|Review|Recipe|ClaimReview|VideoObject|PodcastEpisode)\b"
)

PAYWALLED = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.I)

RELOAD = re.compile(r"location\s*(?:\.href)?\s*=[^=]|location\.(?:reload|replace|assign)\(")

META_DATES = frozenset(
    {"article:published_time", "article:modified_time", "og:published_time", "date", "dc.date", "dc.date.issued"}
    | {"datepublished", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime"}
)


@dataclass(frozen=True, slots=True)
class SurveyBlock:
    """A stretch of text between two block elements."""

    text: str
    tag: str
    """The nearest heading around it, or an empty string."""
    linked: float
    """The share of its characters that belong to links."""
    zone: Zone
    href: str = ""
    """The address of the last link in it, or an empty string."""


@dataclass(slots=True, kw_only=True)
class PageSurvey:
    """What stands on a page."""

    title: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    """The contents of meta elements by name or property, in lower case."""
    canonical: str = ""
    article_types: frozenset[str] = frozenset()
    """Types of articles in JSON-LD."""
    blocks: list[SurveyBlock] = field(default_factory=list)
    passwords: int = 0
    """Visible fields for passwords, without those of navigation and comments."""
    sets_cookie: bool = False
    """Whether a script of the page sets a cookie and loads the page again."""
    paywalled: bool = False
    """Whether JSON-LD says that the article is not free."""
    links: int = 0
    captcha: bool = False
    """Whether a visible container is named after a captcha."""
    refresh: str = ""
    """The address that the page sends browsers to at once, or an empty string."""

    @property
    def says_article(self) -> bool:
        """Whether the page says of itself that it is an article."""
        return bool(
            self.article_types or self.metas.get("og:type", "").startswith("article") or META_DATES & self.metas.keys()
        )

    def headings(self, *levels: str) -> list[str]:
        """Return the texts of the headings of these levels, without those of navigation."""
        return [block.text for block in self.blocks if block.tag in levels and block.zone != "chrome"]


def survey_head(tree: HtmlElement) -> PageSurvey:
    """Return what a page says of itself, without its blocks of text; the tree is not changed."""
    survey = PageSurvey()
    _read_head(tree, survey)
    return survey


def survey_body(tree: HtmlElement, survey: PageSurvey) -> None:
    """Add a page's blocks of text and fields to what it says of itself; the tree is not changed."""
    body = tree.find("body")
    _read_body(tree if body is None else body, survey)


def has_long_text(tree: HtmlElement) -> bool:
    """Return whether the paragraphs of a page hold as much text as that of an article; much faster than a survey."""
    characters = 0
    for paragraph in tree.iter("p"):
        text = "".join(paragraph.itertext())
        if len(text) >= PARAGRAPH_CHARACTERS:
            characters += len(text)
            if characters >= LONG_TEXT_CHARACTERS:
                return True
    return False


def _read_head(tree: HtmlElement, survey: PageSurvey) -> None:
    title = next(tree.iter("title"), None)
    if title is not None:
        survey.title = _plain("".join(title.itertext()))
    for meta in tree.iter("meta"):
        content = meta.get("content")
        if not content:
            continue
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        if name == "robots" and name in survey.metas:
            # Several elements add up, as several headers do.
            survey.metas[name] = f"{survey.metas[name]}, {content}"[:MAX_BLOCK_CHARACTERS]
        elif name:
            survey.metas.setdefault(name, content[:MAX_BLOCK_CHARACTERS])
        elif (meta.get("http-equiv") or "").lower() == "refresh":
            survey.refresh = content[:MAX_BLOCK_CHARACTERS]
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            survey.canonical = link.get("href") or ""
            break
    types: set[str] = set()
    for script in tree.iter("script"):
        text = script.text or ""
        if "document.cookie" in text and RELOAD.search(text):
            survey.sets_cookie = True
        if "ld+json" in (script.get("type") or "").lower():
            survey.paywalled = survey.paywalled or PAYWALLED.search(text) is not None
            for match in LINKED_TYPES.finditer(text):
                types.update(ARTICLE_TYPE.findall(match[0]))
    survey.article_types = frozenset(types)


def _read_body(body: HtmlElement, survey: PageSurvey) -> None:
    zones: list[tuple[HtmlElement, Zone]] = []
    headings: list[str] = []
    texts: list[tuple[str, bool]] = []
    links = visited = 0
    href = ""
    skipped: HtmlElement | None = None

    def flush() -> None:
        nonlocal texts, href
        found, texts = texts, []
        address, href = href, ""
        text = _plain("".join(part for part, _ in found)[: 2 * MAX_BLOCK_CHARACTERS])
        if text:
            linked = sum(len(part) for part, is_link in found if is_link) / max(1, sum(len(part) for part, _ in found))
            zone = zones[-1][1] if zones else "main"
            tag = headings[-1] if headings else ""
            survey.blocks.append(SurveyBlock(text[:MAX_BLOCK_CHARACTERS], tag, linked, zone, address if linked else ""))

    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            visited += 1
            if visited > MAX_ELEMENTS or len(survey.blocks) >= MAX_BLOCKS:
                break
            zone = zones[-1][1] if zones else "main"
            if not isinstance(tag, str) or tag in SKIPPED or (inner := zone_of(element, zone)) == "hidden":
                walker.skip_subtree()
                skipped = element
                continue
            if tag in BLOCKS:
                flush()
            if inner != zone:
                flush()
                zones.append((element, inner))
            if tag in HEADINGS:
                headings.append(tag)
            elif tag == "a":
                links += 1
                survey.links += 1
                href = element.get("href") or ""
            elif tag == "input" and (element.get("type") or "").lower() == "password" and inner in ("main", "overlay"):
                survey.passwords += 1
            elif tag == "div" and "captcha" in f"{element.get('id')} {element.get('class')}".lower():
                survey.captcha = survey.captcha or inner == "main"
            elif tag == "input" and (element.get("type") or "").lower() in ("submit", "button"):
                flush()
                texts.append((element.get("value") or "", False))
                flush()
            if element.text:
                texts.append((element.text, links > 0))
        else:
            # Elements that were skipped end as well: only their tails are read.
            if element is skipped:
                skipped = None
            else:
                if tag in BLOCKS:
                    flush()
                if zones and zones[-1][0] is element:
                    flush()
                    zones.pop()
                if tag in HEADINGS and headings:
                    headings.pop()
                elif tag == "a" and links:
                    links -= 1
            if element.tail:
                texts.append((element.tail, links > 0))
    flush()


def _plain(text: str) -> str:
    return SPACE.sub(" ", text).strip()
