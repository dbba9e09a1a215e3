"""The limit on concurrent requests of a process, shared fairly among its partitions."""

from dataclasses import dataclass

__all__ = ["VisitSlots"]


@dataclass(slots=True)
class VisitSlots:
    """Slots for visits. Each partition may hold at most its share of them, rounded up."""

    total: int
    users: int = 0
    """Partitions that share the slots."""
    _taken: int = 0

    def take(self, held: int) -> bool:
        """Take a slot for a user that holds `held` slots already; return False if none is free."""
        share = -(-self.total // max(1, self.users))
        if self._taken >= self.total or held >= share:
            return False
        self._taken += 1
        return True

    def give_back(self) -> None:
        """Free a slot."""
        self._taken -= 1
