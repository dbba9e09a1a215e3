"""What answers other than 200 or 304 mean."""

import pytest
from dateline_web.errors import Trouble
from dateline_web.exchange.refusal import challenge, refusal

CLOUDFLARE = b"<!DOCTYPE html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"


@pytest.mark.parametrize(
    ("status", "headers", "page", "trouble", "words"),
    [
        (401, {}, b"", "refused", "asks for a user name and a password"),
        (403, {}, b"<html>Forbidden</html>", "refused", "refuses this client"),
        (451, {}, b"", "refused", "refuses this client"),
        (418, {}, b"", "refused", "418"),
        (403, {"cf-mitigated": "challenge"}, b"", "challenge", "Cloudflare"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "challenge", "AWS WAF"),
        (403, {}, CLOUDFLARE, "challenge", "wants a browser"),
        (503, {}, CLOUDFLARE, "challenge", "Cloudflare"),
        (403, {}, b"<script src='https://ct.captcha-delivery.com/c.js'>", "challenge", "DataDome"),
        (403, {}, b"<div id='px-captcha'>", "challenge", "HUMAN"),
        (403, {}, b"<iframe src='/_Incapsula_Resource?x'>", "challenge", "Imperva"),
        (403, {}, b"<div class='g-recaptcha'>", "challenge", "a captcha"),
        (404, {}, b"", "missing", "404"),
        (404, {}, b"<div class='g-recaptcha'>", "missing", "404"),
        (410, {}, b"", "gone", "410"),
        (429, {}, b"", "busy", "429"),
        (503, {"Retry-After": "60"}, b"", "busy", "503"),
        (503, {}, b"", "origin", "503"),
        (500, {}, b"", "origin", "500"),
        (520, {}, b"", "origin", "520"),
        (301, {}, b"", "redirect", "without saying where to"),
    ],
)
def test_a_refusal_says_whose_fault_it_is(
    status: int, headers: dict[str, str], page: bytes, trouble: Trouble, words: str
) -> None:
    kind, reason = refusal(status, "Phrase", headers, page)
    assert kind == trouble
    assert words in reason
    assert f"the server answered {status} Phrase" in reason


def test_an_article_about_challenges_is_not_a_challenge_page() -> None:
    assert challenge(200, {}, b"<html><title>Cloudflare has an outage</title><p>captcha, robots</html>") is None
    assert challenge(500, {}, CLOUDFLARE) is None
