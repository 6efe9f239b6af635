"""The rehearsal: its own artist, exactly two places on loopback, a proxy for members only, and one button that wipes it all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import col, select

from creatorbot.models import Admission, Artist, Rehearsal, Release, Server, Source
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from tests.web.conftest import House

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Both practice servers."""
    folder: Path = tmp_path_factory.mktemp("practice")
    with start(folder) as running:
        yield running


def port(url: str) -> int:
    """Of an address."""
    return int(url.rpartition(":")[2])


def fulfil(runtime: Runtime, practice: Practice) -> None:
    """What the supervisor does."""
    with runtime.session() as session:
        row = session.get_one(Rehearsal, 1)
        assert row.state == "wanted"
        row.state, row.fediverse_port, row.shop_port = "running", port(practice.fediverse_url), port(practice.shop_url)
        session.add(row)


@pytest.fixture
def rehearsing(house: House, runtime: Runtime, practice: Practice) -> House:
    """Alice has started a rehearsal and the servers run."""
    alice = house.client("alice")
    assert alice.post("/rehearsal/start").location == "/rehearsal"
    waiting = alice.get("/rehearsal")
    assert "getting ready" in waiting.text
    assert waiting.headers["Refresh"] == "2"
    fulfil(runtime, practice)
    ready = alice.get("/rehearsal")
    assert "Refresh" not in ready.headers
    assert "Three steps" in ready.text
    return house


def practice_artist(runtime: Runtime) -> Artist:
    """The one with the badge."""
    with runtime.reading() as session:
        return session.exec(select(Artist).where(Artist.badge != "")).one()


def test_only_the_practice_artist_is_let_in_and_only_there(rehearsing: House, runtime: Runtime, practice: Practice) -> None:
    made = practice_artist(runtime)
    with runtime.reading() as session:
        places = {(row.artist_id, row.host, row.port, row.browser_path) for row in session.exec(select(Admission))}
    assert places == {
        (made.id, "127.0.0.1", port(practice.fediverse_url), "/rehearsal/fediverse"),
        (made.id, "127.0.0.1", port(practice.shop_url), "/rehearsal/shop"),
    }
    assert runtime.door_for(made.id or 0).admits(practice.shop_url)
    assert not runtime.door_for(rehearsing.artist_id).admits(practice.shop_url)


def test_starting_twice_makes_one(rehearsing: House, runtime: Runtime) -> None:
    rehearsing.client("alice").post("/rehearsal/start")
    assert practice_artist(runtime).name == "Aoife Marsh (rehearsal)"
    with runtime.reading() as session:
        assert session.get_one(Rehearsal, 1).state == "running"


def test_servers_that_moved_are_followed(rehearsing: House, runtime: Runtime) -> None:
    with runtime.session() as session:
        session.get_one(Rehearsal, 1).shop_port = 4
    rehearsing.client("alice").get("/rehearsal")
    with runtime.reading() as session:
        assert 4 in session.exec(select(Admission.port)).all()
        assert len(session.exec(select(Admission.port)).all()) == 2


def test_members_see_the_practice_pages_under_our_address(rehearsing: House, practice: Practice) -> None:
    answer = rehearsing.client("alice").get("/rehearsal/shop/music")
    assert answer.status_code == 200
    assert "Tall Ships" in answer.text
    assert 'href="/rehearsal/shop/album/tall-ships"' in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert rehearsing.client("alice").get("/rehearsal/fediverse/practice.css").mimetype == "text/css"


def test_nobody_else_sees_them(app: Flask, rehearsing: House) -> None:
    assert rehearsing.client("bob").get("/rehearsal/shop/music").status_code == 404
    assert app.test_client().get("/rehearsal/shop/music").status_code == 303
    assert rehearsing.client("alice").get("/rehearsal/elsewhere/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/rehearsal/shop//example.org/",
        "/rehearsal/shop/@example.org/",
        "/rehearsal/shop/..%2f..%2fetc",
        "/rehearsal/shop/:80/",
        "/rehearsal/shop/%0d%0aX: y",
    ],
)
def test_no_path_leads_anywhere_else(rehearsing: House, path: str) -> None:
    answer = rehearsing.client("alice").get(path)
    assert answer.status_code in (301, 302, 308, 404)
    if answer.location:
        assert answer.location.removeprefix("http://localhost").startswith("/rehearsal/shop/")


def test_a_button_has_to_be_pressed_on_our_own_page(rehearsing: House) -> None:
    alice = rehearsing.client("alice")
    order = {"behaviour": "none"}
    for headers in (
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ):
        assert alice.post("/rehearsal/fediverse/practice/faults", data=order, headers=headers).status_code == 403, headers
    answer = alice.post("/rehearsal/fediverse/practice/faults", data=order, headers=OURS)
    assert answer.status_code in (302, 303)
    assert answer.location.startswith("/rehearsal/fediverse/")
    assert "Set-Cookie" not in answer.headers


def test_servers_that_do_not_run_are_told(rehearsing: House, runtime: Runtime) -> None:
    with runtime.session() as session:
        row = session.get_one(Rehearsal, 1)
        row.state, row.sentence = "failed", "Another program is there."
    assert "Another program is there." in rehearsing.client("alice").get("/rehearsal").text
    assert rehearsing.client("alice").get("/rehearsal/shop/music").status_code == 502


def test_wiping_leaves_nothing_of_it_and_everything_else(rehearsing: House, runtime: Runtime, practice: Practice) -> None:
    alice, made = rehearsing.client("alice"), practice_artist(runtime)
    assert alice.post("/connections/mastodon", data={"server": practice.fediverse_url}).status_code == 200
    assert alice.post("/connections/sources", data={"address": f"{practice.shop_url}/music"}).status_code == 303
    with runtime.session() as session:
        session.add(
            Source(
                artist_id=rehearsing.artist_id,
                kind="feed",
                address="https://a.example/feed",
                created_at=runtime.clock(),
                next_poll_at=runtime.clock(),
            )
        )
    assert rehearsing.client("bob").post("/rehearsal/wipe").status_code == 303
    assert practice_artist(runtime).id == made.id
    assert alice.post("/rehearsal/wipe").location == "/"
    with runtime.reading() as session:
        assert [row.name for row in session.exec(select(Artist).order_by(col(Artist.id)))] == ["Aoife Marsh", "Somebody Else"]
        assert [row.artist_id for row in session.exec(select(Source))] == [rehearsing.artist_id]
        for table in (Admission, Release, Server):
            assert session.exec(select(table)).all() == []
        assert session.get_one(Rehearsal, 1).state == "stopped"
    assert "Aoife Marsh" in alice.get("/settings").text


def test_two_rehearsals_share_the_servers(rehearsing: House, runtime: Runtime) -> None:
    rehearsing.client("dora").post("/rehearsal/start")
    rehearsing.client("dora").get("/rehearsal")
    assert rehearsing.client("dora").get("/rehearsal/shop/music").status_code == 200
    rehearsing.client("alice").post("/rehearsal/wipe")
    with runtime.reading() as session:
        assert session.get_one(Rehearsal, 1).state == "running"
    assert rehearsing.client("dora").get("/rehearsal/shop/music").status_code == 200
    assert rehearsing.client("alice").get("/rehearsal/shop/music").status_code == 404
