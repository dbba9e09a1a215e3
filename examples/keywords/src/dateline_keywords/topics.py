"""What the enricher adds to an article under its name."""

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ArticleTopic", "ArticleTopics"]


class ArticleTopic(BaseModel):
    """A topic that an article is about."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="The topic, as the settings name it.")
    share: float = Field(gt=0, le=1, description="Its share in all keywords of the article.")
    keywords: dict[str, int] = Field(description="How often each of its keywords occurs, in lower case.")


class ArticleTopics(BaseModel):
    """The topics of an article, the one with the largest share first."""

    model_config = ConfigDict(frozen=True)

    topics: list[ArticleTopic]
