"""What a page may load, and where its forms may go."""

__all__ = ["content_policy"]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)
"""Everything comes from this service, and nothing is written into the page itself."""


def content_policy(*, forms: bool) -> str:
    """Return the header `Content-Security-Policy`; with `forms`, the page may send forms to this service."""
    return POLICY.format(forms="'self'" if forms else "'none'")
