"""Sessions: what a browser's cookie says after somebody has given the token."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dateline_status.http.access.token import AccessToken, equal

__all__ = ["Session", "Sessions"]

ENDED_SESSIONS = 10_000
"""At most this many sessions are remembered that were ended before they expired."""


@dataclass(frozen=True, slots=True)
class Session:
    """A valid session."""

    id: str
    expires: int
    """Seconds since 1970."""


@dataclass(slots=True, kw_only=True)
class Sessions:
    """Begins, reads and ends sessions; only those that were ended are kept in memory."""

    token: AccessToken
    seconds: float
    now: Callable[[], datetime]
    _ended: dict[str, int] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """Name of the cookie: services on other ports of this host share its cookies."""
        return f"dateline-{self.token.sign('cookie', '')[:8]}"

    def begin(self) -> str:
        """Return the value of the cookie for a new session."""
        expires = int(self.now().timestamp() + self.seconds)
        return self.token.seal("session", f"{secrets.token_urlsafe(16)}:{expires}")

    def read(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None if it is not signed with the token, has expired or was ended."""
        text = self.token.unseal("session", cookie) if cookie else None
        if text is None:
            return None
        identity, _, expires = text.partition(":")
        session = Session(identity, int(expires))
        if session.expires <= self.now().timestamp() or session.id in self._ended:
            return None
        return session

    def end(self, session: Session) -> None:
        """End a session before it expires, wherever its cookie is kept."""
        now = self.now().timestamp()
        self._ended = {each: expires for each, expires in self._ended.items() if expires > now}
        while len(self._ended) >= ENDED_SESSIONS:
            del self._ended[next(iter(self._ended))]
        self._ended[session.id] = session.expires

    def form_token(self, session: Session) -> str:
        """Return the token that every form of this session sends back."""
        return self.token.sign("form", f"{session.id}:{session.expires}")

    def allows(self, session: Session, form_token: str) -> bool:
        """Return whether a form belongs to the session."""
        return equal(form_token, self.form_token(session))
