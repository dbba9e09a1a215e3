"""Why a poll failed."""

from typing import Literal

from dateline_web.errors import Trouble

__all__ = ["PollTrouble"]

PollTrouble = Trouble | Literal["bug"]
"""The troubles of a request, and those of a feed.

- document: the document exceeds a limit, or is not a feed.
- bug: an error in this program.
"""
