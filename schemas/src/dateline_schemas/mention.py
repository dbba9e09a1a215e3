"""A stretch of an article's text."""

from typing import Literal

from pydantic import Field

from dateline_schemas.contract import Contract

__all__ = ["Mention", "TextField"]

TextField = Literal["title", "body"]
"""The fields of an article that are annotated."""


class Mention(Contract):
    """A stretch of the title or of the body: `text` is always `field[start:end]`."""

    field: TextField = Field(description="The field of the article that the offsets point into.")
    start: int = Field(ge=0, description="First character, in Unicode code points from 0.")
    end: int = Field(ge=0, description="Character after the last one, in Unicode code points.")
    text: str = Field(description="Exactly the slice `field[start:end]`.")
