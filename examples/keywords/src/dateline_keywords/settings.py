"""The settings of the example."""

from dateline.settings import Section
from pydantic import Field
from pydantic_settings import SettingsConfigDict

__all__ = ["KeywordSettings"]

TOPICS = {
    "economy": ["bank", "budget", "inflation", "interest rate", "market", "tax", "trade"],
    "health": ["doctor", "epidemic", "hospital", "patient", "vaccine", "virus"],
    "sport": ["championship", "coach", "cup final", "goal", "league", "match", "olympic"],
    "transport": ["airport", "ferry", "flight", "motorway", "railway", "train"],
}
"""A few topics to begin with."""


class KeywordSettings(Section):
    """The topics and their keywords."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_KEYWORDS__")

    topics: dict[str, list[str]] = Field(
        default=TOPICS, description="The keywords of each topic, as a JSON object; a keyword may have several words."
    )
    min_keywords: int = Field(
        default=2, ge=1, le=1000, description="Minimum number of occurrences of its keywords that make a topic."
    )
