"""Records compared with the AsyncAPI documents that are shipped."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from dateline.kafka.records import Record
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from schemas.generation.__main__ import CHECKOUT

__all__ = ["DOCUMENTS", "AsyncApi", "load"]

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DOCUMENTS = ("asyncapi.yaml", "asyncapi.bundled.yaml")
"""The documents; the first one refers to files, the second one contains them."""

BASE = "https://dateline.invalid/"


@lru_cache(maxsize=2)
def _text(name: str) -> str:
    # The loader in C takes a tenth of the time.
    return json.dumps(yaml.load((CHECKOUT / name).read_text("utf-8"), Loader=LOADER))


def load(name: str) -> Any:
    """Return a document; each call returns a copy of its own."""
    return json.loads(_text(name))


class AsyncApi:
    """One of the documents, which says which of its messages a record is."""

    def __init__(self, name: str) -> None:
        self.document: Any = load(name)
        found = {BASE + name: self.document}
        found |= {f"{BASE}json/{file.name}": json.loads(file.read_bytes()) for file in (CHECKOUT / "json").iterdir()}
        resources = [(uri, DRAFT202012.create_resource(contents)) for uri, contents in found.items()]
        self._registry: Registry[Any] = Registry().with_resources(resources)
        self._start = f"{BASE}{name}#/components/messages/"
        self._validators: dict[str, Validator] = {}

    def messages_of(self, channel: str) -> list[str]:
        """Return the names of the messages of a channel."""
        return list(self.document["channels"][channel]["messages"])

    def matching(self, channel: str, record: Record) -> list[str]:
        """Return the messages of a channel that a record is; a record that is right is exactly one."""
        return [name for name in self.messages_of(channel) if not list(self.problems(name, record))]

    def problems(self, name: str, record: Record) -> Iterator[str]:
        """Yield what makes a record another message than `name`."""
        message = self.document["components"]["messages"][name]
        key = message["bindings"]["kafka"]["key"]
        if "pattern" in key and not re.search(key["pattern"], (record.key or b"").decode()):
            yield f"{name}: key {record.key!r}"
        if message["contentType"] == "application/json":
            payload = None if record.value is None else json.loads(record.value)
        else:
            payload = None if record.value is None else record.value.decode("latin-1")
        yield from self._errors(f"{name}/payload", payload)
        if "headers" in message:
            yield from self._errors(f"{name}/headers", {header: value.decode() for header, value in record.headers})
        elif record.headers:
            yield f"{name}: headers {record.headers!r}"

    def _errors(self, pointer: str, value: Any) -> Iterator[str]:
        if pointer not in self._validators:
            schema = {"$ref": self._start + pointer}
            self._validators[pointer] = Draft202012Validator(schema, registry=self._registry)
        for error in self._validators[pointer].iter_errors(value):
            yield f"{pointer}: {error.json_path}: {error.message[:200]}"
