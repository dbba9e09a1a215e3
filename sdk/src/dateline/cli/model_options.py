"""Options of a verb from the fields of a pydantic model."""

from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import click
from pydantic import BaseModel, SecretStr

__all__ = ["model_options"]


def model_options(model: type[BaseModel], prefix: str) -> tuple[dict[str, str], list[click.Parameter]]:
    """Return the fields by the names of their parameters, and an option for each.

    An option that is not given is None, so that the model's own default applies. The model checks the values. A secret
    may be in the environment, under `prefix` and the name of its field.
    """
    fields: dict[str, str] = {}
    options: list[click.Parameter] = []
    for name, info in model.model_fields.items():
        parameter = f"option_{name}"
        fields[parameter] = name
        flag = f"--{name.replace('_', '-')}"
        kind = _plain(info.annotation)
        default = info.get_default(call_default_factory=True)
        is_shown = default not in (None, (), False) and not info.is_required()
        shared: dict[str, Any] = {"help": info.description, "default": None, "required": info.is_required()}
        if is_shown:
            shared["help"] = f"{info.description} [default: {default}]"
        if kind is SecretStr:
            shared |= {"envvar": f"{prefix}_{name}".upper(), "show_envvar": True}
        if kind is bool:
            options.append(click.Option([f"{flag}/--no-{flag[2:]}", parameter], **shared))
        else:
            options.append(click.Option([flag, parameter], type=_click_type(kind), **shared))
    return fields, options


def _plain(annotation: Any) -> Any:
    """Return the type without None."""
    if get_origin(annotation) in (Union, UnionType):
        parts = [each for each in get_args(annotation) if each is not type(None)]
        return parts[0] if len(parts) == 1 else str
    return annotation


def _click_type(kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return click.Choice([str(each) for each in get_args(kind)])
    if kind is Path:
        return click.Path(path_type=Path)
    if kind is SecretStr:
        return str
    return kind if kind in (int, float) else str
