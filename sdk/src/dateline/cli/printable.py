"""Makes untrusted text safe for a terminal."""

__all__ = ["printable"]


def printable(text: str) -> str:
    """Return `text` as one line; characters that are not printable are replaced."""
    return "".join([each if each.isprintable() else "\ufffd" for each in " ".join(text.split())])
