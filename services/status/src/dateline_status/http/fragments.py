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

    Args:
        page: a whole page.
        known: the parts that were sent before, by id.
    """
    parts = {match[1]: match[2].strip() for match in FRAGMENT.finditer(page)}
    title = TITLE.search(page)
    if title is not None:
        parts["title"] = title[1].strip()
    changed = [name for name, text in parts.items() if known.get(name) != text]
    known.clear()
    known.update(parts)
    return [f"event: part\ndata: {json.dumps({'id': name, 'html': parts[name]})}\n\n" for name in changed]
