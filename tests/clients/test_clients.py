"""Other people's clients read the topics: every codec, committed records alone, and headers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from clients.conftest import Seen, Written

pytestmark = pytest.mark.kafka

PROGRAMS = Path(__file__).parent / "programs"
SECONDS = 180
"""The first program of Go compiles its modules."""

CONFLUENT = """
import json, sys
from confluent_kafka import Consumer, TopicPartition
servers, topic, count = sys.argv[1:4]
consumer = Consumer({"bootstrap.servers": servers, "group.id": topic, "isolation.level": "read_committed"})
consumer.assign([TopicPartition(topic, 0, 0)])
for _ in range(int(count)):
    message = consumer.poll(30)
    if message.error():
        sys.exit(str(message.error()))
    print(json.dumps([message.key().decode(), message.value().decode(), dict(message.headers())["ce_id"].decode()]))
consumer.close()
"""

KAFKA_PYTHON = """
import json, sys
from kafka import KafkaConsumer, TopicPartition
servers, topic, count = sys.argv[1:4]
consumer = KafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed", consumer_timeout_ms=30000)
consumer.assign([TopicPartition(topic, 0)])
consumer.seek_to_beginning()
for number, message in enumerate(consumer, start=1):
    print(json.dumps([message.key.decode(), message.value.decode(), dict(message.headers)["ce_id"].decode()]))
    if number == int(count):
        break
consumer.close()
"""

AIOKAFKA = """
import asyncio, json, sys
from aiokafka import AIOKafkaConsumer, TopicPartition
servers, topic, count = sys.argv[1:4]
async def main():
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed")
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    await consumer.seek_to_beginning()
    for _ in range(int(count)):
        message = await asyncio.wait_for(consumer.getone(), 30)
        print(json.dumps([message.key.decode(), message.value.decode(), dict(message.headers)["ce_id"].decode()]))
    await consumer.stop()
asyncio.run(main())
"""


PYTHON = {"confluent-kafka": CONFLUENT, "kafka-python": KAFKA_PYTHON, "aiokafka": AIOKAFKA}


@pytest.mark.parametrize("client", PYTHON)
def test_clients_of_python_read_every_codec(written: Written, client: str) -> None:
    command = [sys.executable, "-c", PYTHON[client], written.servers, written.topic, str(len(written.records))]
    assert read_by(command) == written.records


@pytest.mark.parametrize("client", ["kcat", "kafkajs", "franz-go"])
def test_clients_of_other_languages_read_every_codec(written: Written, client: str) -> None:
    command, environment = COMMANDS[client](written)
    assert read_by(command, environment) == written.records


def read_by(command: Sequence[str], environment: dict[str, str] | None = None) -> list[Seen]:
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return list(_lines(done.stdout))


def _lines(text: str) -> Iterator[Seen]:
    for line in text.splitlines():
        key, value, identity = json.loads(line)
        yield key, value, identity if isinstance(identity, str) else _header(identity)


def _header(pairs: list[str]) -> str:
    return dict(zip(pairs[::2], pairs[1::2], strict=True))["ce_id"]


Command = tuple[list[str], dict[str, str]]


def _kcat(written: Written) -> Command:
    program = shutil.which("kcat") or shutil.which("kafkacat") or _missing("kcat is not installed")
    # Headers are a list of names and values in turn.
    options = ["-C", "-q", "-e", "-b", written.servers, "-t", written.topic, "-o", "beginning", "-J"]
    shell = f'{program} "$@" | {sys.executable} -c "$KCAT_LINES"'
    return ["sh", "-c", shell, "kcat", *options, "-X", "isolation.level=read_committed"], {"KCAT_LINES": KCAT_LINES}


KCAT_LINES = """
import json, sys
for line in sys.stdin:
    found = json.loads(line)
    print(json.dumps([found["key"], found["payload"], found["headers"]]))
"""


def _kafkajs(written: Written) -> Command:
    node = shutil.which("node") or _missing("node is not installed")
    folder = os.environ.get("DATELINE_TEST_NODE", str(PROGRAMS))
    if not (Path(folder) / "node_modules" / "kafkajs").is_dir():
        _missing("kafkajs is not installed: name its folder by DATELINE_TEST_NODE")
    codec = written.topic.split(".")[1]
    package = {"zstd": None if _node_reads_zstd(node) else "fzstd", "lz4": "lz4-napi"}.get(codec)
    if package and not (Path(folder) / "node_modules" / package).is_dir():
        _missing(f"kafkajs reads {codec} with the package {package}, which is not installed")
    program = PROGRAMS / "kafkajs.mjs"
    return [node, str(program), written.servers, written.topic, str(len(written.records)), folder], {}


def _node_reads_zstd(node: str) -> bool:
    asked = subprocess.run(
        [node, "-p", "'zstdDecompressSync' in require('node:zlib')"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip() == "true"


def _franz(written: Written) -> Command:
    go = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin") or _missing("go is not installed")
    environment = {"GOFLAGS": "-mod=readonly", "GOPROXY": "off"}
    folder = PROGRAMS / "franz"
    found = subprocess.run(
        [go, "list", "-deps", "."], cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False
    )
    if found.returncode:
        _missing("the modules of franz-go are not in the cache: `go mod download` in tests/clients/programs/franz")
    return [go, "run", "-C", str(folder), ".", written.servers, written.topic, str(len(written.records))], environment


def _missing(why: str) -> str:
    pytest.skip(why)


COMMANDS: dict[str, Callable[[Written], Command]] = {"kcat": _kcat, "kafkajs": _kafkajs, "franz-go": _franz}
