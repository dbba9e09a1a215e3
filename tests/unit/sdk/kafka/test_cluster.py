"""Events name the installation that they are from."""

from collections.abc import Iterator
from typing import ClassVar, cast

import pytest
from dateline.kafka import cluster
from dateline.kafka.cluster import with_instance
from dateline.kafka.offsets import OffsetReader
from dateline.settings import KafkaSettings
from pydantic import ValidationError


class FakeReader:
    """Answers one request of each connection, or fails."""

    answers: ClassVar[list[str | Exception]] = []
    open_readers: ClassVar[int] = 0

    @classmethod
    async def connect(cls, kafka: KafkaSettings, client_id: str) -> "FakeReader":
        cls.open_readers += 1
        return cls()

    async def close(self) -> None:
        type(self).open_readers -= 1

    async def cluster_id(self) -> str:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | Exception]]:
    made: list[str | Exception] = []
    monkeypatch.setattr(FakeReader, "answers", made)
    monkeypatch.setattr(cluster, "OffsetReader", FakeReader)
    yield made
    assert FakeReader.open_readers == 0


async def test_source_of_events_names_cluster_prefix_and_service(answers: list[object]) -> None:
    answers.append("abc_DEF-1")
    named = await with_instance(KafkaSettings(topic_prefix="test."))
    assert named.event_source("enrich") == "urn:dateline:abc_DEF-1/test.enrich"


async def test_uri_that_is_set_is_not_asked_for(answers: list[object]) -> None:
    named = await with_instance(KafkaSettings(instance_uri="https://news.example/dateline/"))
    assert named.event_source("my group/ö") == "https://news.example/dateline/dateline.my%20group%2F%C3%B6"


async def test_broker_that_is_away_is_asked_again(answers: list[object]) -> None:
    answers += [ConnectionError("gone"), "found"]
    assert (await with_instance(KafkaSettings())).instance_uri == "urn:dateline:found"


async def test_reader_that_is_connected_already_asks_without_a_further_connection(answers: list[object]) -> None:
    answers.append("abc")
    named = await with_instance(KafkaSettings(), offsets=cast("OffsetReader", FakeReader()))
    assert named.instance_uri == "urn:dateline:abc"


async def test_cluster_without_an_id_leaves_a_relative_reference(answers: list[object]) -> None:
    answers.append("")
    assert (await with_instance(KafkaSettings())).event_source("ingest") == "/dateline.ingest"


@pytest.mark.parametrize("uri", ["news.example", "", "urn:with a space", "https://bücher.example"])
def test_instance_has_to_be_an_absolute_uri(uri: str) -> None:
    with pytest.raises(ValidationError, match="instance_uri"):
        KafkaSettings(instance_uri=uri)


@pytest.mark.parametrize("namespace", ["", ".example", "com example", "Com"])
def test_namespace_of_events_has_to_be_a_reversed_domain(namespace: str) -> None:
    with pytest.raises(ValidationError, match="event_namespace"):
        KafkaSettings(event_namespace=namespace)
