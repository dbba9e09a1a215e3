"""Tells from the text of a feed's item whether it is the whole text of the article or a teaser."""

import re
from typing import Literal

__all__ = ["Lack", "lack_of"]

Lack = Literal["cut", "short"]
"""What a text lacks: it ends like a text that was cut, or it is too short for a whole one."""

MIN_CONTENT_CHARS = 500
"""A shorter text is no whole one, even if the feed gives it as the content."""

MIN_SUMMARY_CHARS = 1_000
"""A shorter text is no whole one if the feed gives it only as a summary."""

MAX_TEASER_CHARS = 1_500
"""In a longer text, three dots or an invitation before the name of a page are the author's own."""

TAIL_CHARS = 400
"""Only this many characters at the end of a text are looked at."""

PLUGIN_LINE = re.compile(
    r"(?:first appeared on|appeared first on|erschien zuerst auf|est apparu en premier sur|se publicó primero en|"
    r"apareceu primeiro em|proviene da|verscheen eerst op|dök först upp på|pojawił się najpierw)[^\n]{1,200}$",
    re.I,
)
"""The last line that blogs' software adds to an item, whether that is whole or not."""

BRACKETED_DOTS = re.compile(r"[\[(]\s*(?:…|\.{3,}|&hellip;)\s*[\])]\W*$")
DOTS = re.compile(r"(?:…|\.{3,}|\. \. \.)[\W_]{0,5}$")

INVITATIONS = (
    *("read more", "continue reading", "keep reading", "read the full", "read the rest", "full story"),
    *("read full", "read the whole", "read the original", "see more", "view article"),
    *("weiterlesen", "weiter lesen", "mehr lesen", "zum artikel", "den ganzen artikel lesen", "jetzt lesen"),
    *("lire la suite", "lire plus", "en savoir plus", "lire l'article", "lire l’article", "continuer la lecture"),
    *("leer más", "seguir leyendo", "continuar leyendo", "sigue leyendo", "leer la noticia", "ver más"),
    *("leia mais", "continuar lendo", "continue lendo", "continue a ler", "ler mais", "saiba mais"),
    *("leggi tutto", "continua a leggere", "leggi di più", "leggi l'articolo", "leggi l’articolo"),
    *("lees meer", "lees verder", "verder lezen", "läs mer", "läs hela", "les mer", "les hele", "læs mere", "læs hele"),
    *("lue lisää", "jatka lukemista", "czytaj więcej", "czytaj dalej", "číst dále", "celý článek", "tovább olvasom"),
    *("citește mai mult", "citeşte mai mult", "devamını oku", "читать далее", "читать дальше", "читать полностью"),
    *("подробнее", "читати далі", "докладніше", "διαβάστε περισσότερα", "اقرأ المزيد"),
    *("阅读全文", "阅读更多", "查看全文", "閱讀更多", "閱讀全文", "繼續閱讀", "続きを読む", "続きを見る", "もっと読む"),
    *("더 보기", "더보기", "계속 읽기", "baca selengkapnya", "đọc tiếp", "xem thêm"),
)
"""What the link to the page says at the end of a teaser, in several languages."""

SAID = "|".join(re.escape(each) for each in sorted(INVITATIONS, key=len, reverse=True))
BEGINNING = r"(?:^|\n|[.!?…。！？»”\"\])>:|–—-]\s{0,3})"
"""What stands before an invitation that is a sentence of its own."""

INVITATION = re.compile(rf"{BEGINNING}(?:{SAID})[^\w\n]{{0,6}}$", re.I)
LOOSE_INVITATION = re.compile(rf"\s({SAID})[^\w\n]{{0,6}}$", re.I)
"""An invitation within a sentence; it is one only if it begins with a capital letter."""

LONG_INVITATION = re.compile(rf"{BEGINNING}(?:{SAID})(?=[^\w])[^\n.!?]{{0,120}}[^\w\n]{{0,4}}$", re.I)
"""An invitation that names the article or the site, such as `Continue reading A storm on the coast`."""


def lack_of(text: str, *, is_content: bool) -> Lack | None:
    """Return what a text lacks to be the whole text of an article; None if nothing shows.

    Args:
        text: the plain text.
        is_content: whether the feed gives it as the item's content, not only as a summary.
    """
    if _is_cut(text):
        return "cut"
    least = MIN_CONTENT_CHARS if is_content else MIN_SUMMARY_CHARS
    return "short" if len(text) < least else None


def _is_cut(text: str) -> bool:
    end = PLUGIN_LINE.sub("", text[-TAIL_CHARS:].rstrip())
    if end != text[-TAIL_CHARS:].rstrip():
        # The rest of the line names the article: it is no part of the text.
        end = end.rpartition("\n")[0].rstrip()
    if BRACKETED_DOTS.search(end) or INVITATION.search(end):
        return True
    if len(text) >= MAX_TEASER_CHARS:
        return False
    loose = LOOSE_INVITATION.search(end)
    return bool(DOTS.search(end) or LONG_INVITATION.search(end) or (loose and loose[1][0].isupper()))
