"""The fields of an article in the index."""

from typing import Any

__all__ = ["MAPPING_VERSION", "RETRACTED", "index_mapping", "mapping_version"]

MAPPING_VERSION = 1
"""Grows with each field that is added; an index with an older version gets the new fields."""

LONGEST_KEYWORD = 8000
"""Longer keywords are stored and not indexed; Lucene refuses terms of more than 32,766 bytes."""

KEYWORD = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}
NAME = {"type": "text", "fields": {"raw": KEYWORD}}
DATE = {"type": "date"}
FLOAT = {"type": "float"}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
STORED = {"type": "object", "enabled": False}
"""Returned with the article, and not searched."""

ENTITIES = {
    "id": KEYWORD,
    "type": KEYWORD,
    "name": NAME,
    "titles": KEYWORD,
    "salience": FLOAT,
    "confidence": FLOAT,
    "links": KEYWORD,
    "mention_count": INTEGER,
    "mentions": STORED,
}
DATES = {
    "type": KEYWORD,
    "text": KEYWORD,
    "value": KEYWORD,
    "mod": KEYWORD,
    "confidence": FLOAT,
    # With doc values a document can have one range only, and the article has those of all its dates.
    "during": {"type": "date_range", "doc_values": False},
    "mention": STORED,
}

RETRACTED = {"exists": {"field": "retracted"}}
"""A query that finds retracted articles."""


def index_mapping(analyzer: str) -> dict[str, Any]:
    """Return the mapping of an index.

    Entities and dates are nested documents, so that conditions on one entity hold for the same one. They are part of
    the article too, which makes simple questions and aggregations short.

    Args:
        analyzer: the analyzer of title, summary and body.
    """
    text = {"type": "text", "analyzer": analyzer}
    return {
        "dynamic": False,
        "_meta": {"dateline_mapping": MAPPING_VERSION},
        "properties": {
            "id": KEYWORD,
            "revised_at": DATE,
            "revision": INTEGER,
            "url": KEYWORD,
            "canonical_url": KEYWORD,
            "title": text | {"fields": {"raw": KEYWORD}},
            "summary": text,
            "body": text,
            "authors": NAME,
            "categories": KEYWORD,
            "media": STORED,
            "language": KEYWORD,
            "source": {"properties": {"kind": KEYWORD, "uri": KEYWORD, "name": NAME}},
            "published": DATE,
            "published_precision": KEYWORD,
            "updated": DATE,
            "observed": DATE,
            "fetched": DATE,
            "text_from": KEYWORD,
            "paywalled": BOOLEAN,
            "retracted": DATE,
            "via": KEYWORD,
            "content_hash": KEYWORD,
            "entities": {"type": "nested", "include_in_root": True, "dynamic": False, "properties": ENTITIES},
            "dates": {"type": "nested", "include_in_root": True, "dynamic": False, "properties": DATES},
            # Not searched until somebody maps a field of it.
            "annotations": {"type": "object", "dynamic": False},
        },
    }


def mapping_version(mapping: dict[str, Any]) -> int:
    """Return the version of an index's mapping; 0 if the sink has not made it."""
    return int(mapping.get("_meta", {}).get("dateline_mapping", 0))
