"""The pages: each address answers people with a page, and the same page's script with a stream of its changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dateline.concurrency.deadline import sleep_unless, unless
from dateline.duration import in_words
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from dateline_status.formatting import at_most, clock, count, moment
from dateline_status.http.access.access import Access
from dateline_status.http.access.visitor import Visitor
from dateline_status.http.charts.chart import chart_of
from dateline_status.http.content_policy import content_policy
from dateline_status.http.documented_type import kind
from dateline_status.http.fragments import changed_fragments
from dateline_status.http.preference import preferred
from dateline_status.pulse import Pulse

__all__ = ["NavigationEntry", "Website"]

STREAMS = 50
"""At most this many pages are kept up to date at a time; further ones reload themselves."""

PAUSE_SECONDS = 0.5
"""The shortest time between two updates of a page."""

KEEP_ALIVE_SECONDS = 10.0
"""Without news, a stream says after this long that it is still there."""

STILL_HERE = "event: here\ndata: {}\n\n"
"""The event without news."""

Values = Callable[[], Awaitable[Mapping[str, Any]]]
"""Returns the values that a template shows."""


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A link at the top of every page."""

    path: str
    name: str


@dataclass(slots=True)
class Website:
    """Renders the templates, escapes every value, and keeps open pages up to date."""

    release: str
    access: Access
    pulse: Pulse
    stop: asyncio.Event
    navigation: list[NavigationEntry] = field(default_factory=list)
    _environment: Environment = field(init=False)
    _streams: int = 0

    def __post_init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("dateline_status.http"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"release": self.release, "navigation": self.navigation, "chart_of": chart_of}
        self._environment.filters |= {
            "duration": in_words,
            "clock": clock,
            "count": count,
            "kind": kind,
            "at_most": at_most,
            "moment": moment,
        }

    def add_filters(self, **filters: Callable[..., Any]) -> None:
        """Add filters that templates can use."""
        self._environment.filters |= filters

    def render(self, template: str, values: Mapping[str, Any], *, path: str) -> str:
        """Return a page; `path` is its address, whose entry in the navigation is marked."""
        return self._environment.get_template(template).render({"path": path, "visitor": Visitor(), **values})

    async def answer(self, request: Request, template: str, values: Values, *, status: int = 200) -> Response:
        """Answer with the page, or with the stream of its changes if the page's script asks for one.

        Args:
            request: the request.
            template: name of the template.
            values: returns what it shows; called again for each update.
            status: status of the response.
        """
        path = request.url.path

        async def page() -> str:
            # Asked each time, since a session may end while a stream is open.
            visitor = self.access.visitor(request)
            return self.render(template, {"visitor": visitor, **await values()}, path=path)

        if preferred(request) != "stream":
            return self._whole(request, await page(), status)
        if self._streams >= STREAMS:
            return Response(status_code=503, headers={"retry-after": "30"})
        return StreamingResponse(self._stream(page), media_type="text/event-stream")

    def _whole(self, request: Request, page: str, status: int) -> Response:
        visitor = self.access.visitor(request)
        # Buttons may also come with the stream.
        policy = content_policy(forms=visitor.may_sign_in or "<form" in page)
        response = HTMLResponse(page, status_code=status, headers={"content-security-policy": policy})
        if visitor.message is not None:
            self.access.said(response)
        return response

    async def _stream(self, page: Callable[[], Awaitable[str]]) -> AsyncIterator[str]:
        self._streams += 1
        try:
            known: dict[str, str] = {}
            while not self.stop.is_set():
                seen = self.pulse.count
                events = changed_fragments(await page(), known)
                yield "".join(events) or STILL_HERE
                # Open streams must not delay the end of the service.
                await sleep_unless(self.stop, PAUSE_SECONDS)
                await unless(self.stop, self.pulse.wait(seen, KEEP_ALIVE_SECONDS))
        finally:
            self._streams -= 1
