"""Reads lists of feeds in OPML as a stream."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from dateline.feeds.address import InvalidFeedAddressError, feed_address
from dateline_schemas import Feed, FullText
from dateline_web.address import web_address, without_credentials
from dateline_web.errors import InvalidAddressError

from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.catalog.folders import FolderPath, folder_paths, written_path
from dateline_ingest.catalog.opml.nesting import OpmlNesting
from dateline_ingest.catalog.opml.tag import MAX_TAG_CHARS, OpmlTag
from dateline_ingest.catalog.opml.text import OpmlText
from dateline_ingest.feeds import parse_date

__all__ = ["OpmlReader"]

MAX_MARK_CHARS = 10
"""The longest beginning of a tag, comment or declaration that has to be seen to recognise it."""

MAX_NAME_CHARS = 500
"""Longer names are cut."""

MIN_INTERVAL_SECONDS = 1.0
"""Minimum time between two polls."""

FULL_TEXTS: Mapping[str, FullText] = {"never": "never", "auto": "auto", "always": "always"}

MARK = re.compile(r"<(?:(!--)|(!\[CDATA\[)|(\?)|(!DOCTYPE)|(opml|outline)(?=[\s/>])|(/outline)(?=[\s>]))", re.I)
DOCTYPE_HEAD = re.compile(r"[^\[>]*([\[>])")
END_MARKS = {1: "-->", 2: "]]>", 3: "?>"}
"""The mark that ends a comment, a CDATA section or a processing instruction, by the group of `MARK`."""


class OpmlReader:
    """Reads a document piece by piece, and yields each feed as soon as its tag is complete.

    Only the tags of outlines are read, at any depth. A feed is in the folder of the outlines around it, and in
    those that its attribute `category` names. Entities declared by the document are never expanded, nothing external
    is loaded, and at most one tag is held in memory. The XML need not be well-formed: bare ampersands in addresses,
    for example, are accepted.

    Args:
        where: name of the document, for problems.
        now: when the feeds were added, unless the document says when.
        full_text: whether the pages of the feeds' articles are read, unless the document says so.
    """

    def __init__(self, where: str, now: datetime, full_text: FullText | None = None) -> None:
        self.is_opml = False
        """Whether an element `<opml>` was found; outlines before it are ignored."""
        self._where = where
        self._now = now
        self._full_text = full_text
        self._text = OpmlText()
        self._nesting = OpmlNesting()
        self._rest = ""
        self._line = 1
        self._enough = 0
        """Number of characters to wait for before an incomplete tag is scanned again."""
        self._until: str | None = None
        """The mark that ends the open comment, CDATA section or processing instruction."""

    def read(self, data: bytes) -> Iterator[Feed | InputProblem]:
        """Read the next piece, and yield the feeds and problems in it."""
        yield from self._scan(self._text.decode(data), last=False)

    def end(self) -> Iterator[Feed | InputProblem]:
        """Finish the document, and yield the rest; a truncated document, or one that is not OPML, is a problem."""
        yield from self._scan(self._text.end(), last=True)
        if not self.is_opml:
            yield self._problem(
                "this is not OPML: it has no element <opml>", "give the file that a feed reader exports"
            )
        elif self._until is not None or self._rest:
            yield self._problem("the document ends within a tag or comment", "export it again, it is truncated")

    def _scan(self, text: str, *, last: bool) -> Iterator[Feed | InputProblem]:
        text, position = self._rest + text, 0
        if len(text) < self._enough and not last:
            self._rest = text
            return
        while (position := self._skip(text, position)) >= 0 and (mark := MARK.search(text, position)):
            position = self._move(text, position, mark.start())
            if mark[6] is not None:
                after: int | None = mark.end()
                self._nesting.close()
            elif mark[5] is None:
                after = self._declaration(text, mark)
            else:
                tag = OpmlTag.read(text, mark.end(), mark[5])
                after = tag.end
                if after is not None:
                    yield from self._element(tag)
            if after is None:
                # Wait until twice as much text has arrived: scanning again with each piece would take quadratic time.
                self._enough = 2 * (len(text) - position)
                self._rest = text[position:]
                return
            position = self._move(text, position, after)
        self._enough = 0
        self._rest = self._rest if position < 0 else self._tail(text, position, last=last)

    def _skip(self, text: str, position: int) -> int:
        """Return where the open comment, CDATA or processing instruction ends; -1 if its end is not in this text."""
        if self._until is None:
            return position
        end = text.find(self._until, position)
        if end < 0:
            # The text may end with a part of the mark.
            keep = self._move(text, position, max(position, len(text) - len(self._until) + 1))
            self._rest = text[keep:]
            return -1
        after, self._until = end + len(self._until), None
        return self._move(text, position, after)

    def _tail(self, text: str, position: int, *, last: bool) -> str:
        """Return the end of the text if it may be the beginning of a mark."""
        cut = text.rfind("<", max(position, len(text) - MAX_MARK_CHARS))
        return text[self._move(text, position, len(text) if cut < 0 or last else cut) :]

    def _declaration(self, text: str, mark: re.Match[str]) -> int | None:
        """Return where the content of a comment, CDATA or processing instruction begins; None if text is missing."""
        if mark[4] is None:
            self._until = END_MARKS[mark.lastindex or 1]
            return mark.end()
        end = DOCTYPE_HEAD.match(text, mark.end())
        if end is None:
            return None if len(text) - mark.end() < MAX_TAG_CHARS else len(text)
        if end[1] == "[":
            self._until = "]>"
        return end.end()

    def _move(self, text: str, start: int, end: int) -> int:
        self._line += text.count("\n", start, end)
        return end

    def _element(self, tag: OpmlTag) -> Iterator[Feed | InputProblem]:
        if tag.name == "opml":
            self.is_opml = True
            return
        found: Feed | InputProblem | None = None
        if self.is_opml:
            found = self._problem(*tag.problem) if tag.problem else self._feed(tag.attributes)
        if not tag.empty:
            self._nesting.open("" if found else tag.attributes.get("text") or tag.attributes.get("title", ""))
        if found is not None:
            yield found

    def _feed(self, attributes: dict[str, str]) -> Feed | InputProblem | None:
        url = attributes.get("xmlurl")
        if url is None and attributes.get("type", "").lower() in ("rss", "atom"):
            url = attributes.get("url", "")
        if url is None:
            return None
        try:
            url = feed_address(url)
            interval = float(attributes["dateline:interval"]) if "dateline:interval" in attributes else None
        except InvalidFeedAddressError as error:
            return self._problem(str(error) if url else "xmlUrl is empty", "correct it, or remove the outline")
        except ValueError:
            interval = 0.0
        if interval is not None and not MIN_INTERVAL_SECONDS <= interval < float("inf"):
            return self._problem("dateline:interval is not a number of seconds, at least 1", "correct it")
        stated = attributes.get("dateline:full-text")
        full_text = self._full_text if stated is None else FULL_TEXTS.get(stated.strip().lower())
        if stated is not None and full_text is None:
            return self._problem("dateline:full-text is not never, auto or always", "correct it")
        created = parse_date(attributes.get("created", ""), guess=False)
        return Feed(
            url=url,
            name=_name(attributes, url),
            home_page=_home_page(attributes),
            folders=[list(path) for path in folder_paths([self._nesting.path, *_categories(attributes)])],
            added=created[0] if created else self._now,
            paused=attributes.get("dateline:paused", "").lower() == "true",
            interval_seconds=interval,
            full_text=full_text,
        )

    def _problem(self, what: str, remedy: str) -> InputProblem:
        return InputProblem(where=self._where, what=what, remedy=remedy, line=self._line)


def _name(attributes: dict[str, str], url: str) -> str | None:
    """Return the name in the document, if any; a text that repeats the address is not a name."""
    name = " ".join(attributes.get("title", "").split())
    if not name:
        name = " ".join(attributes.get("text", "").split())
        name = "" if name == url else name
    return name[:MAX_NAME_CHARS].strip() or None


def _home_page(attributes: dict[str, str]) -> str | None:
    """Return the address of the feed's site without user name and password; None if there is none on the web."""
    try:
        return without_credentials(web_address(attributes.get("htmlurl", "")))
    except InvalidAddressError:
        return None


def _categories(attributes: dict[str, str]) -> Iterator[FolderPath]:
    """Yield the paths of the attribute `category`: divided by commas, their names by slashes."""
    for category in attributes.get("category", "").split(","):
        yield written_path(category)
