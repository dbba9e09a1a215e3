"""Reads a page: parses it once, judges it, and extracts its text and what it says about itself."""

from dateline_web.robots_directives import RobotsRules

from dateline_pages.extraction.extractor import extract_text
from dateline_pages.judging.judge import judge_document, judge_text
from dateline_pages.judging.problem import PageProblem
from dateline_pages.metadata.composition import page_metadata
from dateline_pages.metadata.markup.json_ld import linked_nodes
from dateline_pages.reading.document import parse_document
from dateline_pages.reading.page import PageDocument, PageReading

__all__ = ["read_page"]


def read_page(document: PageDocument) -> PageReading:
    """Return the text and the metadata of a page, or its problem if it is not an article.

    Args:
        document: the page as it was fetched.

    Raises:
        MemoryError: the page exceeds the memory of this process.
    """
    tree = parse_document(document.body, document.content_type)
    if isinstance(tree, PageProblem):
        return PageReading(problem=tree)
    problem = judge_document(tree, document, RobotsRules(agent=document.agent))
    if problem is not None and not document.is_wanted_anyway:
        return PageReading(problem=problem)
    url = document.url or document.requested
    nodes = linked_nodes(tree)
    extracted = extract_text(tree, url, document.lessons, title_hint=document.title_hint, nodes=nodes)
    metadata = page_metadata(tree, url, now=document.captured, nodes=nodes)
    problem = problem or judge_text(tree, document, extracted.body, metadata)
    if problem is not None:
        body = extracted.body if document.is_wanted_anyway else ""
        return PageReading(body=body, metadata=metadata, problem=problem)
    return PageReading(body=extracted.body, metadata=metadata, lesson=extracted.lesson)
