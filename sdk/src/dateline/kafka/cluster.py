"""The cluster that Kafka's brokers belong to, which tells the events of one installation from those of another."""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from dateline.concurrency.backoff import Backoff
from dateline.concurrency.deadline import bounded
from dateline.errors import TransientError
from dateline.kafka.connection import client_options, described, discard, start_patiently, worth_a_retry
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["cluster_id", "with_instance"]

log = get_logger("dateline.cluster")

CLIENT_ID = "dateline-cluster"
"""The client id of the requests."""


async def cluster_id(kafka: KafkaSettings, *, patience_seconds: float | None = None) -> str:
    """Return the id of the cluster, which is empty if its brokers state none.

    Args:
        kafka: the settings of Kafka.
        patience_seconds: give up after this many seconds without an answer of a broker; None means never.

    Raises:
        KafkaError: no broker answered in time, or the brokers refuse the request.
        TransientError: a broker did not answer in time.
    """
    backoff = Backoff(longest_seconds=5.0, patience_seconds=patience_seconds)
    while True:
        try:
            return await _ask(kafka, backoff.seconds_left)
        except (KafkaError, OSError, TransientError, AssertionError) as error:
            if not worth_a_retry(error) or backoff.exhausted:
                raise
            backoff.warn(log, "the id of the cluster cannot be asked for; trying again", error=described(error))
            await backoff.pause()


async def _ask(kafka: KafkaSettings, patience_seconds: float | None) -> str:
    options = client_options(kafka, CLIENT_ID)
    admin = await start_patiently(
        lambda: AIOKafkaAdminClient(**options), CLIENT_ID, kafka, patience_seconds=patience_seconds
    )
    try:
        found = await bounded(admin.describe_cluster(), kafka.request_timeout_seconds, "asking for the cluster")
        return str(found.get("cluster_id") or "")
    finally:
        await discard(admin)


async def with_instance(kafka: KafkaSettings, *, patience_seconds: float | None = None) -> KafkaSettings:
    """Return settings that name the installation: the one that is set, or else the cluster.

    The arguments and errors are those of `cluster_id`.
    """
    if kafka.instance_uri is not None:
        return kafka
    found = await cluster_id(kafka, patience_seconds=patience_seconds)
    return kafka.model_copy(update={"instance_uri": f"urn:dateline:{found}"}) if found else kafka
