"""Settings of the enrich service."""

from typing import Annotated

from dateline.settings import Section
from pydantic import DirectoryPath, Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from dateline_enrich.enricher import installed_enrichers

__all__ = ["EnrichSettings"]


class EnrichSettings(Section):
    """The enrichers, their models, and the consumer group."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_ENRICH__")

    enrichers: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("entities", "dates"), description="The enrichers to run, in order, separated by commas."
    )
    group: str = Field(
        default="enrich",
        pattern=r"^[a-zA-Z0-9._-]+$",
        max_length=100,
        description="The consumer group. Each group has its own changelog.",
    )

    models: dict[str, DirectoryPath] = Field(
        default_factory=dict,
        description="Entity model folders by language, as a JSON object. "
        "They are used in addition to the built-in English model, or instead of it for `en`.",
    )

    @field_validator("enrichers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("enrichers")
    @classmethod
    def _installed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in value if name not in installed_enrichers()]:
            names = f"{', '.join(map(repr, unknown))} {'is' if len(unknown) == 1 else 'are'} not installed"
            raise ValueError(f"{names}; available: {', '.join(installed_enrichers())}")
        return value
