"""Removes from a page's tree what stands inside the text and is not part of it: embeds, teasers, captions, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from dateline_pages.extraction.lines.clean_text import words_of
from dateline_pages.extraction.tidying.measures import Extent, extents_of
from dateline_pages.extraction.tidying.paragraphs import make_paragraphs, paragraphs_of_boxes

__all__ = ["prune"]

EMBEDS = re.compile(
    r"twitter-(tweet|video)|instagram-media|tiktok-embed|fb-(post|video)|reddit-(card|embed)|bluesky-embed|imgur-embed|"
    r"mastodon-embed|text-post-media|telegram-post"
)
"""Classes that the scripts of other platforms look for: what stands in them was not written for the article."""

NOISE = re.compile(
    r"(?<![a-z])(read-?(more|also|next|on)|also-read|see-?also|more-?(stories|news|from|like|in|about)|"
    r"related|recirc(ulation)?|recommend(ed|ation|ations)?|you-?may|trending|most-?(read|popular|viewed)|popular-posts?|"
    r"newsletters?|news-?letter-?[a-z]+|subscribe|subscription|sign-?up|opt-?in|mailing-?list|"
    r"pull-?quotes?|promo(tion|tions|box|s)?|sponsor(ed)?|advert(s|isement|isements|ising)?|ads|adsbygoogle|ad-?(slot|unit|box|container|wrapper)|"
    r"about-?(the-?)?author|author-?(bio|box|info|card|description|profile)|(post|entry|article)-?author|biography|"
    r"share(-?(buttons?|bar|links|tools|this))?|sharing|social(-?(share|links|media|icons|bar|follow))?|sharedaddy|addtoany|addthis|"
    r"comments?(-?(list|area|section|form|respond|wrapper|container))?|disqus|respond|"
    r"breadcrumbs?|post-?nav(igation)?|pagination|pager|skip-?link|screen-?reader-?text|sr-only|visually-?hidden|visuallyhidden|"
    r"wp-caption-text|(image|photo|img|media|picture|figure|gallery|video)-?(caption|credit|credits|meta|description|legend)|caption(-text)?|"
    r"fig-?caption|photo-?(credit|by)|copyright|"
    r"paywall-?(message|notice|prompt|box|barrier)|cookie-?(notice|banner|consent)|consent|privacy-?(notice|placeholder)|"
    r"toc|table-of-contents|donate|donation|print-only|no-?js|noscript)(?![a-z])"
)
"""Words in classes and ids of what is around or between the paragraphs."""

CANDIDATES = frozenset(
    (
        "div",
        "section",
        "aside",
        "ul",
        "ol",
        "li",
        "p",
        "dl",
        "dd",
        "figcaption",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "table",
        "header",
        "footer",
        "span",
        "small",
    )
)
INLINE = frozenset(("span", "small"))
INLINE_NOISE = re.compile(r"caption|credit|screen-?reader|sr-only|visually-?hidden")
LINKED = frozenset(("p", "div", "h4", "h5", "h6"))
PICTURE = re.compile(r"(?<![a-z])(images?|img|photos?|pictures?|figure|media|bild|foto)(?![a-z])")
SHORTEST_CAPTION = 20
"""Descriptions of images with fewer characters are not compared with the text."""

HIGHEST_BOX = 8
"""The box of an image is looked for among this many ancestors."""

LONGEST_CELL = 400
"""A cell with more characters than this is no cell of a table of data."""

LONGEST_NAMES = 1000
LONGEST_CAPTION, MOST_CAPTIONS = 450, 3
LINKED_SHARE = 0.9
SHORTEST_TITLE, LONGEST_LABEL = 15, 60
SHORTEST_TEASER, LONGEST_TEASER = 10, 400
FEWEST_TEASERS, TEASERS_SHARE = 3, 0.9
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SEPARATORS = re.compile(r"[^a-z]+")

LARGEST_SHARE = 0.3
"""An element with more of the page's paragraphs than this is the article, whatever its class says."""


