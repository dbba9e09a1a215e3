"""Free ports, and the processes that hold the others."""

from __future__ import annotations

import random
import socket

import psutil

from dateline_broker.errors import BrokerStartError

__all__ = ["HOST", "free_ports", "is_free", "port_holder"]

HOST = "127.0.0.1"
"""Brokers listen here, where other machines cannot reach them."""

RANGE = range(20_000, 32_000)
"""Ports below the range that Linux and macOS use for outgoing connections.

From that range, a client that reconnects to a dead broker could be assigned the broker's own port, connect to
itself, and keep the broker from restarting.
"""


def is_free(port: int) -> bool:
    """Return whether a port is free."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        # macOS lets us bind 127.0.0.1 although another process listens on all addresses.
        if probe.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return free ports, chosen at random so that two brokers seldom choose the same.

    Raises:
        BrokerStartError: too few ports are free.
    """
    ports: list[int] = []
    for candidate in random.sample(RANGE, 500):
        if len(ports) == count:
            return ports
        if is_free(candidate):
            ports.append(candidate)
    raise BrokerStartError(
        f"no free port found between {RANGE.start} and {RANGE.stop}; stop the processes that use them"
    )


def port_holder(port: int) -> str | None:
    """Return "NAME (pid N)" of the process that listens on a port, or None if the system does not tell."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except (psutil.Error, OSError):
        return None
    return None
