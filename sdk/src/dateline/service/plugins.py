"""Finds a consumer by what a person typed: `MODULE:NAME`, or the name of a built-in stage."""

import importlib
from importlib.metadata import entry_points

from dateline.consumer import Consumer
from dateline.errors import DatelineError

__all__ = ["find_consumer"]

STAGES = "dateline.stages"
"""The entry point group of stages that come with a service; each is a function that returns a consumer."""


def find_consumer(name: str) -> Consumer:
    """Return the consumer that `name` means.

    Raises:
        DatelineError: when there is none; the message says where it was looked for.
    """
    module_name, colon, attribute = name.partition(":")
    if not colon:
        stages = {entry.name: entry for entry in entry_points(group=STAGES)}
        if name in stages:
            stage: Consumer = stages[name].load()()
            return stage
        raise DatelineError(
            f"{name!r} is no stage ({', '.join(sorted(stages)) or 'none is installed'}); "
            f"write a consumer of your own as MODULE:NAME, such as my_consumers:headlines"
        )
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise DatelineError(f"{module_name} cannot be imported: {error}") from error
        raise DatelineError(
            f"no module {module_name!r}: it is looked for in the current folder and among the installed packages"
        ) from error
    except SyntaxError as error:
        raise DatelineError(f"{module_name} cannot be imported: {error}") from error
    found = getattr(module, attribute, None)
    if not isinstance(found, Consumer):
        there = [key for key, value in vars(module).items() if isinstance(value, Consumer)]
        raise DatelineError(
            f"{module_name} has no consumer {attribute!r} (it has: {', '.join(there) or 'none'}); "
            f"a consumer is a function with the decorator @dateline.consumer(...)"
        )
    return found
