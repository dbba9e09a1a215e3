"""What an answer that brings no feed means: whose fault it is, and what can be done."""

import re
from collections.abc import Mapping
from typing import Literal

__all__ = ["PAGE_BYTES", "Trouble", "challenge", "refusal"]

Trouble = Literal[
    "unreachable", "origin", "busy", "refused", "challenge", "missing", "gone", "redirect", "document", "held", "bug"
]
"""Why a poll brought nothing.

- unreachable: no answer, or one that broke off;
- origin: the server is at fault;
- busy: it asks us to come less often, or later;
- refused: it does not want us, or asks for credentials;
- challenge: something before it wants to see a browser;
- missing: there is no such document;
- gone: there never will be one again;
- redirect: it leads nowhere, or in circles;
- document: what came is no feed, or breaks a limit;
- held: the host of a redirect is left alone at the moment;
- bug: a fault of ours.
"""

PAGE_BYTES = 64 * 1024
"""How much of a page that is no feed is looked at."""

BUSY = frozenset({408, 425, 429})
"""Statuses that say not now."""

REFUSED = frozenset({401, 402, 403, 405, 406, 407, 451})
"""Statuses that say not you, or not so."""

CHALLENGED = frozenset({200, 202, 401, 403, 405, 429, 503})
"""Statuses with which challenge pages come."""

GUARDS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("Cloudflare", re.compile(rb"/cdn-cgi/challenge-platform/|cf[-_]chl[-_]|challenges\.cloudflare\.com|cf-turnstile")),
    ("Imperva", re.compile(rb"_Incapsula_Resource|Incapsula incident ID")),
    ("DataDome", re.compile(rb"captcha-delivery\.com|geo\.captcha-delivery")),
    ("HUMAN", re.compile(rb"px-captcha|_pxAppId")),
    ("AWS WAF", re.compile(rb"awswaf\.com|AwsWafIntegration|aws-waf-token")),
    ("Sucuri", re.compile(rb"sucuri_cloudproxy|Sucuri WebSite Firewall")),
    ("Anubis", re.compile(rb"/\.within\.website/x/(?:cmd/)?anubis")),
    ("DDoS-Guard", re.compile(rb"ddos-guard/js-challenge|check\.ddos-guard\.net")),
    ("a captcha", re.compile(rb"g-recaptcha|hcaptcha\.com|<title>[^<]{0,60}captcha", re.I)),
    ("a check for browsers", re.compile(rb"<title>\s*(?:Just a moment|Checking your browser|Are you a robot)", re.I)),
)
"""Who stands before servers, by what their pages hold; a feed is never looked at, only pages in its place."""


def challenge(status: int, headers: Mapping[str, str], page: bytes) -> str | None:
    """Return who wants to see a browser before it lets anybody to the feed, None where nobody does."""
    # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "Cloudflare"
    if headers.get("x-amzn-waf-action", "").lower() in ("challenge", "captcha"):
        return "AWS WAF"
    if status not in CHALLENGED:
        return None
    head = page[:PAGE_BYTES]
    return next((guard for guard, mark in GUARDS if mark.search(head)), None)


def refusal(status: int, phrase: str, headers: Mapping[str, str], page: bytes) -> tuple[Trouble, str]:
    """Return what kind of trouble an answer without a feed is, and what to tell a person.

    Args:
        status: the status of HTTP, neither 200 nor 304 nor a redirect.
        phrase: the words beside it, which may be any.
        headers: the headers of the answer.
        page: the beginning of its body.
    """
    said = f"the server answered {status} {phrase[:80]}".strip()
    guard = challenge(status, headers, page)
    if guard is not None:
        return "challenge", (
            f"{said} with a challenge page ({guard}): it wants a browser; the publisher can let feed readers pass"
        )
    if status == 410:
        return "gone", said
    if status == 404:
        return "missing", said
    if status == 401:
        return "refused", f"{said}: it asks for a name and a password, which the feed's address may hold"
    if status in REFUSED:
        return "refused", f"{said}: it refuses us; the publisher has to be asked"
    if status in BUSY or (status == 503 and "Retry-After" in headers):
        return "busy", said
    if 300 <= status < 400:
        return "redirect", f"{said} without saying where to"
    return "origin" if status >= 500 else "refused", said
