"""The answer to the question where an article is that nobody has a record of."""

from dateline.service.problem import ProblemDetails
from pydantic import Field

from dateline_status.articles.journey import Journey

__all__ = ["MissingArticle"]


class MissingArticle(ProblemDetails):
    """No record of an article was found (RFC 9457)."""

    journey: Journey = Field(description="What was searched for, and that it is unknown.")
