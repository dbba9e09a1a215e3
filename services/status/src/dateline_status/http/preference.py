"""What a client prefers: a page, a stream of a page's changes, or JSON."""

from typing import Literal

from fastapi import Request

__all__ = ["Preference", "preferred"]

Preference = Literal["page", "stream", "json"]
"""The forms of an answer."""

FORMS: dict[str, Preference] = {"text/event-stream": "stream", "text/html": "page", "application/xhtml+xml": "page"}
"""Forms by media type; every other type means JSON."""


def preferred(request: Request) -> Preference:
    """Return the form that the header `Accept` prefers; without one, and for `*/*`, it is JSON."""
    best: tuple[float, Preference] = (0.0, "json")
    for part in request.headers.get("accept", "").split(","):
        media_type, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if quality > best[0]:
            best = (quality, FORMS.get(media_type, "json"))
    return best[1]
