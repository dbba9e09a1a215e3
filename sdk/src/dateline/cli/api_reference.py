"""The page of the documentation that lists the public names, generated from `__all__` and docstrings."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from itertools import pairwise
from types import ModuleType
from typing import Literal, get_args, get_origin

__all__ = ["MODULES", "api_page"]

MODULES = {
    "dateline": "Consumers.",
    "dateline.testkit": "Tests of consumers without a broker.",
    "dateline.errors": "Errors; their class decides whether a record is tried again.",
    "dateline.sink.sink": "The interface of sinks.",
    "dateline.sink.batch": "What a sink writes.",
    "dateline.sink.place": "Where a sink writes.",
    "dateline.sink.kit": "Tests of one sink without Kafka.",
    "dateline.sink.suite": "The suite of tests that holds every sink to the promise.",
    "dateline.settings": "Sections of settings, for packages that extend Dateline.",
    "dateline.service.process": "A service's settings, logs, signals and exit codes.",
    "dateline.service.workers": "A consumer as a service, with heartbeats.",
    "dateline_enrich.enricher": "The interface of enrichers.",
    "dateline_schemas": "Models of all records, topics, and ids.",
    "dateline_broker": "A real Kafka for tests and demos.",
}
"""The public modules, with what each is for."""


def api_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# Public names"
    yield ""
    yield "These names keep their meaning within a major version, with their documented parameters and attributes. A"
    yield "name that is not on this page, or begins with an underscore, may change in any version. Records and topics"
    yield "have [rules of their own](../schemas.md); verbs and settings are in [commands.md](commands.md) and"
    yield "[settings.md](settings.md)."
    for name, purpose in MODULES.items():
        module = importlib.import_module(name)
        yield ""
        yield f"## `{name}`"
        yield ""
        yield purpose
        yield ""
        yield "| name | what it is |"
        yield "|---|---|"
        for each in sorted(module.__all__, key=str.casefold):
            yield f"| `{each}` | {_summary(module, each)} |"
    yield ""


def _summary(module: ModuleType, name: str) -> str:
    """Return the first line of the docstring of what `module` offers as `name`."""
    value = getattr(module, name)
    if get_origin(value) is Literal:
        return f"One of {', '.join(f'`{each}`' for each in get_args(value))}."
    is_code = inspect.isclass(value) or inspect.isfunction(value)
    text = inspect.getdoc(value) or "" if is_code else _below(module, name)
    return " ".join(text.partition("\n\n")[0].split()).replace("|", "\\|")


def _below(module: ModuleType, name: str) -> str:
    """Return the docstring below a constant or a type, from the source of the module that defines it."""
    for owner in (module, *(each for each in vars(module).values() if isinstance(each, ModuleType))):
        if text := _docstrings(owner).get(name):
            return text
    return ""


def _docstrings(module: ModuleType) -> dict[str, str]:
    """Return the docstring below each name that `module` assigns."""
    try:
        body = ast.parse(inspect.getsource(module)).body
    except (OSError, TypeError):
        return {}
    found: dict[str, str] = {}
    for statement, after in pairwise(body):
        if not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        found |= {each.id: str(after.value.value) for each in targets if isinstance(each, ast.Name)}
    return found
