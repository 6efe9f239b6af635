"""Settings: amounts by the currency, a colour that can be read, the public address and its answer."""

import pytest
from flask import Flask

from creatorbot.artists import installation
from creatorbot.links.pages.colour import DARK_PAPER, LIGHT_PAPER, contrast
from creatorbot.models import Artist, Installation, Person
from creatorbot.runtime import Runtime
from creatorbot.web.house import accent
from tests.web.conftest import House

TYPED = {
    "name": "Aoife Marsh",
    "time_zone": "Europe/Dublin",
    "currency": "EUR",
    "language": "en",
    "accent": "#b4432e",
    "suggested": "7,50",
    "minimum": "1",
}


def artist(runtime: Runtime, house: House) -> Artist:
    """As it stands."""
    with runtime.reading() as session:
        return session.get_one(Artist, house.artist_id)


def test_saving_keeps_what_was_typed(house: House, runtime: Runtime) -> None:
    assert house.client("bob").post("/settings", data=TYPED | {"name": " Aoife  M. "}).status_code == 303
    row = artist(runtime, house)
    assert (row.name, row.suggested_minor, row.minimum_minor) == ("Aoife M.", 750, 100)
    assert 'value="7.50"' in house.client("bob").get("/settings").text


def test_amounts_follow_the_currency(house: House, runtime: Runtime) -> None:
    answer = house.client("alice").post("/settings", data=TYPED | {"currency": "JPY"})
    assert answer.status_code == 422
    assert 'id="w-suggested"' in answer.text
    in_yen = TYPED | {"currency": "JPY", "suggested": "1000", "minimum": "500"}
    assert house.client("alice").post("/settings", data=in_yen).status_code == 303
    assert artist(runtime, house).suggested_minor == 1000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("suggested", "0,50"),
        ("suggested", "lots"),
        ("minimum", "-1"),
        ("accent", "red"),
        ("time_zone", "Nowhere"),
        ("time_zone", "localtime"),
        ("language", "klingon"),
        ("language", ""),
        ("currency", "ABC"),
        ("name", ""),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_kept(house: House, runtime: Runtime, field: str, value: str) -> None:
    answer = house.client("alice").post("/settings", data=TYPED | {"name": "Changed", field: value})
    assert answer.status_code == 422
    assert f'id="w-{field}"' in answer.text
    assert artist(runtime, house).name == "Aoife Marsh"


@pytest.mark.parametrize("colour", ["#b4432e", "#ffff00", "#ffffff", "#000000", "#777777", "#00ffcc", "#1e90ff", "#f0e68c"])
def test_any_colour_becomes_readable(colour: str) -> None:
    for paper in (LIGHT_PAPER, DARK_PAPER):
        assert contrast(accent.on_paper(colour, paper), paper) >= 4.5


def test_a_pale_colour_is_kept_and_told(house: House, runtime: Runtime) -> None:
    alice = house.client("alice")
    assert alice.post("/settings", data=TYPED | {"accent": "#ff0"}).status_code == 303
    page = alice.get("/settings").text
    assert artist(runtime, house).accent == "#ffff00"
    assert "darker tone" in page
    assert "/accent/ffff00.css" in page
    style = alice.get("/accent/ffff00.css")
    assert style.mimetype == "text/css"
    assert "#ffff00" not in style.text.partition("@media")[0]


def test_the_language_is_the_persons_own(house: House, runtime: Runtime) -> None:
    assert house.client("charlie").post("/settings/you/language", data={"person": "Charlie C.", "language": "xx"}).status_code == 303
    with runtime.reading() as session:
        row = session.get_one(Person, house.people["charlie"])
    assert (row.name, row.language) == ("Charlie C.", "en")


def test_a_private_address_is_refused(house: House, runtime: Runtime) -> None:
    with runtime.session() as session:
        session.get_one(Person, house.people["alice"]).keeper = True
    for typed in ("http://music.example.org", "https://192.168.1.4", "https://localhost:8080"):
        answer = house.client("alice").post("/settings/address", data={"public_url": typed})
        assert answer.status_code == 422, typed
        assert 'id="w-public_url"' in answer.text


def test_only_the_right_question_is_answered(app: Flask, house: House, runtime: Runtime) -> None:
    with runtime.session() as session:
        token = installation.set_public_url(session, "https://music.example.org", runtime.clock()).check_token
    stranger = app.test_client()
    assert stranger.get("/answer/guess").status_code == 404
    answer = stranger.get(f"/answer/{token}")
    assert answer.text == installation.answer_for(token, runtime.cookie_key)
    assert token not in answer.text


def test_the_page_says_how_the_address_stands(house: House, runtime: Runtime) -> None:
    assert "cannot be counted" in house.client("charlie").get("/settings/address").text
    with runtime.session() as session:
        row = installation.set_public_url(session, "https://music.example.org", runtime.clock())
        row.public_answered_at = runtime.clock()
    assert "leads here" in house.client("charlie").get("/settings/address").text
    assert "https://music.example.org/join/" in house.client("alice").post("/settings/people/invite", data={"role": "viewer"}).text
    with runtime.reading() as session:
        assert session.get_one(Installation, 1).public_answered_at is not None
