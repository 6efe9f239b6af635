"""What happened, on Home and by mail: shown since the last look, settings that refuse nonsense, a stop link that needs no log-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from creatorbot.artists.telling.kinds import Happening
from creatorbot.artists.telling.tell import tell
from creatorbot.models import Mail, MailServer, Person, Wish
from creatorbot.runtime import Runtime
from jobs import send_mails
from tests.servers.mail import Mailbox, mail_server
from tests.web.desk import House, fields, open_house, words

SERVER = {"security": "none", "host": "localhost", "login": "", "password": "", "sender": "news@label.example"}


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    with mail_server(tmp_path) as made:
        yield made


def keeper(house: House) -> Any:
    """The owner, who set this creatorbot up."""
    browser = house.browser()
    with house.runtime.session() as session:
        for person in session.exec(select(Person)).all():
            person.keeper = True
    return browser


def happen(house: House, number: int, kind: str = "release") -> None:
    now = house.runtime.clock()
    one = Happening(house.artist_id, f"x:{number}", kind, "A new release was found: “%(title)s”.", now, {"title": f"<i>Song</i> {number}"})
    with house.runtime.session() as session:
        assert tell(session, one, now)


def since(house: House, browser: Any) -> list[str]:
    page = browser.get("/")
    return [node.text(strip=True) for node in page.css("section[aria-labelledby=happened] li p:first-child")]


def test_home_shows_what_happened_since_the_last_look_for_each_member(house: House, clock: Any) -> None:
    owner, viewer = house.browser(), house.browser("viewer")
    assert since(house, owner) == []
    happen(house, 1)
    assert since(house, owner) == ["A new release was found: “<i>Song</i> 1”."]
    clock.forward(minutes=5)
    assert len(since(house, owner)) == 1, "still the same look"
    clock.forward(hours=3)
    assert since(house, owner) == [], "seen"
    assert owner.get("/").css_first("main a[href='/happened']") is not None, "all of it stays at hand"
    happen(house, 2)
    assert len(since(house, owner)) == 1
    assert len(since(house, viewer)) == 2, "the other member has not looked yet"
    assert "Song" in words(owner.get("/happened"), "main")


def test_all_that_happened_comes_in_pages(house: House) -> None:
    for number in range(60):
        happen(house, number)
    browser = house.browser()
    first = browser.get("/happened")
    assert len(first.css(".lines li")) == 50
    older = first.css_first("a[href^='/happened?before=']")
    assert older is not None
    assert len(browser.get(older.attributes["href"]).css(".lines li")) == 10
    browser.get("/happened?before=x")


def test_a_keeper_sets_the_server_and_tries_it(house: House, box: Mailbox) -> None:
    browser = keeper(house)
    page = browser.get("/settings/mail")
    assert "Set a mail server first" in words(page, "main")
    browser.post("/settings/mail/server", **SERVER, port=str(box.port))
    page = browser.get("/settings/mail")
    assert "not tried yet" in words(page, "#server")
    browser.post("/settings/mail/server/test")
    assert [str(one["Subject"]) for one in box.mails] == ["A test from your creatorbot"]
    page = browser.get("/settings/mail")
    assert "took the test. Look into the mailbox of news@label.example." in words(page, "main"), "no address of one's own is set yet"
    assert "works" in words(page, "#server")
    box.refused["news@label.example"] = "550 no"
    browser.post("/settings/mail/server/test")
    assert "did not get through" in words(browser.get("/settings/mail"), "main")
    browser.post("/settings/mail/server/forget")
    with house.runtime.reading() as session:
        assert session.get(MailServer, 1) is None


def test_mails_that_do_not_come_are_said_where_they_can_be_mended(house: House, box: Mailbox) -> None:
    browser = keeper(house)
    browser.get("/settings/mail")
    browser.post("/settings/mail/server", **SERVER, port=str(box.port))
    box.refused["old@home.example"] = "550 nobody here"
    browser.post("/settings/mail", address="old@home.example", kinds=["release"], pace="at_once")
    send_mails.run(house.runtime, house.runtime.clock())
    assert "The last mail to you did not arrive. localhost does not take mail for this address." in words(browser.get("/"), "main")
    assert "did not arrive" in words(browser.get("/settings/mail"), "form[action='/settings/mail']")
    browser.post("/settings/mail", address="new@home.example", kinds=["release"], pace="at_once")
    send_mails.run(house.runtime, house.runtime.clock())
    assert "did not arrive" not in words(browser.get("/"), "main")
    assert "The last mail to you went out" in words(browser.get("/settings/mail"), "main")
    with house.runtime.session() as session:
        session.get_one(MailServer, 1).port = 1
    browser.post("/settings/mail/server/test")
    assert "localhost does not answer" in words(browser.get("/"), "section[aria-labelledby=needs]")
    assert "localhost does not answer" not in words(house.browser("viewer").get("/"), "main")
    browser.post("/settings/mail/server/forget")
    assert "localhost" not in words(browser.get("/"), "main")
    browser.get("/settings/mail")


def test_only_a_keeper_does_that(house: House) -> None:
    browser = house.browser("viewer")
    browser.get("/settings/mail")
    browser.post("/settings/mail/server", 403, **SERVER)
    browser.post("/settings/mail/server/test", 403)


def test_wrong_words_are_kept_and_named(house: House) -> None:
    browser = keeper(house)
    browser.get("/settings/mail")
    browser.post("/settings/mail/server", 422, **{**SERVER, "host": "mail.example.org"}, port="25")
    assert "only a mail server on this very machine" in browser.last.text
    assert "mail.example.org" in browser.last.text
    browser.post("/settings/mail", 422, address="alice", kinds=["posted"], pace="at_once")
    assert "not a mail address" in browser.last.text
    browser.post("/settings/mail", 422, address="alice@home.example", pace="at_once")
    assert "Tick at least one" in browser.last.text


def test_a_member_wishes_and_stops_without_logging_in(house: House) -> None:
    browser = house.browser("viewer")
    browser.get("/settings/mail")
    browser.post("/settings/mail", address="eve@home.example", kinds=["posted", "trouble"], pace="daily")
    form = fields(browser.get("/settings/mail"), "form[action='/settings/mail']")
    assert (form["address"], form["kinds"], form["pace"]) == ("eve@home.example", ["trouble", "posted"], "daily")
    with house.runtime.reading() as session:
        wish = session.exec(select(Wish)).one()
        assert wish.address is not None
        assert b"eve" not in wish.address
    stranger: FlaskClient = house.app.test_client()
    asked = stranger.get(f"/stop/{wish.stop_key}")
    assert asked.status_code == 200
    assert "Set-Cookie" not in asked.headers
    with house.runtime.reading() as session:
        assert session.exec(select(Wish)).one().address is not None, "opening it changes nothing"
    assert stranger.post(f"/stop/{wish.stop_key}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with house.runtime.reading() as session:
        assert session.exec(select(Wish)).one().address is None
        assert [one.state for one in session.exec(select(Mail)).all()] == []
    assert stranger.get(f"/stop/{wish.stop_key}").status_code == 200
    assert stranger.post("/stop/" + "x" * 32).status_code == 404
    assert "Leave it empty" in words(browser.get("/settings/mail"), "main")


def test_taking_down_is_asked_once_more(house: House) -> None:
    post, _ = house.post(house.release(), house.account(), remote_id="77")
    browser = house.browser()
    assert "Take it down" in words(browser.get(f"/posts/{post}"), "main")
    page = browser.get(f"/posts/{post}/take-down")
    assert "Its link keeps working" in words(page, "main")
    browser.post(f"/posts/{post}/take-down")
    assert "being taken down" in words(browser.get(f"/posts/{post}"), "main")
    browser.post(f"/posts/{post}/take-down/leave")
    assert "being taken down" not in words(browser.get(f"/posts/{post}"), "main")
    house.browser("viewer").post(f"/posts/{post}/take-down", 403)
    waiting, _ = house.post(house.release(title="Other"), house.account("other", "b.example"), "waiting")
    browser.get(f"/posts/{waiting}/take-down", 409)
