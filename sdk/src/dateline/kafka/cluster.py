"""The cluster that Kafka's brokers belong to, which tells the events of one installation from those of another."""

from aiokafka.errors import KafkaError

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import bounded
from dateline.errors import TransientError
from dateline.kafka.connection import described, worth_a_retry
from dateline.kafka.offsets import OffsetReader
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["with_instance"]

log = get_logger("dateline.cluster")

CLIENT_ID = "dateline-cluster"
"""The client id of the requests."""


async def with_instance(
    kafka: KafkaSettings, *, offsets: OffsetReader | None = None, patience_seconds: float | None = None
) -> KafkaSettings:
    """Return settings that name the installation: the one that is set, or else the cluster.

    Args:
        kafka: the settings of Kafka.
        offsets: a reader that is connected already and asks; without one, a connection is opened and closed.
        patience_seconds: give up after this many seconds without an answer of a broker; None means never.

    Raises:
        KafkaError: no broker answered in time, or the brokers refuse the request.
        TransientError: a broker did not answer in time.
    """
    if kafka.instance_uri is not None:
        return kafka
    backoff = Backoff(longest_seconds=5.0, patience_seconds=patience_seconds)
    while True:
        try:
            found = await (_ask(kafka) if offsets is None else offsets.cluster_id())
            return kafka.model_copy(update={"instance_uri": f"urn:dateline:{found}"}) if found else kafka
        except (KafkaError, OSError, TransientError, AssertionError) as error:
            if not worth_a_retry(error) or backoff.exhausted:
                raise
            backoff.warn(
                log,
                "the id of the cluster cannot be asked for; trying again",
                brokers=kafka.bootstrap_servers,
                error=described(error),
            )
            await backoff.pause()


async def _ask(kafka: KafkaSettings) -> str:
    seconds = 2 * kafka.request_timeout_seconds
    offsets = await bounded(OffsetReader.connect(kafka, CLIENT_ID), seconds, "connecting to ask for the cluster")
    try:
        return await bounded(offsets.cluster_id(), seconds, "asking for the cluster")
    finally:
        await offsets.close()
