"""Signatures of pushes; the numbers are those of websub.rocks' tests."""

import pytest
from dateline_ingest.websub.signature import METHODS, is_signed, signature


@pytest.mark.parametrize("method", METHODS)
def test_300_signatures_of_every_method_are_valid(method: str) -> None:
    assert is_signed(signature(method, "s", b"body"), "s", b"body")
    assert is_signed(signature(method, "s", b"body").upper(), "s", b"body")


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256", "sha256=", "sha256=00", "md5=841a2d689ad86bd1611447453c22c6fc", "=x", "sha256=é"],
    ids=str,
)
def test_301_and_302_a_wrong_or_missing_signature_is_invalid(header: str | None) -> None:
    assert not is_signed(header, "s", b"body")
    assert not is_signed(signature("sha256", "s", b"other body"), "s", b"body")
    assert not is_signed(signature("sha256", "other", b"body"), "s", b"body")


def test_sha1_may_be_refused() -> None:
    assert not is_signed(signature("sha1", "s", b"body"), "s", b"body", accept_sha1=False)
