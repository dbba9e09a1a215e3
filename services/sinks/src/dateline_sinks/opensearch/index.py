"""The index of articles: created once, found by its alias, and extended when fields are added."""

from typing import Any

from dateline.errors import StageError
from opensearchpy import OpenSearch
from opensearchpy.exceptions import RequestError

from dateline_sinks.opensearch.mapping import MAPPING_VERSION, RETRACTED, index_mapping, mapping_version
from dateline_sinks.opensearch.options import OpenSearchOptions
from dateline_sinks.opensearch.positions import MAPPING

__all__ = ["ensure_indices"]

EXISTS = "resource_already_exists_exception"
"""Another process has created the index in the meantime."""


def ensure_indices(client: OpenSearch, options: OpenSearchOptions) -> None:
    """Create what is missing, and add the fields that an older mapping does not have.

    Raises:
        StageError: the name belongs to something else; the message says what to do.
    """
    alias, settings = options.index, {"number_of_shards": options.shards, "number_of_replicas": options.replicas}
    if not client.indices.exists_alias(name=alias):
        if client.indices.exists(index=alias):
            raise StageError(f"{alias} is an index, and the sink writes to an alias: give another name with index")
        write_to = {"is_write_index": True, "filter": {"bool": {"must_not": RETRACTED}}}
        body = {"settings": settings, "mappings": index_mapping(options.analyzer), "aliases": {alias: write_to}}
        _create(client, f"{alias}-1", body)
        if not client.indices.exists_alias(name=alias):
            raise StageError(f"the index {alias}-1 has no alias {alias}: add the alias, or delete the index")
    for name, index in client.indices.get_mapping(index=alias).items():
        if mapping_version(index["mappings"]) < MAPPING_VERSION:
            client.indices.put_mapping(index=name, body=index_mapping(options.analyzer))
    if not client.indices.exists(index=options.positions_index):
        one_shard = {"number_of_shards": 1, "number_of_replicas": options.replicas}
        _create(client, options.positions_index, {"settings": one_shard, "mappings": MAPPING})


def _create(client: OpenSearch, name: str, body: dict[str, Any]) -> None:
    try:
        client.indices.create(index=name, body=body)
    except RequestError as error:
        if error.error != EXISTS:
            raise
