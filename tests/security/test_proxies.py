"""What is believed about where a request comes from: nothing, but from proxies that were named."""

import ipaddress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.cli.build import settings_now
from creatorbot.config import Settings
from creatorbot.errors import InvalidInput
from creatorbot.security.proxies import Proxies, bare_host, is_machine, read_address

OURS = tuple(ipaddress.ip_network(one) for one in ("127.0.0.0/8", "::1/128", "172.18.0.0/16", "2001:db8:cd::/48"))
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


def asked(peer: str, host: str = "music.example.org", **told: str) -> dict[str, Any]:
    """The request after it was looked through."""
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_HOST": host, "wsgi.url_scheme": "http", **told}
    Proxies(OURS).look_through(environ)
    assert not set(FORWARDED) & set(environ)
    return environ


def told_of(settings: Settings, peer: str, told: str) -> str:
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": told}
    Proxies(settings.proxies).look_through(environ)
    return str(environ["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("peer", "told", "behind", "found"),
    [
        ("127.0.0.1", "203.0.113.7", True, "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", True, "203.0.113.7"),  # the first was sent by the client itself
        ("::1", "2001:DB8::7", True, "2001:db8::7"),
        ("::ffff:127.0.0.1", "203.0.113.7", True, "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, nonsense", True, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7,", True, "127.0.0.1"),
        ("127.0.0.1", "", True, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", False, "127.0.0.1"),
        ("198.51.100.9", "203.0.113.7", True, "198.51.100.9"),
        ("", "203.0.113.7", True, ""),
    ],
)
def test_without_names_only_this_machines_own_proxy_is_believed(peer: str, told: str, behind: bool, found: str) -> None:
    assert told_of(Settings(behind_https=behind), peer, told) == found


@pytest.mark.parametrize(
    ("peer", "told", "found"),
    [
        ("172.18.0.1", "203.0.113.7", "203.0.113.7"),
        ("172.18.0.1", "198.51.100.1, 203.0.113.7, 172.18.0.9", "203.0.113.7"),  # two proxies of ours, one behind the other
        ("172.18.0.1", "172.18.0.4, 172.18.0.9", "172.18.0.4"),  # somebody within
        ("172.18.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("172.18.0.1", "203.0.113.7:51234", "203.0.113.7"),
        ("172.18.0.1", "[2001:db8::7]:51234", "2001:db8::7"),
        ("172.18.0.1", "203.0.113.7, unknown, 172.18.0.9", "172.18.0.9"),
        ("127.0.0.1", "203.0.113.7", "127.0.0.1"),  # named are others
        ("172.19.0.1", "203.0.113.7", "172.19.0.1"),
    ],
)
def test_named_proxies_are_walked_past_from_the_right(peer: str, told: str, found: str) -> None:
    assert told_of(Settings(trusted_proxies="172.18.0.0/16"), peer, told) == found


def test_a_very_long_list_is_read_from_its_end_alone() -> None:
    assert asked("127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, " * 100_000 + "203.0.113.7")["REMOTE_ADDR"] == "203.0.113.7"
    assert asked("127.0.0.1", HTTP_X_FORWARDED_FOR="127.0.0.1, " * 100_000 + "127.0.0.1")["REMOTE_ADDR"] == "127.0.0.1"


strangers = st.one_of(st.ip_addresses(), st.just(ipaddress.ip_address("203.0.113.9"))).filter(
    lambda address: (
        not any(address in network for network in OURS) and not (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped)
    )
)
lists = st.lists(st.one_of(st.ip_addresses().map(str), st.sampled_from(["127.0.0.1", "nonsense", ""]), st.text(max_size=20)), max_size=6)


@given(peer=strangers, told=st.dictionaries(st.sampled_from(FORWARDED), st.text(max_size=60)), addresses=lists)
def test_no_header_of_a_stranger_changes_anything(peer: Any, told: dict[str, str], addresses: list[str]) -> None:
    plain = asked(str(peer))
    assert asked(str(peer), **told) == plain
    assert asked(str(peer), HTTP_X_FORWARDED_FOR=", ".join(addresses), HTTP_X_FORWARDED_PROTO="https") == plain


@given(visitor=strangers, forged=lists)
def test_what_a_visitor_sends_through_our_proxy_changes_nothing(visitor: Any, forged: list[str]) -> None:
    # The proxy adds the address it sees at the right of whatever was sent.
    assert asked("127.0.0.1", HTTP_X_FORWARDED_FOR=", ".join([*forged, str(visitor)]))["REMOTE_ADDR"] == str(visitor)


@given(told=st.text(max_size=200), scheme=st.text(max_size=20), host=st.text(max_size=60))
def test_nothing_a_proxy_says_breaks_us(told: str, scheme: str, host: str) -> None:
    found = asked("127.0.0.1", HTTP_X_FORWARDED_FOR=told, HTTP_X_FORWARDED_PROTO=scheme, HTTP_X_FORWARDED_HOST=host)
    assert read_address(found["REMOTE_ADDR"]) is not None
    assert found["wsgi.url_scheme"] in ("http", "https")
    assert found["HTTP_HOST"] == "music.example.org"


@pytest.mark.parametrize(("told", "scheme"), [("https", "https"), ("http, https", "https"), ("https, http", "http"), ("ftp", "http")])
def test_a_proxy_says_how_it_was_reached(told: str, scheme: str) -> None:
    assert asked("127.0.0.1", HTTP_X_FORWARDED_PROTO=told)["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize(
    ("handed_on", "told", "found"),
    [
        ("127.0.0.1:8080", "music.example.org", "music.example.org"),
        ("creatorbot:8080", "evil.example, music.example.org", "music.example.org"),
        ("[::1]:8080", "music.example.org", "music.example.org"),
        ("music.example.org", "evil.example", "music.example.org"),  # it handed on the name it was asked for: this one was forged
    ],
)
def test_a_second_header_for_the_name_counts_only_where_the_first_was_lost(handed_on: str, told: str, found: str) -> None:
    assert asked("127.0.0.1", handed_on, HTTP_X_FORWARDED_HOST=told)["HTTP_HOST"] == found


@pytest.mark.parametrize(
    ("host", "bare", "machine"),
    [
        ("Music.Example.org:8080", "music.example.org", False),
        ("music.example.org.", "music.example.org", False),
        ("[2001:db8::1]:80", "2001:db8::1", True),
        ("192.168.1.5:8080", "192.168.1.5", True),
        ("localhost", "localhost", True),
        ("192.168.1.5.example", "192.168.1.5.example", False),
    ],
)
def test_reading_a_host(host: str, bare: str, machine: bool) -> None:
    assert (bare_host(host), is_machine(host)) == (bare, machine)


@pytest.mark.parametrize(
    ("name", "typed", "part"),
    [
        ("TRUSTED_PROXIES", "10.0.0.300", "10.0.0.300"),
        ("TRUSTED_PROXIES", "10.0.0.1, nginx", "nginx"),
        ("TRUSTED_PROXIES", "10.0.0.7/8", "10.0.0.7/8"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "everybody"),
        ("HOSTS", "https://music.example.org", "without https"),
        ("HOSTS", "music.example.org, a b", "a b"),
    ],
)
def test_nonsense_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, typed: str, part: str) -> None:
    monkeypatch.setenv("CREATORBOT_DATA", str(tmp_path))
    monkeypatch.setenv(f"CREATORBOT_{name}", typed)
    with pytest.raises(InvalidInput) as refused:
        settings_now()
    assert f"CREATORBOT_{name}" in str(refused.value)
    assert part in str(refused.value)


def test_names_and_networks_are_read_once_and_rightly() -> None:
    found = Settings(trusted_proxies=" 10.0.0.0/8 ,::1, ", hosts="Old.Example.org, müsik.example.,")
    assert [str(network) for network in found.proxies] == ["10.0.0.0/8", "::1/128"]
    assert found.host_names == {"old.example.org", "xn--msik-0ra.example"}
    assert Settings().proxies == ()
