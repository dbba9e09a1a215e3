"""A page and what it is."""

from dataclasses import dataclass

from dateline_pages.judging.problem import ProblemKind

__all__ = ["JudgedPage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPage:
    """A page and what it is."""

    name: str
    kind: ProblemKind | None
    """None for an article."""
    body: bytes
    url: str
    requested: str
    headline: str | None = None
    """The headline that is written on the page, if it has one."""
