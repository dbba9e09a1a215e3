"""Finds a consumer by name: `MODULE:NAME`, or the name of an installed stage."""

import importlib
from importlib.metadata import entry_points

from dateline.consumer import Consumer
from dateline.errors import DatelineError

__all__ = ["find_consumer"]

STAGES = "dateline.stages"
"""Entry point group of the stages; each entry point is a function that returns a consumer."""


def find_consumer(name: str) -> Consumer:
    """Return the consumer called `name`.

    Raises:
        DatelineError: there is no consumer of that name; the message names the places searched.
    """
    module_name, colon, attribute = name.partition(":")
    if not colon:
        stages = {entry.name: entry for entry in entry_points(group=STAGES)}
        if name in stages:
            stage: Consumer = stages[name].load()()
            return stage
        raise DatelineError(
            f"no stage {name!r} (installed: {', '.join(sorted(stages)) or 'none'}); "
            f"name your own consumer as MODULE:NAME, such as my_consumers:headlines"
        )
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise DatelineError(f"{module_name} cannot be imported: {error}") from error
        raise DatelineError(
            f"no module {module_name!r} in the current folder or among the installed packages"
        ) from error
    except SyntaxError as error:
        raise DatelineError(f"{module_name} cannot be imported: {error}") from error
    found = getattr(module, attribute, None)
    if not isinstance(found, Consumer):
        names = [key for key, value in vars(module).items() if isinstance(value, Consumer)]
        raise DatelineError(
            f"{module_name} has no consumer {attribute!r} (it has: {', '.join(names) or 'none'}); "
            f"a consumer is a function with the decorator @dateline.consumer(...)"
        )
    return found
