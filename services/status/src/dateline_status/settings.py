"""The settings of the status service."""

from dateline.settings import Section
from pydantic import Field
from pydantic_settings import SettingsConfigDict

__all__ = ["StatusSettings"]


class StatusSettings(Section):
    """Where the status service listens, how often it looks, and from when on it complains."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_STATUS__")

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address to listen on; 0.0.0.0: all of the machine's. The pages ask for no password.",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="The port to listen on; 0: any that is free.")
    refresh_seconds: float = Field(default=2.0, ge=0.1, le=600, description="How often Kafka is looked at.")
    topics_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="How often the settings of the topics are compared."
    )
    answer_seconds: float = Field(
        default=5.0, gt=0, le=300, description="Kafka that has not answered a question for so long counts as down."
    )
    stale_seconds: float = Field(
        default=30.0,
        gt=0,
        description="A picture of Kafka that is older than this counts as stale: /readyz and /livez say no.",
    )
    window_seconds: float = Field(
        default=60.0, gt=0, description="A group is judged by what it did with its partitions over so long."
    )
    stopped_seconds: float = Field(
        default=15.0, ge=0, description="A group with lag and without any member for so long counts as stopped."
    )
    exact_lag_limit: int = Field(
        default=1000,
        ge=0,
        le=100_000,
        description="Up to so many offsets behind, the records that are really there are counted; "
        "beyond, the distance between the offsets is reported as an upper bound.",
    )
    late_heartbeats: float = Field(
        default=3.0, ge=1, description="An instance that missed so many of its heartbeats is late."
    )
    lost_seconds: float = Field(
        default=60.0, gt=0, description="An instance that is silent for so long without having stopped has failed."
    )
    forget_seconds: float = Field(
        default=900.0, gt=0, description="An instance that is not alive is no longer shown after so long."
    )
    recent_seconds: float = Field(
        default=3600.0, gt=0, description="Dead letters younger than this, and not yet replayed, are a warning."
    )
    search_records: int = Field(
        default=20_000,
        ge=1,
        le=1_000_000,
        description="How many offsets back from the end of its partition an article is looked for.",
    )
