"""Keeps the settings that docker-compose.yml passes through the same as those that there are.

`python deploy/compose_settings.py` writes them into the file, between two marks; `make schemas` runs it.
"""

import sys
from collections import defaultdict
from pathlib import Path

from dateline.settings import known_settings

__all__ = ["COMPOSE", "FIXED", "passed_through", "with_settings"]

COMPOSE = Path(__file__).parents[1] / "docker-compose.yml"
"""The file."""

BEGIN = "# Settings that are passed through from the shell or from .env, if they are set. Made by `make schemas`.\n"
"""What stands above the settings."""

END = "# End of what is made.\n"
"""What stands below them."""

FIXED = frozenset(
    {
        "DATELINE_RUNTIME__ALIVE_FILE",
        "DATELINE_INGEST__HTTP_HOST",
        "DATELINE_INGEST__HTTP_PORT",
        "DATELINE_STATUS__HOST",
        "DATELINE_STATUS__PORT",
    }
)
"""Settings that mean something inside a container only; COMPOSE_BIND and COMPOSE_*_PORT stand for them outside."""

DEFAULTS = {
    "DATELINE_KAFKA__BOOTSTRAP_SERVERS": "kafka:19092",
    # The demo's feeds: an address inside the container of ingest where nobody else listens.
    "DATELINE_INGEST__ALLOW_NETWORKS": "127.0.0.2/32",
}
"""Settings whose default is another one among containers."""


def passed_through() -> dict[str, list[str]]:
    """Return the names of the settings by their section, such as `kafka`."""
    sections = defaultdict(list)
    for name in known_settings().keys() - FIXED:
        sections[name.removeprefix("DATELINE_").partition("__")[0].lower()].append(name)
    return {section: sorted(names) for section, names in sorted(sections.items())}


def with_settings(text: str) -> str:
    """Return the text of a compose file with the settings of now."""
    lines = []
    for section, names in passed_through().items():
        lines.append(f"x-{section}-settings: &{section}-settings\n")
        for name in names:
            default = DEFAULTS.get(name)
            lines.append(f"  {name}: ${{{name}:-{default}}}\n" if default else f"  {name}:\n")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{''.join(lines)}{END}{after}"


if __name__ == "__main__":
    COMPOSE.write_text(with_settings(COMPOSE.read_text("utf-8")), "utf-8")
    sys.exit(0)
