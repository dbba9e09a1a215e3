"""Opens the listening sockets of a service."""

import socket

from dateline.errors import SettingsError

__all__ = ["address_of", "listen"]


def listen(host: str, port: int, *, setting: str) -> socket.socket:
    """Open the listening socket, before anything else is started.

    Args:
        host: the address.
        port: the port; 0 means any free port.
        setting: name of the setting with the port, for the error.

    Raises:
        SettingsError: the address is not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            [
                f"{setting}={port}: cannot listen on {host}:{port} ({error.strerror or error}); "
                "choose another port, or 0 for any free port"
            ]
        ) from error
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the URL of `listener` for clients on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
