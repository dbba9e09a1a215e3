"""The address guard: which network addresses the client may connect to."""

import socket
from collections.abc import Callable, Collection
from errno import EPERM
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

__all__ = [
    "ForbiddenAddressError",
    "Network",
    "guarded_sockets",
    "is_allowed",
    "literal_address_allowed",
    "unguarded_socket",
]

Network = IPv4Network | IPv6Network
"""A range of addresses."""

SPECIAL = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # a cloud provider's service for its own machines
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",  # NAT64 within one's own network (RFC 8215)
        "100::/64",
        "2001::/23",
        "5f00::/16",
        "fec0::/10",
    )
)
"""Ranges that are refused besides those that `ipaddress` calls private, which differ between versions of Python."""

NAT64 = ip_network("64:ff9b::/96")
"""Prefix whose last 32 bits are the IPv4 address that is really reached (RFC 6052)."""


class ForbiddenAddressError(PermissionError):
    """The host's address is not public and not in an allowed network."""

    def __init__(self, address: str, setting: str | None = None) -> None:
        advice = f"; if it is meant, name its network in {setting}" if setting else ""
        super().__init__(EPERM, f"the address {address} is not public{advice}")


def guarded_sockets(allowed: Collection[Network], setting: str | None = None) -> Callable[[Any], socket.socket]:
    """Return a socket factory that refuses addresses which are neither public nor allowed.

    The connector calls it for each connection with the resolved address, right before it connects. So the check
    covers names, addresses in URLs and redirects alike, and a name cannot resolve differently afterwards.

    Args:
        allowed: networks that are allowed although they are not public.
        setting: the name of the setting that allows networks, for the error message.
    """

    def make(info: Any) -> socket.socket:
        address = str(info[4][0])
        if not is_allowed(address, allowed):
            raise ForbiddenAddressError(address, setting)
        return unguarded_socket(info)

    return make


def unguarded_socket(info: Any) -> socket.socket:
    """Return a socket for an address in the form that `getaddrinfo` returns, without any check."""
    family, kind, protocol, _name, _destination = info
    return socket.socket(family, kind, protocol)


def literal_address_allowed(host: str, allowed: Collection[Network] = ()) -> bool:
    """Return whether a host is a name or an allowed address, in decimal, octal, hexadecimal or short form.

    This is the weaker check for use in front of a proxy, which resolves names itself.
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
    """Return whether an IP address is public or in one of the networks `allowed`.

    An IPv6 address that embeds an IPv4 address is judged by the latter.
    """
    try:
        ip = _effective(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(ip in network for network in allowed):
        return True
    if ip.is_multicast or ip.is_reserved or any(ip in network for network in SPECIAL):
        return False
    # `is_private` covers link-local, loopback and unspecified addresses too.
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
