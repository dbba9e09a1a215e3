"""The verbs of the `dateline` command against a real Kafka."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dateline_broker import Broker
from dateline_schemas import TOPICS
from support.articles import an_article
from support.command import Command

pytestmark = pytest.mark.kafka

CONSUMER = """
from dateline import consumer
from dateline_schemas import EnrichedArticle

@consumer(topic="articles.enriched", group="picky", output="picked")
def picky(article: EnrichedArticle) -> bytes:
    if "bad" in article.article.title and {broken}:
        raise ValueError("cannot stand it")
    return article.article.title.encode()
"""


@pytest.fixture
def command(kafka_broker: Broker) -> Command:
    """The command on the session's Kafka, with its topics created."""
    made = Command(kafka_broker.bootstrap_servers)
    done = made.run("topics")
    assert done.code == 0, done.err
    return made


def a_consumer(folder: Path, *, broken: bool) -> None:
    (folder / "picky_consumer.py").write_text(CONSUMER.format(broken=broken))


def tailed(command: Command, topic: str, count: int) -> list[object]:
    """Return the first records of a topic, once a consumer has created it."""
    deadline = time.monotonic() + 60
    while True:
        done = command.run("tail", topic, "--json", "--from-beginning", "-n", str(count))
        if done.code == 0:
            return done.json_lines()
        assert "does not exist" in done.err, done.err
        assert time.monotonic() < deadline, done.err


def test_topics_are_created_once_and_checked_afterwards(kafka_broker: Broker) -> None:
    command = Command(kafka_broker.bootstrap_servers)
    missing = command.run("topics", "--check")
    assert missing.code == 1
    assert "missing" in missing.out
    assert "created" in command.run("topics").out
    again = command.run("topics", "--check")
    assert again.code == 0
    assert again.out.count("as it should be") == len(TOPICS)


