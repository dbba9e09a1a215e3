"""Removes from a page's tree what stands inside the text and is not part of it: embeds, teasers, captions, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from dateline_pages.extraction.clean_text import words_of

__all__ = ["prune"]

_EMBEDS = re.compile(
    r"twitter-(tweet|video)|instagram-media|tiktok-embed|fb-(post|video)|reddit-(card|embed)|bluesky-embed|imgur-embed|"
    r"mastodon-embed|text-post-media|telegram-post"
)
"""Classes that the scripts of other platforms look for: what stands in them was not written for the article."""

_NOISE = re.compile(
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

_CANDIDATES = frozenset(
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
_INLINE = frozenset(("span", "small"))
_INLINE_NOISE = re.compile(r"caption|credit|screen-?reader|sr-only|visually-?hidden")
_LINKED = frozenset(("p", "div", "h4", "h5", "h6"))
_PICTURE = re.compile(r"(?<![a-z])(images?|img|photos?|pictures?|figure|media|bild|foto)(?![a-z])")
_SHORTEST_CAPTION = 20
"""Descriptions of images with fewer characters are not compared with the text."""

_HIGHEST_BOX = 8
"""The box of an image is looked for among this many ancestors."""

_SHORTEST_TEASER, _LONGEST_TEASER = 10, 400
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "ul",
        "ol",
        "table",
        "section",
        "article",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "dl",
        "figure",
    )
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z]+")

_LARGEST_SHARE = 0.3
"""An element with more of the page's paragraphs than this is the article, whatever its class says."""


def prune(tree: etree._Element) -> None:
    """Remove embeds, teasers, captions and the like from a tree, in place; the text behind them is kept."""
    total = max(sum(_length(each) for each in tree.iter("p")), 1)
    chosen = [
        each for each in tree.iter(*_CANDIDATES) if _is_noise(each, total) or _is_teaser(each) or _is_picture(each)
    ]
    for element in [*chosen, *_captioned(tree)]:
        parent = element.getparent()
        if parent is not None:
            _remove(element, parent)


def _is_noise(element: etree._Element, total: int) -> bool:
    names = _names(element)
    if not names:
        return False
    if _EMBEDS.search(names):
        return True
    if not _NOISE.search(names) or (element.tag in _INLINE and not _INLINE_NOISE.search(names)):
        return False
    if next(element.iter("h1"), None) is not None or next(element.iter("article", "main"), None) is not None:
        return False
    return sum(_length(each) for each in element.iter("p")) <= _LARGEST_SHARE * total


def _names(element: etree._Element) -> str:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 3:
        return ""
    return names if len(names) > 1000 else f"{names.lower()} {_SEPARATORS.sub('-', _CAMEL.sub('-', names).lower())}"


def _is_teaser(element: etree._Element) -> bool:
    """Return whether a block is nothing but links to something else, each perhaps behind a label."""
    if element.tag in ("ul", "ol"):
        items = [each for each in element if each.tag == "li"]
        return len(items) > 1 and all(_is_link(each) for each in items)
    if element.tag not in _LINKED:
        return False
    return not (element.tag == "div" and any(each.tag in _BLOCKS for each in element.iterdescendants())) and _is_link(
        element
    )


def _is_link(element: etree._Element) -> bool:
    links = [each for each in element.iter("a") if each.get("href")]
    if not links:
        return False
    text = _length(element)
    linked = sum(_length(each) for each in links)
    if not _SHORTEST_TEASER <= text <= _LONGEST_TEASER * len(links):
        return False
    if linked >= 0.9 * text:
        return True
    label = _label(element)
    return (
        label is not None and len(links) == 1 and linked >= 15 and len(label) <= 60 and text - linked <= len(label) + 3
    )


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


def _is_picture(element: etree._Element) -> bool:
    """Return whether an element is a picture with nothing but its caption."""
    if element.tag != "div" or next(element.iter("img", "picture"), None) is None:
        return False
    return _length(element) <= 600 and bool(_PICTURE.search(_names(element))) and len(list(element.iter("p"))) <= 3


def _captioned(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the boxes around images whose whole text is the image's description."""
    for image in tree.iter("img"):
        described = [" ".join(words_of(image.get(name) or "")) for name in ("alt", "title")]
        described = [each for each in described if len(each) >= _SHORTEST_CAPTION]
        if not described:
            continue
        longest = max(map(len, described))
        box = None
        for above in islice(image.iterancestors(), _HIGHEST_BOX):
            length = _length(above)
            if length > 2 * longest + 80:
                break
            if length:
                box = above
        if box is not None:
            key = " ".join(words_of(" ".join(box.itertext())))
            if any(each in key or (key in each and len(key) >= _SHORTEST_CAPTION) for each in described):
                yield box


def _length(element: etree._Element) -> int:
    return sum(len(each.strip()) for each in element.itertext() if each)


def _remove(element: etree._Element, parent: etree._Element) -> None:
    tail = element.tail
    if tail and tail.strip():
        previous = element.getprevious()
        if previous is not None:
            previous.tail = f"{previous.tail or ''} {tail}"
        else:
            parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)
