"""Settings: the sections of Kafka and of the runtime, and how every section is read and checked."""

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
