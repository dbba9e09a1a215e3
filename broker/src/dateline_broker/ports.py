"""Finding ports that a broker can listen on."""

from __future__ import annotations

import random
import socket

import psutil

from dateline_broker.errors import BrokerStartError

__all__ = ["HOST", "free_ports", "is_free", "port_holder"]

HOST = "127.0.0.1"
"""Where brokers listen: nobody else on the network can reach them."""

RANGE = range(20_000, 32_000)
"""Below what Linux and macOS give to outgoing connections.

A client that reconnects to a dead broker on such a port could be given that very port, connect to itself, and
keep the broker from coming back.
"""


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        # Where the other one listens on all addresses, macOS would let us listen on ours.
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
    """Return ports that are free now; chosen at random, so that two brokers seldom want the same.

    Raises:
        BrokerStartError: hardly any port is free.
    """
    ports: list[int] = []
    for candidate in random.sample(RANGE, 500):
        if len(ports) == count:
            return ports
        if is_free(candidate):
            ports.append(candidate)
    raise BrokerStartError(f"no free port found between {RANGE.start} and {RANGE.stop}; stop what uses them")


def port_holder(port: int) -> str | None:
    """Return "NAME (pid N)" of the process that listens on a port, where the system tells."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except (psutil.Error, OSError):
        return None
    return None
