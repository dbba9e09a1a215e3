"""Settings: the sections for Kafka and the runtime, and the loading of all sections."""

from dateline.settings.kafka import BOOTSTRAP, KafkaSettings
from dateline.settings.loading import Section, all_sections, found_settings, known_settings, load, override
from dateline.settings.runtime import RuntimeSettings

__all__ = [
    "BOOTSTRAP",
    "KafkaSettings",
    "RuntimeSettings",
    "Section",
    "all_sections",
    "found_settings",
    "known_settings",
    "load",
    "override",
]
