"""How many feeds a process fetches at the same time, shared fairly among its partitions."""

from dataclasses import dataclass

__all__ = ["Slots"]


@dataclass(slots=True)
class Slots:
    """Places for fetches; a partition may hold its share of them, rounded up."""

    total: int
    users: int = 0
    _taken: int = 0

    @property
    def share(self) -> int:
        """Places that each user may hold."""
        return -(-self.total // max(1, self.users))

    def take(self, held: int) -> bool:
        """Take a place for a user that holds `held` of them already; whether there was one."""
        if self._taken >= self.total or held >= self.share:
            return False
        self._taken += 1
        return True

    def give_back(self) -> None:
        """Give a place back."""
        self._taken -= 1
