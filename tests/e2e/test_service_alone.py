"""A service that is started by itself, in a folder in which an embedded broker runs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dateline.settings import BOOTSTRAP
from dateline_broker import RunningBroker
from dateline_broker.ports import free_ports

pytestmark = pytest.mark.kafka


def first_lines(folder: Path, until: str, **settings: str) -> list[dict[str, Any]]:
    """Run enrich in `folder` until it logs the event `until`; return what it logged."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "dateline_enrich"],
        cwd=folder,
        env=plain | {"DATELINE_ENRICH__ENRICHERS": "dates", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    lines: list[dict[str, Any]] = []
    deadline = time.monotonic() + 60
    try:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(json.loads(line))
            if lines[-1]["event"] == until or time.monotonic() > deadline:
                break
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert lines[-1]["event"] == until, lines
    return lines


def test_it_uses_the_embedded_broker_of_the_folder_and_says_so(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    broker = own_kafka_broker(data_dir=tmp_path / ".dateline" / "kafka")
    lines = first_lines(tmp_path, "partitions assigned")
    assert (lines[0]["event"], lines[0]["brokers"]) == ("Kafka", broker.bootstrap_servers)
    assert lines[0]["chosen"] == "the embedded broker of this folder"


def test_an_address_in_env_wins_over_the_embedded_broker(
    own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path
) -> None:
    own_kafka_broker(data_dir=tmp_path / ".dateline" / "kafka")
    other = f"127.0.0.1:{free_ports(1)[0]}"
    (tmp_path / ".env").write_text(f"{BOOTSTRAP}={other}\n")
    lines = first_lines(tmp_path, "Kafka does not answer; trying again")
    assert [(line["event"], line["brokers"]) for line in lines[:2]] == [
        ("Kafka", other),
        ("Kafka does not answer; trying again", other),
    ]
    assert lines[0]["chosen"] == "set in .env"
