"""What the publisher of a page forbids in its headers and meta elements."""

from dateline.clock import utc_now
from dateline_web.robots_directives import RobotsRules, header_directives, meta_directives
from dateline_web.tdm import tdm_reservation

from dateline_pages.judging.problem import PageProblem, ProblemKind
from dateline_pages.judging.survey import PageSurvey
from dateline_pages.page_document import PageDocument

__all__ = ["MINING", "declared_problem"]

MINING = frozenset({"noai", "noml"})
"""Directives that reserve a page from mining rather than from search."""


def declared_problem(document: PageDocument, survey: PageSurvey, rules: RobotsRules) -> PageProblem | None:
    """Return the problem of a page whose publisher forbids to use it.

    Args:
        document: the page as it was fetched.
        survey: what stands on the page.
        rules: the directives that are obeyed.
    """
    meta = survey.metas.get("tdm-reservation")
    if document.obey_reservations and tdm_reservation(document.tdm_reservation, meta):
        place = "the header tdm-reservation" if meta is None else "the meta element tdm-reservation"
        return PageProblem("reserved", f"{place} reserves the page from text and data mining")
    directives = header_directives(document.robots)
    for name in ("robots", rules.agent.lower()):
        directives += meta_directives(name, survey.metas.get(name, ""), rules.agent)
    obeyed = (each for each in directives if document.obey_reservations or each.name not in MINING)
    found = rules.forbidding(obeyed, utc_now())
    if found is None:
        return None
    target = "" if found.agent == "*" else f" for {found.agent}"
    kind: ProblemKind = "reserved" if found.name in MINING else "robots"
    return PageProblem(kind, f"the page says “{found.name}”{target} in its header or in a meta element")
