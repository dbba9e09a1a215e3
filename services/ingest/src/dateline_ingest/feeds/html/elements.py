"""The elements and attributes of HTML, and what each tag does to the text around it."""

from __future__ import annotations

__all__ = ["ATTRIBUTES", "BARE_ATTRIBUTES", "BREAKS", "ELEMENTS", "LINE", "SILENT", "UNCLOSED"]

SILENT_NAMES = """
script style head noscript template iframe svg object select annotation annotation-xml noembed noframes
"""
SILENT = frozenset(SILENT_NAMES.split())
"""Elements whose content is not shown to readers."""

BLOCK_NAMES = """
p div h1 h2 h3 h4 h5 h6 ul ol blockquote figure figcaption pre section article header footer main aside nav dl table hr
form fieldset address details summary center video audio
"""
"""Elements that are paragraphs of their own."""

LINE_TAGS = "br li tr /tr dt /dt dd /dd caption /caption option legend"
CELL_NAMES = "td th"

OTHER_NAMES = """
a abbr acronym applet area b base basefont bdi bdo bgsound big blink body button canvas cite code col colgroup data
datalist del dfn dialog dir em embed font frame frameset hgroup html i image img input ins kbd keygen label link map
mark marquee menu menuitem meta meter multicol nobr noindex optgroup output param picture plaintext progress q rb rp rt
rtc ruby s samp search slot small source spacer span strike strong sub sup tbody template textarea tfoot thead time
title tt track u var wbr xmp
"""
"""Elements that only mark up their text; also `noindex`, which some search engines read."""

MATH_NAMES = """
maction maligngroup malignmark math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom
mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics
"""

LINE = "\x1e"
"""A record separator, at which `str.splitlines` ends a line; documents do not contain it."""

INLINE_NAMES = f"{OTHER_NAMES} {MATH_NAMES} {SILENT_NAMES}".split()
BREAKS: dict[str, str] = {
    **dict.fromkeys(INLINE_NAMES, ""),
    **{f"/{name}": "" for name in [*INLINE_NAMES, *CELL_NAMES.split(), "br", "li", "option", "legend"]},
    **dict.fromkeys(CELL_NAMES.split(), " "),
    **dict.fromkeys(LINE_TAGS.split(), LINE),
    **{slash + name: LINE * 2 for name in BLOCK_NAMES.split() for slash in ("", "/")},
}
"""The replacement of each tag in the text; the key is a start tag's name, or an end tag's slash and name."""

ELEMENTS = frozenset(BREAKS)
"""The names of all tags of HTML; those of end tags begin with a slash."""

UNCLOSED_NAMES = """
area base br col embed hr img input link meta param source track wbr
p li dt dd tr td th thead tbody tfoot option optgroup html body head
"""
UNCLOSED = frozenset(UNCLOSED_NAMES.split())
"""Elements that have no end tag or need none."""

ATTRIBUTE_NAMES = """
accept action align alink allow alt as autocomplete background bgcolor border cellpadding cellspacing char charset cite
class clear color cols colspan content coords crossorigin data datetime decoding dir download enctype face fetchpriority
for form frameborder headers height high href hreflang hspace id is itemid itemprop itemref itemtype kind label lang
language link list loading loop low marginheight marginwidth max maxlength media method min name nonce optimum pattern
placeholder poster preload prop property pubdate rel rev role rows rowspan rules sandbox scope scrolling shape size
sizes slot span spellcheck src srcdoc srclang srcset start style summary tabindex target text title translate type
usemap valign value vlink vspace width wrap xmlns
"""
ATTRIBUTES = frozenset(ATTRIBUTE_NAMES.split())
"""Attributes that have a value."""

BARE_NAMES = """
allowfullscreen async autofocus autoplay border checked compact controls default defer disabled download formnovalidate
hidden inert ismap itemscope loop mozallowfullscreen multiple muted nohref nomodule noresize noshade novalidate nowrap
open playsinline readonly required reversed selected typemustmatch webkitallowfullscreen
"""
BARE_ATTRIBUTES = frozenset(BARE_NAMES.split())
"""Attributes that stand without a value."""
