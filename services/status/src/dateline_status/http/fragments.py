"""The parts of a page that change: found in its text, and sent one by one."""

import json
import re

__all__ = ["changed_fragments"]

FRAGMENT = re.compile(r"<!--live ([\w-]+)-->(.*?)<!--/live \1-->", re.DOTALL)
"""A part that changes, as the macro `live` of the templates writes it: an element with this id."""

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
"""The title, which changes with the state."""


def changed_fragments(page: str, known: dict[str, str]) -> list[str]:
    """Return an event of a stream for each part of `page` that differs from `known`, and update `known`.

    An event has the id and the text of the part, and the id of the part before it, behind which a new one is put.
    A part that is gone has no text.

    Args:
        page: a whole page.
        known: the parts that were sent before, by id.
    """
    parts = {match[1]: match[2].strip() for match in FRAGMENT.finditer(page)}
    order = list(parts)
    before: dict[str, str | None] = dict(zip(order, [None, *order], strict=False))
    title = TITLE.search(page)
    if title is not None:
        parts["title"] = title[1].strip()
    events = [
        *(_event(name, "", None) for name in known.keys() - parts.keys()),
        *(_event(name, text, before.get(name)) for name, text in parts.items() if known.get(name) != text),
    ]
    known.clear()
    known.update(parts)
    return events


def _event(name: str, text: str, after: str | None) -> str:
    return f"event: part\ndata: {json.dumps({'id': name, 'html': text, 'after': after})}\n\n"
