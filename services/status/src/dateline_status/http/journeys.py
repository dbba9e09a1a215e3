"""Where an article is, by its id or its address."""

from typing import Annotated, Any

from aiokafka.errors import KafkaError
from dateline.errors import TransientError
from dateline.service.problem import ProblemDetails, problem_response
from fastapi import FastAPI, Request, Response
from fastapi import Path as PathField

from dateline_status.articles.journey import Journey, id_of
from dateline_status.http.missing_article import MissingArticle
from dateline_status.http.source import StatusSource

__all__ = ["add_journeys"]

ARTICLE_NAME = {
    "anyOf": [
        {"type": "string", "format": "uuid", "description": "Id of the article."},
        {
            "type": "string",
            "format": "uri",
            "pattern": "^https?://",
            "description": "Address of the article, whose query need not be percent-encoded.",
        },
    ]
}
"""How OpenAPI describes the name of an article."""


def _describe_name(schema: dict[str, Any]) -> None:
    schema.pop("type", None)
    schema.update(ARTICLE_NAME)


ArticleName = Annotated[str, PathField(json_schema_extra=_describe_name)]
"""An id or an address; only described here, since `id_of` says better what is wrong with another text."""


def add_journeys(app: FastAPI, source: StatusSource) -> None:
    """Add the address that says where an article is."""

    @app.get(
        "/articles/{article:path}",
        tags=["reports"],
        response_model=Journey,
        response_description="Its records, the groups that have read them or not, and the time that each stage took.",
        responses={
            404: {"model": MissingArticle, "description": "No record of the article was found."},
            422: {"model": ProblemDetails, "description": "The path is neither an id nor an address."},
            503: {"model": ProblemDetails, "description": "Kafka does not answer."},
        },
    )
    async def article(article: ArticleName, request: Request) -> Journey | Response:
        """Return where an article is, by its id or by its address, percent-encoded or not; this reads Kafka."""
        # The address of an article may contain a query.
        text = f"{article}?{request.url.query}" if request.url.query else article
        try:
            journey = await source.journey(id_of(text))
        except ValueError as error:
            return problem_response(422, str(error))
        except (TransientError, KafkaError, OSError) as error:
            return problem_response(503, f"Kafka does not answer: {error}")
        if journey.found:
            return journey
        return problem_response(404, journey.reason, journey=journey.model_dump(mode="json"))
