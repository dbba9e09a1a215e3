"""What an answer other than 200 or 304 means: whose fault it is, and what can be done."""

import re
from collections.abc import Mapping

from dateline_web.errors import Trouble

__all__ = ["PAGE_BYTES", "challenge", "refusal"]

PAGE_BYTES = 64 * 1024
"""At most this much of a page is searched for signs of a challenge."""

MAX_PHRASE_CHARACTERS = 80
"""Characters of the reason phrase that error messages quote."""

BUSY = frozenset({408, 425, 429})
"""Statuses that mean: not now."""

REFUSED = frozenset({401, 402, 403, 405, 406, 407, 451})
"""Statuses that mean: not this client, or not in this way."""

CHALLENGED = frozenset({200, 202, 401, 403, 405, 429, 503})
"""Statuses that challenge pages are sent with."""

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
"""Guards in front of servers, and the marks of their challenge pages."""


def challenge(status: int, headers: Mapping[str, str], page: bytes) -> str | None:
    """Return the name of the guard that answered with a challenge for browsers, None if none did.

    Args:
        status: the HTTP status.
        headers: the headers of the answer.
        page: the beginning of the body; pass it only if it is not the document that was asked for.
    """
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
    """Return the kind of trouble that an answer without a document is, and a message for people.

    Args:
        status: the HTTP status, neither 200 nor 304 nor a redirect that was followed.
        phrase: the reason phrase, which servers choose freely.
        headers: the headers of the answer.
        page: the beginning of the body.
    """
    answered = f"the server answered {status} {phrase[:MAX_PHRASE_CHARACTERS]}".strip()
    guard = challenge(status, headers, page)
    if guard is not None:
        return "challenge", (
            f"{answered} with a challenge page ({guard}): it wants a browser; ask the publisher to let this client pass"
        )
    if status == 410:
        return "gone", answered
    if status == 404:
        return "missing", answered
    if status == 401:
        return "refused", f"{answered}: it asks for a user name and a password, which the address may hold"
    if status in REFUSED:
        return "refused", f"{answered}: it refuses this client; ask the publisher"
    if status in BUSY or (status == 503 and "Retry-After" in headers):
        return "busy", answered
    if 300 <= status < 400:
        return "redirect", f"{answered} without saying where to"
    return "origin" if status >= 500 else "refused", answered
