"""Signatures are those of the Standard Webhooks specification, for one secret and for several."""

import base64
import time

import pytest
from dateline_sinks.webhook.signature import SigningKeys
from standardwebhooks import Webhook, WebhookVerificationError
from support.webhook_receiver import SECRET

OTHER = "whsec_" + base64.b64encode(bytes(range(48))).decode()


def headers(keys: SigningKeys, body: bytes) -> dict[str, str]:
    now = int(time.time())
    return {
        "webhook-id": "a/b/1",
        "webhook-timestamp": str(now),
        "webhook-signature": keys.signature("a/b/1", now, body),
    }


def test_the_signature_of_the_specification_s_library_is_the_same() -> None:
    body = '{"title": "Zürich"}'.encode()
    assert Webhook(SECRET).verify(body, headers(SigningKeys.parse(SECRET), body)) == {"title": "Zürich"}


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_while_secrets_are_exchanged_both_verify(secret: str) -> None:
    Webhook(secret).verify(b"{}", headers(SigningKeys.parse(f"{SECRET}\n{OTHER}\n"), b"{}"))


def test_another_body_does_not_verify() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(b"[]", headers(SigningKeys.parse(SECRET), b"{}"))


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_c2hvcnQ=", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0", "whsec_***hidden***"]
)
def test_an_invalid_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="secret") as caught:
        SigningKeys.parse(text)
    assert "hidden" not in str(caught.value)
    assert "c2Vjc" not in str(caught.value)


def test_keys_are_not_shown() -> None:
    assert "secret of 32" not in repr(SigningKeys.parse(SECRET))
