"""Addresses that the guard refuses, in all their spellings."""

from ipaddress import IPv4Address, ip_network

import pytest
from dateline_web.network import is_allowed
from hypothesis import given
from hypothesis import strategies as st

FORBIDDEN = [
    "127.0.0.1",
    "127.255.0.3",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",
    "224.0.0.1",
    "239.1.2.3",
    "240.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "2001:0:c000:204::80ff:fffe",
    "no address",
    "",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(address)


def test_an_allowed_network_is_allowed_in_its_mapped_form_too() -> None:
    allowed = (ip_network("127.0.0.0/8"),)
    assert is_allowed("127.0.0.1", allowed)
    assert is_allowed("::ffff:127.0.0.1", allowed)
    assert not is_allowed("10.0.0.1", allowed)


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_as_forbidden_as_the_plain_one(address: IPv4Address) -> None:
    if not is_allowed(str(address)):
        assert not is_allowed(f"::ffff:{address}")
        assert not is_allowed(f"64:ff9b::{address}")
