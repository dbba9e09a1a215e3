"""Describes the requests of `POST /articles` for OpenAPI; the articles themselves are read by `articles/`."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["EXAMPLES", "PushedArticle", "PushedMedia", "PushedSource"]

EXAMPLES: dict[str, Any] = {
    "one": {
        "summary": "One article.",
        "value": {"title": "Talks resume", "body": "They met on June 11.", "url": "https://news.example/1"},
    },
    "list": {
        "summary": "A list, with all that an article may have.",
        "value": [
            {
                "id": "story-2",
                "url": "https://news.example/2",
                "title": "Bridge closed",
                "summary": "The old bridge closes on Friday.",
                "body": "The council closes the old bridge on Friday. Repairs take until October.",
                "authors": ["Nino Beridze"],
                "categories": ["Local"],
                "media": [{"url": "https://news.example/2.jpg", "type": "image/jpeg", "title": "The bridge"}],
                "published": "2026-06-28T10:00:00Z",
                "updated": "2026-06-28T12:30:00Z",
                "language": "en",
                "source": {"uri": "https://news.example/", "name": "News"},
            }
        ],
    },
}
"""Examples of bodies in JSON."""


DAY = (
    r"((19|20)[0-9]{2}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    r"|((19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)"
)
"""A day from 1900 to 2099 that exists."""

TIME = r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"
"""A time of day with its offset."""

Moment = Annotated[str, Field(pattern=f"^({DAY}({TIME})?)?$", examples=["2026-06-28T10:00:00Z", "2026-06-28"])]
"""A time or a day in ISO 8601; other usual forms, such as those of feeds, are read as well."""


def _without_defaults(schema: dict[str, Any]) -> None:
    # Generators make a field with a default a required one.
    for field in schema["properties"].values():
        field.pop("default", None)


Seconds = Annotated[float, Field(ge=-62_135_596_800, le=253_402_300_799_999)]
"""Seconds since 1970, or milliseconds if it is above a hundred billion, until the year 9999."""


class PushedMedia(BaseModel):
    """A picture, recording or file of an article."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    url: str = Field(description="Its address.")
    type: str | None = Field(default=None, description="Its media type.")
    title: str | None = Field(default=None, description="Its title.")


class PushedSource(BaseModel):
    """Where an article is from; without it, the name of the token."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    uri: str | None = Field(default=None, description="Address of the source.")
    name: str | None = Field(default=None, description="Name of the source.")


class PushedArticle(BaseModel):
    """An article; a title or a body is required. Other usual names of a field, such as `headline`, are read as well."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_without_defaults)

    id: str | int | None = Field(default=None, description="Id of the article at its source.")
    url: str | None = Field(default=None, description="Address of the article.")
    title: str | None = Field(default=None, description="Headline; markup is removed.")
    body: str | None = Field(default=None, description="Text, plain or HTML.")
    summary: str | None = Field(default=None, description="Summary or standfirst.")
    authors: list[str] | None = Field(default=None, description="Names of the authors.")
    categories: list[str] | None = Field(default=None, description="Labels.")
    media: list[PushedMedia] | None = Field(default=None, description="Pictures, recordings and other files.")
    published: Moment | Seconds | None = Field(
        default=None, description="Day or time of publication, or seconds from 1970."
    )
    updated: Moment | Seconds | None = Field(default=None, description="The same of the last change.")
    language: str | None = Field(default=None, description="Language tag (BCP 47).")
    source: PushedSource | str | None = Field(default=None, description="Where the article is from.")
