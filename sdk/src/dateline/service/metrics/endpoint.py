"""Serves `/metrics` on a port of its own, in a thread."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from dateline.figures.meter import Meter
from dateline.service.metrics.exposition import metrics_registry_of

__all__ = ["metrics_endpoint"]

PATH = "/metrics"
"""The one path that is served."""

REQUEST_SECONDS = 10.0
"""A client has this long to send its request."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""An application of WSGI."""


class _Handler(WSGIRequestHandler):
    timeout = REQUEST_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is that of the overridden method
        """Log nothing: Prometheus asks several times a minute."""


@contextmanager
def metrics_endpoint(listener: socket.socket, meters: Sequence[Meter], *, service: str, version: str) -> Iterator[None]:
    """Serve the figures of `meters` while the block runs.

    Args:
        listener: the listening socket, which is closed in the end.
        meters: the meters of the process.
        service: name of the service.
        version: its version.
    """
    host, port = listener.getsockname()[:2]
    server = ThreadingWSGIServer((host, port), _Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = host, port
    server.setup_environ()
    server.set_app(_application(make_wsgi_app(metrics_registry_of(meters, service=service, version=version))))
    # The interval is that in which the server looks whether it has to end.
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True, name="dateline-metrics")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _application(metrics: Application) -> Application:
    """Return an application that answers GET and HEAD of one path."""

    def answer(request: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
        if request["PATH_INFO"] != PATH:
            body = f"the figures are at {PATH}\n".encode()
            begin("404 Not Found", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
            return [b"" if request["REQUEST_METHOD"] == "HEAD" else body]
        if request["REQUEST_METHOD"] != "HEAD":
            return metrics(request, begin)

        def begin_alone(status: str, headers: list[tuple[str, str]]) -> None:
            heads[:] = [(status, headers)]

        heads: list[tuple[str, list[tuple[str, str]]]] = []
        size = sum(map(len, metrics(request | {"REQUEST_METHOD": "GET"}, begin_alone)))
        ((status, headers),) = heads
        begin(status, [*headers, ("Content-Length", str(size))])
        return [b""]

    return answer
