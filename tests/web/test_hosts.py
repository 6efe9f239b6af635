"""Under which names what answers, and that a made-up name gets nowhere."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.artists import signup
from creatorbot.artists.installation import answer_for, expect_public_url, the_installation
from creatorbot.models import Installation
from creatorbot.runtime import Runtime
from creatorbot.web import here
from creatorbot.web.house.hosts import Hosts, is_at_home
from tests.web.conftest import PASSWORD, House

AT_HOME = [
    "localhost",
    "127.0.0.1:8080",
    "[::1]:8080",
    "192.168.1.20:9000",
    "203.0.113.5",
    "studio.local:8080",
    "pi.lan",
    "studio",
    "box.home.arpa",
]
STRANGE = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "local",
    "",
    "a b",
    "evil.local.example",
]
MEMBERS = ["/", "/login", "/settings", "/releases", "/join/abc", "/setup", "/nothing", "/hand-over", "/connections/mastodon/return?code=x"]


def under(client: FlaskClient, host: str, path: str, **more: Any) -> Any:
    """Opened with this Host header. The log-in comes along even so, as a browser would never send it."""
    cookie = client.get_cookie(here.COOKIE)
    sent = {"Host": host, **({"Cookie": f"{here.COOKIE}={cookie.value}"} if cookie else {})}
    return client.application.test_client(use_cookies=False).open(path, headers=sent, **more)


def public(runtime: Runtime, address: str, *, answered: bool = True) -> None:
    with runtime.session() as session:
        row = the_installation(session, runtime.clock())
        row.public_url, row.public_answered_at = address, runtime.clock() if answered else None


@pytest.mark.parametrize("host", AT_HOME)
def test_the_home_network_gets_in_by_number_and_by_name(house: House, visitor: FlaskClient, host: str) -> None:
    assert under(visitor, host, "/login").status_code == 200


@pytest.mark.parametrize("path", MEMBERS)
@pytest.mark.parametrize("host", [host for host in STRANGE if host != "local"])
def test_members_pages_do_not_answer_under_a_strange_name(house: House, host: str, path: str) -> None:
    for method in ("GET", "POST"):
        answer = under(house.client("alice"), host, path, method=method)
        assert answer.status_code == 421
        assert "CREATORBOT_HOSTS" in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "Alice" not in answer.text
        assert host not in answer.text or host in ("", "a b")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_strange_name_changes_nothing(house: House, runtime: Runtime) -> None:
    under(house.client("alice"), "evil.example", "/settings/address", method="POST", data={"public_url": "https://evil.example"})
    under(house.client("alice"), "evil.example", "/logout", method="POST")
    with runtime.reading() as session:
        assert session.get(Installation, 1) is None
    assert house.client("alice").get("/settings").status_code == 200


@pytest.mark.parametrize("answered", [True, False])
def test_the_public_address_is_known_at_once_and_whether_it_answers_or_not(house: House, runtime: Runtime, answered: bool) -> None:
    alice = house.client("alice")
    assert under(alice, "music.example.org", "/login").status_code == 421
    public(runtime, "https://music.example.org", answered=answered)
    for host in ("music.example.org", "MUSIC.example.org", "music.example.org:443", "music.example.org."):
        assert under(alice, host, "/settings").status_code == 200
    assert under(alice, "other.example.org", "/settings").status_code == 421


def test_a_name_with_foreign_letters_is_known_as_browsers_send_it(house: House, runtime: Runtime) -> None:
    public(runtime, "https://müsik.example")
    assert under(house.client("alice"), "xn--msik-0ra.example", "/settings").status_code == 200


def test_names_given_at_the_start_and_the_name_listened_on_are_known(house: House, app: Flask, runtime: Runtime) -> None:
    settings = runtime.settings.model_copy(update={"hosts": "old.example.org, studio.example.net", "host": "here.example.net"})
    app.extensions["creatorbot"] = replace(runtime, settings=settings)
    for host in ("old.example.org", "studio.example.net:8080", "here.example.net:8080"):
        assert under(house.client("alice"), host, "/settings").status_code == 200
    assert under(house.client("alice"), "music.example.org", "/settings").status_code == 421


@pytest.mark.parametrize("path", ["/static/fans.css", "/answer/abc", "/stop/abc", "/tip/nothing", "/thanks/nothing", "/l/abc", "/@nobody"])
def test_links_and_what_belongs_to_them_answer_under_every_name(house: House, visitor: FlaskClient, path: str) -> None:
    for host in ("old.example.org", "localhost"):
        assert under(visitor, host, path).status_code in (200, 404)


def test_notices_come_in_under_an_old_name(house: House, visitor: FlaskClient) -> None:
    assert under(visitor, "old.example.org", "/hooks/stripe/abc", method="POST", data=b"{}").status_code == 404
    assert under(visitor, "old.example.org", "/push/abc", method="POST", data=b"{}").status_code in (204, 404)


def test_the_check_of_a_new_address_is_answered_before_the_name_is_known(house: House, visitor: FlaskClient, runtime: Runtime) -> None:
    with runtime.session() as session:
        token = the_installation(session, runtime.clock()).check_token
    answer = under(visitor, "brand-new.example.org", f"/answer/{token}")
    assert answer.text == answer_for(token, runtime.cookie_key)


def test_the_first_evening_works_under_any_name_and_keeps_it(visitor: FlaskClient, app: Flask, runtime: Runtime) -> None:
    with runtime.session() as session:
        key = signup.new_setup_key(session, runtime.clock())
    at = {"base_url": "https://music.example.org"}
    assert visitor.get(f"/setup?key={key}", **at).location == "/setup"
    typed = {"name": "Aoife Marsh", "time_zone": "Europe/Dublin", "currency": "EUR", "language": "en"}
    assert visitor.post("/setup/artist", data=typed, **at).location == "/setup/you"
    assert visitor.post("/setup/you", data={"login": "aoife", "password": PASSWORD}, **at).location == "/welcome"
    assert visitor.get("/welcome", **at).status_code == 200
    assert under(app.test_client(), "evil.example", "/login").status_code == 421
    with runtime.reading() as session:
        row = session.get_one(Installation, 1)
        assert (row.public_url, row.public_answered_at) == ("https://music.example.org", None)


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("http://vps.example.org:8080", "https://vps.example.org"),
        ("https://vps.example.org:8443", "https://vps.example.org:8443"),
        ("http://127.0.0.1:8080", ""),
        ("http://studio.local:8080", ""),
    ],
)
def test_what_the_first_evening_takes_for_the_public_address(runtime: Runtime, opened: str, expected: str) -> None:
    with runtime.session() as session:
        expect_public_url(session, opened, runtime.clock())
        assert the_installation(session, runtime.clock()).public_url == expected
        expect_public_url(session, "https://other.example.org", runtime.clock())
        assert the_installation(session, runtime.clock()).public_url == (expected or "https://other.example.org")


def root_at(app: Flask, path: str, base_url: str, peer: str = "203.0.113.9") -> str:
    with app.test_request_context(path, base_url=base_url, environ_overrides={"REMOTE_ADDR": peer}):
        return here.own_root()


def test_a_fan_is_led_back_to_a_name_we_know(house: House, app: Flask, runtime: Runtime) -> None:
    assert root_at(app, "/tip/x", "http://evil.example") == runtime.settings.own_url
    assert root_at(app, "/tip/x", "http://192.168.1.20:8080") == "http://192.168.1.20:8080"
    public(runtime, "https://music.example.org")
    for strange in (
        "http://evil.example",
        "http://music.example.org:6666",
        "http://6.6.6.6",
        "http://localhost:8080",
        "https://old.example",
    ):
        assert root_at(app, "/tip/x", strange) == "https://music.example.org"
    assert root_at(app, "/tip/x", "https://music.example.org") == "https://music.example.org"
    assert root_at(app, "/tip/x", "http://localhost:8080", peer="127.0.0.1") == "http://localhost:8080"


def test_a_member_is_led_back_to_what_they_have_open(house: House, app: Flask, runtime: Runtime) -> None:
    public(runtime, "https://music.example.org")
    assert root_at(app, "/connections", "http://192.168.1.20:8080") == "http://192.168.1.20:8080"
    assert root_at(app, "/connections", "https://music.example.org") == "https://music.example.org"


@given(host=st.one_of(st.text(max_size=40), st.from_regex(r"[a-z0-9.-]{1,30}\.example(:[0-9]{1,5})?", fullmatch=True)))
def test_no_name_that_could_be_bought_is_at_home(host: str) -> None:
    name = host.rpartition(":")[0] if ":" in host else host
    if name.endswith((".example", ".com")):
        assert not is_at_home(host)


def test_known_names_are_not_asked_for_at_every_request_and_strange_ones_not_without_end(house: House, runtime: Runtime) -> None:
    asked, passed = 0, [100.0]

    def counting() -> Any:
        nonlocal asked
        asked += 1
        return runtime.reading()

    public(runtime, "https://music.example.org")
    hosts = Hosts(replace(runtime, reading=counting), monotonic=lambda: passed[0])
    assert all(hosts.knows("music.example.org") for _ in range(500))
    assert asked == 1
    assert not any(hosts.knows(f"{n}.evil.example") for n in range(500))
    assert asked <= 20
    assert all(hosts.knows("192.168.1.5") for _ in range(500))
    assert asked <= 20
    public(runtime, "https://new.example.org")
    passed[0] += 6
    assert hosts.knows("new.example.org")
    assert not hosts.knows("music.example.org")
