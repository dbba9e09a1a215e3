"""A span of an article's text."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract

__all__ = ["Mention", "TextField"]

TextField = Literal["title", "body"]
"""The fields of an article that are annotated."""


class Mention(Contract):
    """A span of the title or the body; `text` is always `field[start:end]`."""

    field: TextField = Field(description="Field of the article that the offsets refer to.")
    start: int = Field(ge=0, description="Offset of the first character, in Unicode code points from 0.")
    end: int = Field(ge=0, description="Offset after the last character, in Unicode code points.")
    text: str = Field(description="Exactly the slice `field[start:end]`.")
