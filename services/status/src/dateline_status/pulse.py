"""Tells those who wait that something has changed."""

import asyncio

__all__ = ["Pulse"]


class Pulse:
    """Counts changes; a waiting task continues at the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Note a change."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seen: int, seconds: float) -> bool:
        """Wait until there are more changes than `seen`; return whether that happened within `seconds`."""
        if self.count > seen:
            return True
        waiting = asyncio.ensure_future(self._next.wait())
        done, _ = await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()
        return bool(done)
