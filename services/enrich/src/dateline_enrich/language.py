"""Which language an article is written in."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

__all__ = ["identify"]

_SAMPLE = 1000
"""Characters that are looked at: more takes longer and tells nothing new."""

_SURE = 0.9
"""Confidence from which on a language is believed; shorter texts hardly reach it."""

_SURER = 0.95
"""The same where the source says otherwise."""

_CONFUSED = frozenset(("pcm", "bcl", "zxx"))
"""Classes that short English texts are taken for, and that are no language that news sites of that size have."""

_lock = Lock()


def identify(title: str, body: str, claimed: str | None = None) -> str | None:
    """Say in which language an article is written.

    The text decides where it is long enough to be sure; else what the source says is taken.

    Args:
        title: The title.
        body: The text.
        claimed: The language tag that the source gives, if any.

    Returns:
        A language tag, the source's own one where it agrees; null if nothing tells.
    """
    sample = f"{title}\n{body[:_SAMPLE]}"
    if not any(map(str.isalpha, sample)):
        return claimed
    language, confidence = _identifier().classify(sample)
    if language in _CONFUSED:
        return claimed
    if claimed and claimed.replace("_", "-").split("-")[0].casefold() == language:
        return claimed
    return str(language) if confidence >= (_SURER if claimed else _SURE) else claimed


def _identifier() -> Any:
    with _lock:
        return _loaded()


@cache
def _loaded() -> Any:
    # Half a second, so not at import time.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
