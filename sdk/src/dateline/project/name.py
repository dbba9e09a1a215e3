"""The name of a project: what it may be, and the names that follow from it."""

import keyword
import re
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec

from dateline_schemas import TOPICS

from dateline.errors import DatelineError

__all__ = ["ProjectName"]

VALID = re.compile(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*")
"""Names of packages in lower case, as PEP 508 has them, that begin with a letter."""

MAX_LENGTH = 60
"""Longer names leave no room in the names of topics and groups that follow from them."""

OWN = re.compile(r"dateline(?:_|$)")
"""Packages of Dateline, which need not be installed where the project is made."""

TOOLS = ("hatchling", "mypy", "pip", "pytest", "pytest_asyncio", "setuptools")
"""What a project is tested and built with, and what need not be installed where it is made."""

PARTS = {
    "consumer": ("enrich", "ingest", "pages", "status"),
    "sink": ("jsonl", "opensearch", "parquet", "postgres", "sqlite", "webhook"),
    "enricher": ("dates", "entities"),
}
"""Names of Dateline's own parts of each kind, and its groups, which need not be installed where the project is made."""

GROUPS = {"consumer": "dateline.stages", "sink": "dateline.sinks", "enricher": "dateline.enrichers"}
"""The entry point group of each kind of project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectName:
    """A valid name.

    Attributes:
        name: the name of the project, of its folder and of its entry point.
    """

    name: str

    @classmethod
    def checked(cls, kind: str, name: str) -> "ProjectName":
        """Return the name if a project of this kind can have it.

        Raises:
            DatelineError: it is not a valid name, or something else has it; the message says what.
        """
        made = cls(name=name)
        problem = made._problem(kind)
        if problem:
            raise DatelineError(f"{name!r} cannot be the name of a project: {problem}")
        return made

    @property
    def package(self) -> str:
        """The name of the Python package."""
        return re.sub(r"[-.]", "_", self.name)

    @property
    def title(self) -> str:
        """The name as the first part of the names of classes."""
        return "".join(part.capitalize() for part in re.split(r"[-_.]", self.name))

    def _problem(self, kind: str) -> str | None:
        if len(self.name) > MAX_LENGTH:
            return f"it is longer than {MAX_LENGTH} characters"
        if not VALID.fullmatch(self.name):
            return "it must be lower-case letters and digits, begin with a letter, and may be joined by - _ or ."
        if keyword.iskeyword(self.package) or keyword.issoftkeyword(self.package):
            return "it is a keyword of Python"
        if self.package == "tests":
            return "the folder of its tests is called so"
        if self.package in sys.stdlib_module_names:
            return "Python's standard library has a module of that name"
        if _installed(self.package):
            return f"an installed package is called {self.package}"
        if self.name in TOPICS:
            return "a topic of the pipeline is called so"
        taken = {entry.name: entry for entry in entry_points(group=GROUPS[kind])}.get(self.name)
        if taken:
            return f"there is one already in {taken.value}"
        if OWN.match(self.package) or self.package in TOOLS:
            return "a package of Dateline, or one that builds and tests the project, is called so"
        return "a part of Dateline is called so" if self.name in PARTS[kind] else None


def _installed(package: str) -> bool:
    # A folder without __init__.py anywhere on the path is a namespace, and no package of that name.
    found = find_spec(package)
    return found is not None and found.origin is not None
