"""Remove characters that nobody sees and nothing means, such as byte order marks, from texts and addresses."""

from __future__ import annotations

import re

__all__ = ["INVISIBLE", "without_invisible"]

JOINING_SCRIPTS = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
"""Scripts in which a joiner changes the form of letters: Arabic and its kin, and those of India and its neighbours."""

EMOJI = "\u20e3\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
"""Pictures, and the selectors behind them, that a joiner makes one picture of."""

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that order text of both directions; in text of one direction they do nothing."""

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Characters without width."""

MEANT = re.compile(
    "\u034f(?=[\u0300-\u036f\u0591-\u05c7])"
    f"|(?<=[{JOINING_SCRIPTS}])[\u200c\u200d]|(?<=[{EMOJI}])\u200d(?=[{EMOJI}])"
    "|(?<=[\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]"
)
"""Invisible characters in places where they have an effect: joiners, and the tags of flags."""


def without_invisible(text: str) -> str:
    """Remove characters without width that carry no meaning.

    Joiners stay where they shape the text: in emoji, and behind letters of Arabic and Indic scripts. Marks of
    direction stay in text that has letters written from right to left.
    """
    if text.isascii() or not INVISIBLE.search(text):
        return text
    both_ways = RIGHT_TO_LEFT.search(text) is not None

    def kept(match: re.Match[str]) -> str:
        if (both_ways and DIRECTIONS.match(match[0])) or MEANT.match(text, match.start()):
            return match[0]
        return ""

    return INVISIBLE.sub(kept, text)
