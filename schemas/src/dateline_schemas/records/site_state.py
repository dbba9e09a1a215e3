"""The state of `pages`: what it knows of a site, and what waits in the site's queue."""

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp

__all__ = ["SiteState"]


class SiteState(Contract):
    """Value of `page-state`: what is known of a site. What waits for it is kept in parts of its own.

    Fields with default values are not written.
    """

    site: str = Field(min_length=1, description="The site, as `site_key` returns it.")
    held_until: Timestamp | None = Field(default=None, description="No request is sent to the site before this time.")
    held_reason: str | None = Field(default=None, description="Why, in words.")

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