def test_an_article_is_ingested_enriched_once_and_shown(command: Command, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(" date 2024-06-27 Ferry sails again\nThe ferry sails on June 30.\n")
    with command.running(module="dateline_enrich"):
        assert command.run("ingest", str(tmp_path)).code == 0
        assert command.run("ingest", str(tmp_path)).code == 0
        (article,) = command.run("tail", "--json", "--from-beginning", "-n", "1").json_lines()
    assert article["article"]["title"] == "Ferry sails again"
    assert ("June 30", "2024-06-30") in [(each["text"], each["value"]) for each in article["dates"]]
    shown = command.run("tail", "--from-beginning", "-n", "1").out
    assert "Ferry sails again" in shown
    assert "2024-06-27" in shown


def test_a_dead_letter_is_listed_shown_and_replayed_once_to_its_own_group(command: Command, tmp_path: Path) -> None:
    a_consumer(tmp_path, broken=True)
    good, bad = an_article("good", url="https://a.example/1"), an_article("bad", url="https://a.example/2")
    command.publish([bad, good])
    with command.running(module="dateline_enrich"):
        with command.running("run", "picky_consumer:picky", cwd=tmp_path):
            assert tailed(command, "picked", 1) == [{"bytes": "good"}]
            assert command.run("tail", "dead-letters", "--from-beginning", "-n", "1").code == 0
        (letter,) = command.run("dead-letters", "list", "--json").json_lines()
        assert (letter["group"], letter["error_type"], letter["replayed"]) == ("picky", "ValueError", False)
        command.settings["COLUMNS"] = "80"
        listed = command.run("dead-letters", "list").out.splitlines()[-1]
        assert f" {letter['topic']}[{letter['partition']}]@{letter['offset']} " in listed, "names are never cut"
        assert "ValueError: cannot stand it" in listed
        shown = command.run("dead-letters", "show", letter["id"]).out
        assert "cannot stand it" in shown
        assert '"bad"' in shown
        a_consumer(tmp_path, broken=False)
        first = command.run("dead-letters", "replay", "--group", "picky")
        assert "1 replayed" in first.out
        assert "0 replayed" in command.run("dead-letters", "replay", "--all").out
        assert command.run("dead-letters", "replay", letter["id"]).code == 1
        with command.running("run", "picky_consumer:picky", cwd=tmp_path):
            assert command.run("tail", "picked", "--from-beginning", "-n", "2").code == 0
            # Another group, begun only now, sees the article once: the replay is not addressed to it.
            with command.running("run", "picky_consumer:picky", "--group", "other", cwd=tmp_path):
                lines = command.run("tail", "picked", "--from-beginning", "-n", "4").out.splitlines()
    # In quotation marks: a line begins with the topic's name, and that with a random prefix.
    assert sum('"bad"' in line for line in lines) == 2
    assert command.run("dead-letters", "list").out.startswith("no dead letters")
    assert "replayed" in command.run("dead-letters", "list", "--all").out
    assert command.run("dead-letters", "show", "0:999").code == 1


def test_reprocessing_reads_everything_with_a_separate_group(command: Command) -> None:
    articles = [an_article(str(number), url=f"https://a.example/{number}") for number in range(5)]
    command.publish([*articles, articles[0]])
    done = command.run("reprocess", "enrich", "--group", "enrich-v2")
    assert done.code == 0, done.err
    found = tailed(command, "articles.enriched.enrich-v2", 5)
    assert len({json.dumps(each) for each in found}) == 5
    again = command.run("reprocess", "enrich", "--group", "enrich-v2")
    assert again.code == 1
    assert "was started before" in again.err
    command.publish([an_article("new", url="https://a.example/new")])
    assert command.run("reprocess", "enrich", "--group", "enrich-v2", "--resume").code == 0
    assert len(tailed(command, "articles.enriched.enrich-v2", 6)) == 6
    assert command.run("reprocess", "enrich", "--group", "enrich").code == 1


def test_groups_are_listed_and_reset(command: Command) -> None:
    command.publish([an_article()])
    assert command.run("reprocess", "enrich", "--group", "mover").code == 0
    assert "mover" in command.run("groups", "list").out
    moved = command.run("groups", "reset", "mover", "--to", "earliest")
    assert moved.code == 0
    assert "now at 0" in moved.out
    unknown = command.run("groups", "reset", "nobody", "--to", "latest")
    assert unknown.code == 1
    assert "no group 'nobody'" in unknown.err


def test_a_wrong_setting_ends_every_verb_and_service_with_one_line_and_code_two(command: Command) -> None:
    command.settings["DATELINE_RUNTIME__BATCH_RECORDS"] = "many"
    command.settings["DATELINE_KAFKA__BOOTSTRAP_SERVRES"] = "x:1"
    for done in (command.run("topics"), command.run("run", "enrich")):
        assert done.code == 2
        assert len(done.err.splitlines()) == 2
        assert "DATELINE_RUNTIME__BATCH_RECORDS='many'" in done.err
        assert "did you mean DATELINE_KAFKA__BOOTSTRAP_SERVERS?" in done.err
    service = subprocess.run(
        [sys.executable, "-m", "dateline_enrich"],
        env=command.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert service.returncode == 2
    assert b"did you mean" in service.stderr


def test_a_service_ends_with_code_zero_on_sigterm(command: Command, tmp_path: Path) -> None:
    command.publish([an_article()])
    log = tmp_path / "log"
    with command.running(module="dateline_enrich", log=log) as process:
        assert tailed(command, "articles.enriched", 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, log.read_text()


def test_a_topic_that_exists_with_other_settings_is_a_start_up_error_that_names_both(
    command: Command, kafka_broker: Broker
) -> None:
    odd = Command(kafka_broker.bootstrap_servers)
    make_topic(odd, "articles.parsed", partitions=7)
    done = odd.run("topics")
    assert done.code == 1
    assert "exists with partitions 7, and Dateline needs 4" in done.err


def make_topic(command: Command, name: str, partitions: int) -> None:
    import asyncio

    from aiokafka.admin import AIOKafkaAdminClient, NewTopic

    async def make() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=command.servers)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(f"{command.prefix}{name}", partitions, 1)])
        finally:
            await admin.close()

    asyncio.run(make())
