"""The list of the newest articles, which is also their search: a page for people, JSON for machines."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from dateline.service.problem import ProblemDetails
from fastapi import FastAPI, Query, Request, Response

from dateline_status.http.articles import ArticleSource
from dateline_status.http.preference import preferred
from dateline_status.http.site import NavigationEntry, Website
from dateline_status.reading.marks import LETTERS
from dateline_status.recent.listing import ArticleListing, ListedArticle, cursor_of

__all__ = ["add_articles"]

PATH = "/articles"
"""Address of the list."""

LONGEST_QUESTION = 500
"""A question has at most this many characters; addresses are long."""

DEFAULT_ARTICLES, MOST_ARTICLES = 30, 100
"""Number of articles on a page: unless asked otherwise, and at most."""

Question = Annotated[
    str,
    Query(
        alias="q",
        max_length=LONGEST_QUESTION,
        description="An id, an address or the beginning of one, or words: each has to begin a word of the title, of "
        "the source or of an entity's name, or be the id of an entity's link, such as `Q64` or `wikidata:Q64`. Words "
        "in quotation marks have to follow one another.",
    ),
]

Before = Annotated[
    str,
    Query(
        pattern=r"^([0-9]{1,19}\.[0-9]{1,19}\.[0-9]{1,19})?$",
        description="The place in the list where the page begins: `before` of the page before; empty for the newest.",
    ),
]

Number = Annotated[int, Query(ge=1, le=MOST_ARTICLES, description="Number of articles on the page.")]


def add_articles(app: FastAPI, site: Website, articles: ArticleSource) -> None:
    """Add `/articles`."""
    site.navigation.append(NavigationEntry(PATH, "articles"))

    @app.get(
        PATH,
        tags=["articles"],
        response_model=ArticleListing,
        response_description="A part of the list, newest first.",
        responses={422: {"model": ProblemDetails, "description": "A parameter is out of its bounds."}},
    )
    async def list_articles(
        request: Request, question: Question = "", before: Before = "", limit: Number = DEFAULT_ARTICLES
    ) -> ArticleListing | Response:
        """Return the newest articles, or those that a question finds in memory."""
        if preferred(request) == "json":
            return await articles.listing(question, before=before or None, most=limit)

        async def values() -> Mapping[str, Any]:
            listing = await articles.listing(question, before=before or None, most=limit)
            shown = listing.articles
            return {
                "listing": listing,
                "excerpts": {each.id: articles.excerpt(each.id) for each in shown},
                "is_live": not listing.question and not before,
                "held": _address(question, _just_after(shown[0]), limit) if shown else None,
                "older": _address(question, listing.before, limit) if listing.before else None,
                "letters": LETTERS,
            }

        return await site.answer(request, "articles.html", values)


def _address(question: str, before: str, most: int) -> str:
    parameters = {"q": question} if question.strip() else {}
    if most != DEFAULT_ARTICLES:
        parameters["limit"] = str(most)
    return f"{PATH}?{urlencode({**parameters, 'before': before})}"


def _just_after(article: ListedArticle) -> str:
    """Return the place in the list of which the article is the first one after it."""
    return cursor_of((round(article.at.timestamp() * 1000), article.partition, article.offset + 1))
