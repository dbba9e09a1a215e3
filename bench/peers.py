"""The same transform with FastStream and Quix Streams; runs in an environment that has them, without Dateline.

Called with: way, address, group, source, target, number of records, batch. Prints the records a second.
"""

# mypy: ignore-errors
import asyncio
import sys
import time


def faststream(address: str, group: str, source: str, target: str, count: int, batch: int, batched: bool) -> float:
    """At least once: FastStream has no transactions over consume and produce."""
    from faststream import AckPolicy, FastStream
    from faststream.kafka import KafkaBroker

    broker = KafkaBroker(address, logger=None)
    app = FastStream(broker, logger=None)
    seen = {"count": 0, "started": 0.0}

    def counted(more: int) -> None:
        seen["started"] = seen["started"] or time.perf_counter()
        seen["count"] += more
        if seen["count"] >= count:
            seen["ended"] = time.perf_counter()
            app.exit()

    options = {"group_id": group, "auto_offset_reset": "earliest", "ack_policy": AckPolicy.NACK_ON_ERROR}
    if batched:

        @broker.subscriber(source, batch=True, max_records=batch, **options)
        async def handle_batch(values: list[bytes]) -> None:
            # Not publish_batch, which accepts no more than one producer batch.
            await asyncio.gather(*(broker.publish(value, topic=target) for value in values))
            counted(len(values))

    else:

        @broker.subscriber(source, **options)
        @broker.publisher(target)
        async def handle(value: bytes) -> bytes:
            counted(1)
            return value

    asyncio.run(app.run())
    return count / (seen["ended"] - seen["started"])


def quixstreams(address: str, group: str, source: str, target: str, count: int, batch: int) -> float:
    """Exactly once, by librdkafka's transactions."""
    from quixstreams import Application

    app = Application(
        broker_address=address,
        consumer_group=group,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_every=batch,
        commit_interval=60,
        auto_create_topics=False,
        use_changelog_topics=False,
        loglevel="ERROR",
        producer_extra_config={"compression.type": "zstd"},
    )
    came = app.topic(source, value_deserializer="bytes", key_deserializer="bytes")
    goes = app.topic(target, value_serializer="bytes", key_serializer="bytes")
    seen = {"count": 0, "started": 0.0, "ended": 0.0}

    def count_one(value: bytes) -> bytes:
        seen["started"] = seen["started"] or time.perf_counter()
        seen["count"] += 1
        if seen["count"] >= count:
            seen["ended"] = time.perf_counter()
            app.stop()
        return value

    app.dataframe(came).apply(count_one).to_topic(goes)
    app.run()
    return count / (seen["ended"] - seen["started"])


if __name__ == "__main__":
    way, address, group, source, target, count, batch = sys.argv[1:]
    if way == "quixstreams":
        print(quixstreams(address, group, source, target, int(count), int(batch)))
    else:
        batched = way == "faststream_batches"
        print(faststream(address, group, source, target, int(count), int(batch), batched))