def prune(tree: etree._Element) -> None:
    """Remove embeds, teasers, captions and the like from a tree, in place; the text behind them is kept."""
    extents = extents_of(tree)
    if tree in extents and paragraphs_of_boxes(tree, extents):
        extents = extents_of(tree)
    total = max(extents[tree].paragraphs, 1) if tree in extents else 1
    for table in list(tree.iter("table")):
        if _is_layout(table, extents):
            _unfold(table)
    make_paragraphs(tree)
    kinds: dict[str, _Names] = {}
    chosen = []
    for element in tree.iter(*CANDIDATES):
        extent = extents.get(element)
        if extent is None:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        kind = kinds.get(names)
        if kind is None:
            kind = kinds[names] = _Names.of(names)
        if (
            _is_noise(element, extent, kind, total)
            or (kind.picture and element.tag == "div" and _is_picture(extent, total))
            or _is_teaser(element, extent, extents)
        ):
            chosen.append(element)
    for element in [*chosen, *_lists_of_teasers(tree, extents), *_captioned(tree, extents)]:
        parent = element.getparent()
        if parent is not None:
            _remove(element, parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What the class and id of an element say about it."""

    embed: bool = False
    noise: bool = False
    inline_noise: bool = False
    picture: bool = False

    @classmethod
    def of(cls, names: str) -> _Names:
        if not 3 < len(names) <= LONGEST_NAMES:
            return cls()
        plain = f"{names.lower()} {SEPARATORS.sub('-', CAMEL.sub('-', names).lower())}"
        return cls(
            embed=EMBEDS.search(plain) is not None,
            noise=NOISE.search(plain) is not None,
            inline_noise=INLINE_NOISE.search(plain) is not None,
            picture=PICTURE.search(plain) is not None,
        )


def _is_noise(element: etree._Element, extent: Extent, names: _Names, total: int) -> bool:
    if names.embed:
        return True
    if not names.noise or (element.tag in INLINE and not names.inline_noise):
        return False
    return not extent.is_page and extent.paragraphs <= LARGEST_SHARE * total


def _is_layout(table: etree._Element, extents: dict[etree._Element, Extent]) -> bool:
    """Return whether a table arranges the page: one cell has most of its text, and more than data would have."""
    whole = extents[table].text if table in extents else 0
    if whole < LONGEST_CELL:
        return False
    return any(extents[each].text >= max(LONGEST_CELL, whole // 2) for each in table.iter("td") if each in extents)


def _unfold(table: etree._Element) -> None:
    """Make a table that arranges the page a sequence of boxes; tables within are left to themselves."""
    table.tag = "div"
    for group in table:
        rows = group if group.tag in ("tbody", "thead", "tfoot") else [group]
        for row in rows:
            if row.tag == "tr":
                for cell in row.iterchildren("td", "th"):
                    cell.tag = "div"
                row.tag = "div"
        if group.tag in ("tbody", "thead", "tfoot"):
            group.tag = "div"


def _is_picture(extent: Extent, total: int) -> bool:
    """Return whether an element is a picture with nothing but its caption."""
    if extent.is_page or extent.paragraphs > LARGEST_SHARE * total:
        return False
    return extent.images > 0 and extent.text <= LONGEST_CAPTION and extent.items <= MOST_CAPTIONS


def _is_teaser(element: etree._Element, extent: Extent, extents: dict[etree._Element, Extent]) -> bool:
    """Return whether a block is nothing but links to something else, each perhaps behind a label."""
    if not extent.links:
        return False
    if element.tag in ("ul", "ol"):
        items = [each for each in element if each.tag == "li"]
        return len(items) > 1 and all(each in extents and _is_link(each, extents[each]) for each in items)
    if element.tag not in LINKED or (element.tag == "div" and extent.has_blocks):
        return False
    return _is_link(element, extent)


def _is_link(element: etree._Element, extent: Extent) -> bool:
    if not extent.links or not SHORTEST_TEASER <= extent.text <= LONGEST_TEASER * extent.links:
        return False
    if extent.linked >= LINKED_SHARE * extent.text:
        return True
    if extent.links > 1 or extent.linked < SHORTEST_TITLE or extent.text - extent.linked > LONGEST_LABEL:
        return False
    label = _label(element)
    return label is not None and extent.text - extent.linked <= len(label) + 3


def _lists_of_teasers(tree: etree._Element, extents: dict[etree._Element, Extent]) -> Iterator[etree._Element]:
    """Yield boxes of nothing but teasers: several of one kind, each with a heading that is a link, and a few words."""
    for box in tree.iter("div", "section", "aside", "ul"):
        extent = extents.get(box)
        if extent is None or extent.is_page or extent.links < FEWEST_TEASERS or len(box) < FEWEST_TEASERS:
            continue
        # A paragraph beside them introduces a list that is the article itself.
        if next(box.iterchildren("p"), None) is not None:
            continue
        teasers = [each for each in box if each in extents and _is_box_of_teaser(each, extents)]
        if len(teasers) >= FEWEST_TEASERS and len({each.tag for each in teasers}) == 1:
            text = sum(extents[each].text for each in teasers)
            if text >= TEASERS_SHARE * extent.text:
                yield box


def _is_box_of_teaser(element: etree._Element, extents: dict[etree._Element, Extent]) -> bool:
    extent = extents[element]
    if element.tag not in ("div", "li", "article") or not extent.links or extent.text > LONGEST_TEASER:
        return False
    heading = next(element.iter("h2", "h3", "h4"), None)
    return heading is not None and heading in extents and _is_link(heading, extents[heading])


def _label(element: etree._Element) -> str | None:
    """Return the text before the first link if it is a label: bold, or with a colon or bar at its end."""
    text = element.text or ""
    marked = False
    for child in element:
        if child.tag == "a" or next(child.iter("a"), None) is not None:
            break
        marked = marked or child.tag in ("strong", "b", "span", "em")
        text += "".join(child.itertext()) + (child.tail or "")
    text = text.strip()
    return text if text and (text[-1] in ":|–—-►»>" or (marked and text[-1] not in ".,;")) else None


def _captioned(tree: etree._Element, extents: dict[etree._Element, Extent]) -> Iterator[etree._Element]:
    """Yield the boxes around images whose whole text is the image's description."""
    for image in tree.iter("img"):
        described = [" ".join(words_of(image.get(name) or "")) for name in ("alt", "title")]
        described = [each for each in described if len(each) >= SHORTEST_CAPTION]
        if not described:
            continue
        longest = max(map(len, described))
        box = None
        for above in islice(image.iterancestors(), HIGHEST_BOX):
            length = extents[above].text if above in extents else 0
            if length > 2 * longest + 80:
                break
            if length:
                box = above
        if box is not None:
            key = " ".join(words_of(" ".join(box.itertext())))
            if any(each in key or (key in each and len(key) >= SHORTEST_CAPTION) for each in described):
                yield box


def _remove(element: etree._Element, parent: etree._Element) -> None:
    tail = element.tail
    if tail and tail.strip():
        previous = element.getprevious()
        if previous is not None:
            previous.tail = f"{previous.tail or ''} {tail}"
        else:
            parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)
