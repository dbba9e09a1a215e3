"""Which addresses may be connected to: feed addresses are written by strangers."""

import socket
from collections.abc import Callable, Collection
from errno import EPERM
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from dateline_ingest.settings import Network

__all__ = ["ForbiddenAddressError", "guarded_sockets", "is_allowed", "literal_address_allowed", "socket_of"]

SPECIAL = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # a cloud provider's service for its machines alone
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",  # NAT64 within one's own network (RFC 8215)
        "100::/64",
        "2001::/23",
        "5f00::/16",
        "fec0::/10",
    )
)
"""What is not public beyond what the library says, which differs between versions of Python."""

NAT64 = ip_network("64:ff9b::/96")
"""Prefix whose last 32 bits are the IPv4 address that is really reached (RFC 6052)."""


class ForbiddenAddressError(PermissionError):
    """The host's address is not public, and no setting allows it."""

    def __init__(self, address: str) -> None:
        super().__init__(
            EPERM,
            f"the address {address} is not public; if it is meant, name its network in DATELINE_INGEST__ALLOW_NETWORKS",
        )


def guarded_sockets(allowed: Collection[Network]) -> Callable[[Any], socket.socket]:
    """Return a factory of sockets that refuses addresses which are not public.

    It is asked for each connection with the very address that is connected to next, whether that
    came from a name, stood in the URL or was named by a redirect, so nothing can change in between.
    """

    def make(info: Any) -> socket.socket:
        address = str(info[4][0])
        if not is_allowed(address, allowed):
            raise ForbiddenAddressError(address)
        return socket_of(info)

    return make


def socket_of(info: Any) -> socket.socket:
    """Return a socket for an address as `getaddrinfo` describes it, whatever address it is."""
    family, kind, protocol, _name, _destination = info
    return socket.socket(family, kind, protocol)


def literal_address_allowed(host: str, allowed: Collection[Network] = ()) -> bool:
    """Whether a host is a name, or an address that is allowed, in whatever form: decimal, octal, hexadecimal, short.

    For use before a proxy only, which resolves names itself.
    """
    if ":" in host:
        return is_allowed(host, allowed)
    try:
        # As resolvers read it: 2130706433, 0177.0.0.1 and 127.1 are one address.
        packed = socket.inet_aton(host.rstrip("."))
    except (OSError, UnicodeError):
        return host.rstrip(".").lower() != "localhost" or is_allowed("127.0.0.1", allowed)
    return is_allowed(str(IPv4Address(packed)), allowed)


def is_allowed(address: str, allowed: Collection[Network] = ()) -> bool:
    """Whether `address` is public, or in one of the networks `allowed`; an embedded IPv4 address decides."""
    try:
        ip = _effective(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(ip in network for network in allowed):
        return True
    if ip.is_multicast or ip.is_reserved or any(ip in network for network in SPECIAL):
        return False
    # Link-local, loopback and the unspecified address are private as well, and private is not global.
    return ip.is_global and not ip.is_private


def _effective(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip in NAT64 or (int(ip) >> 32 == 0 and int(ip) > 1):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
