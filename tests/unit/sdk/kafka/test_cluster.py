"""Events name the installation that they are from."""

from typing import ClassVar

import pytest
from dateline.kafka import cluster
from dateline.kafka.cluster import with_instance
from dateline.settings import KafkaSettings
from pydantic import ValidationError


class FakeAdmin:
    """Answers one request of each fake client, or fails."""

    answers: ClassVar[list[dict[str, str | None] | Exception]] = []

    def __init__(self, **options: object) -> None:
        pass

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def describe_cluster(self) -> dict[str, str | None]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str | None] | Exception]:
    made: list[dict[str, str | None] | Exception] = []
    monkeypatch.setattr(FakeAdmin, "answers", made)
    monkeypatch.setattr(cluster, "AIOKafkaAdminClient", FakeAdmin)
    return made


async def test_source_of_events_names_cluster_prefix_and_service(answers: list[object]) -> None:
    answers.append({"cluster_id": "abc_DEF-1"})
    named = await with_instance(KafkaSettings(topic_prefix="test."))
    assert named.event_source("enrich") == "urn:dateline:abc_DEF-1/test.enrich"


async def test_uri_that_is_set_is_not_asked_for(answers: list[object]) -> None:
    named = await with_instance(KafkaSettings(instance_uri="https://news.example/dateline/"))
    assert named.event_source("my group/ö") == "https://news.example/dateline/dateline.my%20group%2F%C3%B6"


async def test_broker_that_is_away_is_asked_again(answers: list[object]) -> None:
    answers += [ConnectionError("gone"), {"cluster_id": "found"}]
    assert (await with_instance(KafkaSettings())).instance_uri == "urn:dateline:found"


async def test_cluster_without_an_id_leaves_a_relative_reference(answers: list[object]) -> None:
    answers.append({"cluster_id": None})
    assert (await with_instance(KafkaSettings())).event_source("ingest") == "/dateline.ingest"


@pytest.mark.parametrize("uri", ["news.example", "", "urn:with a space", "https://bücher.example"])
def test_instance_has_to_be_an_absolute_uri(uri: str) -> None:
    with pytest.raises(ValidationError, match="instance_uri"):
        KafkaSettings(instance_uri=uri)


@pytest.mark.parametrize("namespace", ["", ".example", "com example", "Com"])
def test_namespace_of_events_has_to_be_a_reversed_domain(namespace: str) -> None:
    with pytest.raises(ValidationError, match="event_namespace"):
        KafkaSettings(event_namespace=namespace)
