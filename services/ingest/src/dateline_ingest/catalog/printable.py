"""Text of strangers on a terminal."""

__all__ = ["printable"]


def printable(text: str) -> str:
    """Return text as one line that does nothing to a terminal: what is no printable character is replaced."""
    return "".join([each if each.isprintable() else "\ufffd" for each in " ".join(text.split())])
