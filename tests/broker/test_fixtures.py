from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dateline_broker import RunningBroker

pytestmark = pytest.mark.kafka


def test_session_fixture_gives_a_running_broker(kafka_broker: RunningBroker) -> None:
    assert kafka_broker.is_running
    assert kafka_broker.bootstrap_servers == f"127.0.0.1:{kafka_broker.port}"
