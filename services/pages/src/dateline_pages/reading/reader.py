"""Reads a page: parses it once, judges it, and extracts its text and what it says about itself."""

import trafilatura

from dateline_pages.extraction.lessons import PageLesson
from dateline_pages.judging.problem import PageProblem
from dateline_pages.metadata.composition import page_metadata
from dateline_pages.reading.document import parse_document
from dateline_pages.reading.page import PageDocument, PageReading

__all__ = ["read_page"]


def read_page(document: PageDocument) -> PageReading:
    """Return the text and the metadata of a page, and its problem if it is not an article.

    Args:
        document: the page as it was fetched.
    """
    tree = parse_document(document.body, document.content_type)
    if isinstance(tree, PageProblem):
        return PageReading(problem=tree)
    metadata = page_metadata(tree, document.url or document.requested)
    body = trafilatura.extract(tree, url=document.url, include_comments=False) or ""
    if not body:
        return PageReading(metadata=metadata, problem=PageProblem("empty", "no text was found"))
    return PageReading(body=body, metadata=metadata, lesson=PageLesson())
