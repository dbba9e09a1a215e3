"""Answers HEAD at every address that answers GET."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HeadRequests"]


def _never(path: str) -> bool:
    return False


class HeadRequests:
    """Turns HEAD into GET and leaves out the body of the response.

    Args:
        app: the application.
        unless: returns whether a path answers only GET, because a GET changes something there.
    """

    def __init__(self, app: ASGIApp, *, unless: Callable[[str], bool] = _never) -> None:
        self._app = app
        self._unless = unless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or self._unless(scope["path"]):
            await self._app(scope, receive, send)
            return

        ended = False

        async def without_body(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.body":
                # The first part ends the response: a stream would not end by itself.
                if ended:
                    return
                ended, message = True, {"type": "http.response.body", "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
