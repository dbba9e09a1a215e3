"""The settings of the example."""

from dateline.settings import Section
from pydantic import Field
from pydantic_settings import SettingsConfigDict

__all__ = ["HashtagSettings"]


class HashtagSettings(Section):
    """How hashtags are recognised."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_HASHTAGS__")

    min_length: int = Field(default=2, ge=1, le=100, description="Minimum length of a hashtag, without #.")
