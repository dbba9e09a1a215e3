"""Decides whether a request is allowed to change something, and says who looks at a page."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateline.clock import utc_now
from fastapi import HTTPException, Request, Response
from pydantic import SecretStr

from dateline_status.http.access.guesses import Guesses
from dateline_status.http.access.message import Message, open_message, seal_message
from dateline_status.http.access.origin import foreign_origin
from dateline_status.http.access.place import address_of_page
from dateline_status.http.access.session import Session, Sessions
from dateline_status.http.access.token import AccessToken
from dateline_status.http.access.visitor import Visitor

__all__ = ["BEARER", "FORM_TOKEN", "Access", "client_address"]

FORM_TOKEN = "form_token"
"""Name of the field that every form sends back."""

BEARER = {"WWW-Authenticate": 'Bearer realm="dateline-status"'}
"""What a response of 401 says (RFC 6750)."""

NO_TOKEN = "nothing can be changed here: DATELINE_STATUS__TOKEN is not set"
"""The answer where there is no token."""

SESSION_LENGTH = timedelta(hours=12)
"""A session lasts this long unless the settings say otherwise."""

MESSAGE_SECONDS = 60
"""A message that no page has shown is forgotten after this many seconds."""


@dataclass(slots=True)
class Access:
    """The way to every change: a session of a browser, or the token of a machine; without a token nobody gets in."""

    token: AccessToken | None = None
    sessions: Sessions | None = None
    guesses: Guesses | None = None
    only_https: bool = False

    @classmethod
    def of(
        cls,
        secret: SecretStr | None,
        *,
        session_length: timedelta = SESSION_LENGTH,
        only_https: bool = False,
        now: Callable[[], datetime] = utc_now,
        guesses: Guesses | None = None,
    ) -> "Access":
        """Return the access by one token.

        Args:
            secret: the token; None means that nothing can be changed.
            session_length: how long a session lasts.
            only_https: send the cookie over HTTPS only, even if this request came without it.
            now: returns the current time.
            guesses: slows down guessing.
        """
        if secret is None:
            return cls()
        token = AccessToken(secret)
        sessions = Sessions(token=token, seconds=session_length.total_seconds(), now=now)
        return cls(token, sessions, guesses or Guesses(time.monotonic), only_https)

    def visitor(self, request: Request) -> Visitor:
        """Return who looks at a page."""
        here = address_of_page(request)
        if self.token is None or self.sessions is None:
            return Visitor(here=here)
        session = self._session(request)
        return Visitor(
            may_sign_in=True,
            form_token=self.sessions.form_token(session) if session else "",
            here=here,
            message=open_message(self.token, request.cookies.get(self._message_cookie)),
        )

    async def caller(self, request: Request) -> Session | None:
        """Return the session that a request belongs to; None for a machine that has sent the token.

        Raises:
            HTTPException: there is no token, or the request has neither it nor a session, or it was forged by another
                page.
        """
        if self.token is None or self.sessions is None:
            raise HTTPException(403, NO_TOKEN)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer":
                raise HTTPException(401, "send the token as `Authorization: Bearer TOKEN`", BEARER)
            await self.check_token(request, given.strip())
            return None
        session = self._session(request)
        if session is None:
            raise HTTPException(401, "sign in at /sign-in, or send `Authorization: Bearer TOKEN`", BEARER)
        if (reason := foreign_origin(request)) is not None:
            raise HTTPException(403, f"the request was refused: {reason}")
        return session

    def check_form(self, session: Session, fields: Mapping[str, str]) -> None:
        """Check that a form was made for the session.

        Raises:
            HTTPException: it was not.
        """
        if self.sessions is None or not self.sessions.allows(session, fields.get(FORM_TOKEN, "")):
            raise HTTPException(403, "the form is not of this session; open its page again and repeat the change")

    async def check_token(self, request: Request, given: str) -> None:
        """Check a token.

        Raises:
            HTTPException: there is none, it is wrong, or there were too many wrong ones.
        """
        if self.token is None or self.guesses is None:
            raise HTTPException(403, NO_TOKEN)
        address = client_address(request)
        if self.guesses.too_many(address):
            raise HTTPException(429, "too many wrong tokens; try again in a second", {"Retry-After": "1"})
        if not self.token.matches(given):
            await self.guesses.wrong(address)
            raise HTTPException(401, "the token is wrong", BEARER)

    def begin(self, request: Request, response: Response) -> None:
        """Give the browser a session."""
        if self.sessions is not None:
            self._set(request, response, self.sessions.cookie, self.sessions.begin(), self.sessions.seconds)

    def end(self, request: Request, response: Response, session: Session) -> None:
        """End a session, and remove its cookie."""
        if self.sessions is not None:
            self.sessions.end(session)
            response.delete_cookie(self.sessions.cookie, path="/", httponly=True, samesite="strict")

    def say(self, request: Request, response: Response, message: Message) -> None:
        """Let the next page show a message."""
        if self.token is not None:
            self._set(request, response, self._message_cookie, seal_message(self.token, message), MESSAGE_SECONDS)

    def said(self, response: Response) -> None:
        """Forget the message, since this page shows it."""
        response.delete_cookie(self._message_cookie, path="/", httponly=True, samesite="strict")

    @property
    def _message_cookie(self) -> str:
        return f"{self.sessions.cookie}-message" if self.sessions is not None else ""

    def _session(self, request: Request) -> Session | None:
        return self.sessions.read(request.cookies.get(self.sessions.cookie)) if self.sessions is not None else None

    def _set(self, request: Request, response: Response, name: str, value: str, seconds: float) -> None:
        secure = self.only_https or request.url.scheme == "https"
        response.set_cookie(
            name, value, max_age=int(seconds), path="/", httponly=True, samesite="strict", secure=secure
        )


def client_address(request: Request) -> str:
    """Return the address of the client, as the connection or a proxy on this machine says."""
    return request.client.host if request.client is not None else "unknown"
