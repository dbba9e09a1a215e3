"""Settings of the sinks service."""

from dateline.settings import Section
from pydantic_settings import SettingsConfigDict

__all__ = ["SinksSettings"]


class SinksSettings(Section):
    """The sinks that the service runs."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_SINKS__")
