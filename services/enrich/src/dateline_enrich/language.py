"""Identifies the language of an article."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

__all__ = ["identify"]

SAMPLE = 1000
"""Maximum characters of the body that are examined; more takes longer without a better result."""

SURE = 0.9
"""Minimum confidence of an identified language; short texts hardly reach it."""

SURER = 0.95
"""Minimum confidence if the source declares another language."""

CONFUSED = frozenset(("pcm", "bcl", "zxx"))
"""Codes that short English texts are mistaken for, and that are ignored because hardly any news is written in them."""

_lock = Lock()


def identify(title: str, body: str, claimed: str | None = None) -> str | None:
    """Identify the language of an article.

    The language of the text is returned if it is identified with enough confidence, else the declared one.

    Args:
        title: the title.
        body: the text.
        claimed: the language tag that the source declares, or None.

    Returns:
        a language tag, which is the declared tag if the text agrees with it; None if the language is unknown.
    """
    sample = f"{title}\n{body[:SAMPLE]}"
    if not any(map(str.isalpha, sample)):
        return claimed
    language, confidence = _identifier().classify(sample)
    if language in CONFUSED:
        return claimed
    if claimed and claimed.replace("_", "-").split("-")[0].casefold() == language:
        return claimed
    return str(language) if confidence >= (SURER if claimed else SURE) else claimed


def _identifier() -> Any:
    with _lock:
        return _loaded()


@cache
def _loaded() -> Any:
    # Loading takes half a second, so it is not done at import time.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
