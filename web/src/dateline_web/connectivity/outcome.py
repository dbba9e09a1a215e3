"""The outcome of one request, as far as it tells something about the network."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Cut", "Outcome"]

Cut = Literal["connection", "name", "unknown name", "here"]
"""How a request was cut off.

- connection: no connection was made, or it broke or fell silent.
- name: the host's name could not be looked up.
- unknown name: the resolver says that the host's name does not exist.
- here: this side failed, whichever host was asked for: the proxy, or a limit of this process.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A request to a host; times are seconds of any one clock."""

    host: str
    began: float
    ended: float
    cut: Cut | None = None
    """None if the host was reached."""
    reason: str = ""
    """What cut the request off, in words."""
