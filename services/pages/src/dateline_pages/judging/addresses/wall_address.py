"""Recognises the addresses of walls and forms to which articles' addresses are redirected."""

import re
from urllib.parse import urlsplit

from dateline_pages.judging.wording.vocabulary import Wall

__all__ = ["named_by_address"]

PATHS: tuple[tuple[Wall, re.Pattern[str]], ...] = (
    ("challenge", re.compile(r"captcha|challenge|\bverify|validate|blocked|\bbot\b|human|security-check|/sorry/")),
    (
        "consent",
        re.compile(
            r"consent|cookie|privacy-?gate|gdpr|rgpd|dsgvo|rodo\b|zustimmung|einwilligung|consenso|samtyk|suostumus|souhlas"
            r"|toestemming|privacy-?wall"
        ),
    ),
    (
        "login",
        re.compile(
            r"log-?in\b|sign-?in\b|/auth\b|oauth|/sso\b|anmeld|connexion|inloggen|logga-?in|zaloguj|logowanie|acced|entrar\b"
            r"|subscri|/abo\b|suscri|abonn|register\b|registr|paywall|members\b|/account"
        ),
    ),
    ("not found", re.compile(r"404|not-?found|/error|nicht-?gefunden|introuvable|expired|unavailable")),
)
"""Parts of the host and path of such addresses."""


FEW_WORDS = 3
"""An address of a wall has fewer hyphens in a segment."""


def named_by_address(url: str | None, requested: str | None) -> Wall | None:
    """Return the kind that an address names, if an article's address was redirected to it.

    Args:
        url: the address that answered, None if it is not known.
        requested: the address of the article, None if it is not known.
    """
    if url is None or requested is None:
        return None
    there, wanted = urlsplit(url), urlsplit(requested)
    if (there.hostname, there.path) == (wanted.hostname, wanted.path):
        return None
    before = f"{wanted.hostname or ''}{wanted.path}".lower()
    for kind, pattern in PATHS:
        for segment in (there.hostname or "", *there.path.lower().split("/")):
            # The titles of articles in addresses have more words.
            if segment.count("-") < FEW_WORDS and pattern.search(f"/{segment}") and not pattern.search(before):
                return kind
    return None
