"""Which addresses are public, and what counts as a web address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.security.addresses import is_loopback, is_public, place_of


@pytest.mark.parametrize("ip", ["93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::200e"])
def test_public_addresses_may_be_called(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "0.0.0.0",
        "::",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "198.51.100.7",
        "203.0.113.9",
        "198.18.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "100::1",
        "",
        "localhost",
        "1.2.3",
        "::1]",
    ],
)
def test_everything_else_may_not(ip: str) -> None:
    assert not is_public(ip)


@given(st.ip_addresses(v=4))
def test_only_global_addresses_pass(ip: object) -> None:
    if is_public(str(ip)):
        assert ip.is_global  # type: ignore[attr-defined]
        assert not ip.is_multicast  # type: ignore[attr-defined]


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_that_passes_is_global(ip: object) -> None:
    if is_public(str(ip)):
        assert ip.is_global  # type: ignore[attr-defined]


def test_loopback_is_told_from_the_rest() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("10.0.0.1")
    assert not is_loopback("nonsense")


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://Example.COM/music", "example.com", 443),
        ("http://example.com:8080", "example.com", 8080),
        ("https://example.com./", "example.com", 443),
        ("http://[2606:4700::1]/x", "2606:4700::1", 80),
    ],
)
def test_a_web_address_names_its_place(url: str, host: str, port: int) -> None:
    place = place_of(url)
    assert place is not None
    assert (place.host, place.port) == (host, port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "music",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "//example.com/",
        "https://me:secret@example.com/",
        "https://me@example.com/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: x",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "http://[::1",
        "https://a\\@b.example/",
        "https://example.com/" + "x" * 5000,
    ],
)
def test_what_is_no_plain_web_address_is_none(url: str) -> None:
    assert place_of(url) is None
