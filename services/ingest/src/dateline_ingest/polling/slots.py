"""The limit on concurrent fetches of a process, shared fairly among its partitions."""

from dataclasses import dataclass

__all__ = ["Slots"]


@dataclass(slots=True)
class Slots:
    """Slots for fetches. Each partition may hold at most its share of them, rounded up."""

    total: int
    users: int = 0
    """Partitions that share the slots."""
    _taken: int = 0

    @property
    def share(self) -> int:
        """At most this many slots may be held by one user."""
        return -(-self.total // max(1, self.users))

    def take(self, held: int) -> bool:
        """Take a slot for a user that holds `held` slots already; return False if none is free."""
        if self._taken >= self.total or held >= self.share:
            return False
        self._taken += 1
        return True

    def give_back(self) -> None:
        """Free a slot."""
        self._taken -= 1
