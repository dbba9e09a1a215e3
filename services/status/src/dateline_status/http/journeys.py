"""Where an article is, by its id or its address."""

from typing import Annotated

from aiokafka.errors import KafkaError
from dateline.errors import TransientError
from dateline.service.problem import ProblemDetails, problem_response
from fastapi import FastAPI, Request, Response
from fastapi import Path as PathField

from dateline_status.articles.journey import Journey, id_of
from dateline_status.http.articles import ArticleSource
from dateline_status.http.documented_path import name_or_address
from dateline_status.http.missing_article import MissingArticle
from dateline_status.http.pages.article import ArticlePage
from dateline_status.http.preference import preferred
from dateline_status.http.site import Website
from dateline_status.http.source import StatusSource
from dateline_status.reading.knowledge import knowledge_address

__all__ = ["add_journeys"]

ARTICLE_NAME = {"type": "string", "format": "uuid", "description": "Id of the article."}
"""How OpenAPI describes the id of an article."""

ArticleName = Annotated[str, PathField(json_schema_extra=name_or_address(ARTICLE_NAME, "article"))]
"""An id or an address; only described here, since `id_of` says better what is wrong with another text."""


def add_journeys(app: FastAPI, site: Website, source: StatusSource, articles: ArticleSource | None) -> None:
    """Add the address that says where an article is: a page for people, JSON for machines."""
    site.add_filters(knowledge_address=knowledge_address)

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
        form = preferred(request)
        try:
            # An id of somebody's own is no UUID, but it can be known.
            page = ArticlePage(source, articles, text if articles and articles.positions(text) else id_of(text))
            trail = await (source.trail(page.key) if form == "json" else page.trail())
        except ValueError as error:
            return problem_response(422, str(error))
        except (TransientError, KafkaError, OSError) as error:
            return problem_response(503, f"Kafka does not answer: {error}")
        journey = trail.journey
        if not journey.found:
            return problem_response(404, journey.reason, journey=journey.model_dump(mode="json"))
        return journey if form == "json" else await page.answer(site, request, trail)
