"""What an enricher adds under its name: its JSON, its limit and its schema."""

import json
from collections.abc import Sequence
from typing import Any

from dateline.errors import PermanentError
from dateline_schemas import EnrichedArticle
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema

from dateline_enrich.enricher import Enricher, model_of

__all__ = ["MAX_EXTRA_BYTES", "json_of", "output_schema"]

MAX_EXTRA_BYTES = 256 * 1024
"""One enricher may add this much to an article; the whole record has to stay below the limit of its topic."""


def json_of(enricher: Enricher, extra: BaseModel) -> Any:
    """Return the JSON value of what `enricher` adds to an article.

    Raises:
        PermanentError: it does not fit the enricher's model, cannot be read back, or is too large.
    """
    model = model_of(enricher)
    if model is None or not isinstance(extra, model):
        wanted = "it declares no model" if model is None else f"its model is {model.__name__}"
        raise PermanentError(f"the enricher {enricher.name} added a {type(extra).__name__}, and {wanted}")
    try:
        text = extra.model_dump_json(by_alias=True, warnings="error")
        # A model that was made without validation, and values such as NaN, fail here and not at every reader.
        model.model_validate_json(text)
    except (ValidationError, ValueError) as error:
        raise PermanentError(f"the annotation of the enricher {enricher.name} is invalid: {error}") from error
    size = len(text.encode())
    if size > MAX_EXTRA_BYTES:
        raise PermanentError(
            f"the annotation of the enricher {enricher.name} has {size:,} bytes, and may have {MAX_EXTRA_BYTES:,}"
        )
    return json.loads(text)


def output_schema(enrichers: Sequence[Enricher]) -> dict[str, Any]:
    """Return the JSON Schema of articles with the annotations of `enrichers`."""
    models = {enricher.name: model for enricher in enrichers if (model := model_of(enricher)) is not None}
    each, shared = models_json_schema(
        [(EnrichedArticle, "validation"), *((model, "serialization") for model in models.values())],
        ref_template="#/$defs/{model}",
    )
    definitions = shared["$defs"]
    own = {name: each[model, "serialization"] for name, model in models.items()}
    article = definitions.pop(each[EnrichedArticle, "validation"]["$ref"].rpartition("/")[2])
    article["properties"]["annotations"]["properties"] = own
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **article, "$defs": definitions}
