"""What the signature of a consumer's function says: how values are read, and whether it takes a batch or a context."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from dateline_schemas import Contract
from pydantic import BaseModel

from dateline.context import BatchContext, Context
from dateline.errors import DatelineError
from dateline.kafka.records import Record

__all__ = ["Signature", "name_of", "signature_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The parameters and the result of a consumer's function.

    Attributes:
        reads: the type of one value.
        takes_batch: whether the first parameter is a list of values.
        takes_context: whether there is a second parameter.
        context_model: the model that the second parameter states for the state; None if it states none.
        returns: the contract that it returns; None if there is none.
    """

    reads: type[Any]
    takes_batch: bool
    takes_context: bool
    context_model: type[Any] | None
    returns: type[Contract] | None


def signature_of(function: Callable[..., Any]) -> Signature:
    """Return the signature of a consumer's function.

    Raises:
        DatelineError: a consumer cannot have this signature.
    """
    name = name_of(function)
    parameters = list(inspect.signature(function).parameters.values())
    if not 1 <= len(parameters) <= 2:
        raise DatelineError(f"{name}: a consumer takes one or two parameters: the value and, optionally, the context")
    hints = get_type_hints(function)
    reads = hints.get(parameters[0].name)
    takes_batch = get_origin(reads) in (list, Sequence)
    if takes_batch:
        (reads,) = get_args(reads)
    if not (isinstance(reads, type) and (issubclass(reads, BaseModel) or reads in (bytes, Record))):
        raise DatelineError(
            f"{name}: the first parameter needs a type: a pydantic model, bytes or Record, or a list of one of these, "
            f"not {reads!r}"
        )
    model = _context_model(name, hints.get(parameters[1].name), takes_batch) if len(parameters) == 2 else None
    return Signature(
        reads=reads,
        takes_batch=takes_batch,
        takes_context=len(parameters) == 2,
        context_model=model,
        returns=_contract(hints.get("return")),
    )


def name_of(function: Callable[..., Any]) -> str:
    """Return the name of a function for messages."""
    name: str = getattr(function, "__qualname__", repr(function))
    return name


def _context_model(name: str, hint: Any, takes_batch: bool) -> type[Any] | None:
    needed, other = (BatchContext, Context) if takes_batch else (Context, BatchContext)
    if (get_origin(hint) or hint) is other:
        what = "a batch" if takes_batch else "one value"
        raise DatelineError(
            f"{name}: the second parameter of a function that takes {what} is a {needed.__name__}, not {hint!r}"
        )
    model = get_args(hint)[0] if get_origin(hint) is needed else None
    return model if isinstance(model, type) else None


def _contract(hint: Any) -> type[Contract] | None:
    """Return the first contract in the type of a result, within lists, unions and events."""
    if isinstance(hint, type) and get_origin(hint) is None:
        return hint if issubclass(hint, Contract) else None
    return next((found for each in get_args(hint) if (found := _contract(each)) is not None), None)
