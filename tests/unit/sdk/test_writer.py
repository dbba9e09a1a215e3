"""Opening a writer fails in a way that is tried again, where the brokers are only not there yet."""

import pytest
from aiokafka import AIOKafkaProducer
from dateline.errors import TransientError
from dateline.settings import KafkaSettings
from dateline.writer import TransactionalWriter


async def test_a_broker_that_names_no_brokers_yet_is_a_passing_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def start(self: AIOKafkaProducer) -> None:
        raise AssertionError("Did we not perform bootstrap?")

    monkeypatch.setattr(AIOKafkaProducer, "start", start)
    with pytest.raises(TransientError, match="no broker is known yet"):
        await TransactionalWriter.open(KafkaSettings(), "id", "test")
