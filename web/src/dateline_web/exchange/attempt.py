"""Notes what the request in progress tells about the network."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType

from dateline_web.connectivity.monitor import Connectivity
from dateline_web.errors import FetchError

__all__ = ["Attempt"]


@dataclass(slots=True)
class Attempt(AbstractContextManager["Attempt"]):
    """A request with its redirects; a `FetchError` of the block gets its `failure`, if the request was cut off."""

    connectivity: Connectivity
    _host: str | None = None
    """The host that is being asked."""
    _began: float = 0.0
    _answered: bool = False

    def begin(self, host: str | None) -> None:
        """Note that a host is asked: the first, or that of a redirect."""
        self._host, self._began, self._answered = host, self.connectivity.clock(), False

    def answered(self) -> None:
        """Note that the host has begun to answer."""
        if self._host is not None:
            self._answered = True
            self.connectivity.reached(self._host, self._began)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Note whether the host was cut off, and how."""
        if self._host is None:
            return
        if isinstance(error, FetchError) and error.cut is not None:
            error.failure = self.connectivity.failed(
                self._host, self._began, error.cut, str(error), answered=self._answered
            )
        elif self._answered:
            self.connectivity.completed(self._host)
