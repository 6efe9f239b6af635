"""What concerns the whole installation is its keeper's: not whoever starts a rehearsal or owns one of its artists."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from creatorbot.artists import installation, signup
from creatorbot.config import Settings
from creatorbot.models import Person
from creatorbot.runtime import Runtime
from creatorbot.web import create_app
from creatorbot.web.here import COOKIE
from tests.web.conftest import PASSWORD, House

ADDRESS = {"public_url": "https://evil.example.org"}
TRIO = {"name": "Trio", "time_zone": "UTC", "currency": "EUR", "language": "en"}


@pytest.fixture
def kept(house: House, runtime: Runtime) -> House:
    """Alice did the first set-up."""
    with runtime.session() as session:
        alice = session.get_one(Person, house.people["alice"])
        alice.keeper = True
        session.add(alice)
    return house


def public_url(runtime: Runtime) -> str:
    """As it stands."""
    with runtime.reading() as session:
        row = installation.installation_of(session)
    return row.public_url if row else ""


def test_whoever_signs_up_first_keeps_the_installation(visitor: FlaskClient, runtime: Runtime) -> None:
    with runtime.session() as session:
        key = signup.new_setup_key(session, runtime.clock())
    visitor.get(f"/setup?key={key}")
    visitor.post("/setup/artist", data=TRIO)
    visitor.post("/setup/you", data={"login": "aoife", "password": PASSWORD})
    with runtime.reading() as session:
        assert session.get_one(Person, 1).keeper
    assert visitor.post("/settings/address", data=ADDRESS).status_code == 303


def test_a_viewer_who_rehearses_cannot_move_the_address(kept: House, runtime: Runtime) -> None:
    charlie = kept.client("charlie")
    assert charlie.post("/rehearsal/start").status_code == 303
    assert charlie.post("/settings/address", data=ADDRESS).status_code == 403
    assert public_url(runtime) == ""
    page = charlie.get("/settings/address").text
    assert "Only whoever set this creatorbot up" in page
    assert 'name="public_url"' not in page


def test_another_owner_cannot_and_the_keeper_can(kept: House, runtime: Runtime) -> None:
    assert kept.client("dora").post("/settings/address", data=ADDRESS).status_code == 403
    assert kept.client("alice").post("/settings/address", data=ADDRESS).status_code == 303
    assert public_url(runtime) == "https://evil.example.org"


def test_an_address_given_from_outside_stays(kept: House, runtime: Runtime) -> None:
    settings = Settings(data=runtime.settings.data, database_url=runtime.settings.database_url, public_url="https://music.example.org")
    fixed = create_app(replace(runtime, settings=settings))
    fixed.config.update(WTF_CSRF_ENABLED=False)
    cookie, alice = kept.client("alice").get_cookie(COOKIE), fixed.test_client()
    assert cookie is not None
    alice.set_cookie(COOKIE, cookie.value)
    with runtime.session() as session:
        installation.set_public_url(session, "https://music.example.org", runtime.clock())
    answer = alice.post("/settings/address", data=ADDRESS)
    assert answer.status_code == 422
    assert "given from outside" in answer.text
    assert public_url(runtime) == "https://music.example.org"
    assert "Save and check" not in alice.get("/settings/address").text


def test_new_artists_are_for_keepers_and_owners(kept: House, runtime: Runtime) -> None:
    charlie = kept.client("charlie")
    for path in ("/rehearsal/start", "/artists/new"):
        answer = charlie.post(path, data=TRIO)
    assert answer.status_code == 403
    assert charlie.get("/artists/new").status_code == 403
    assert "/artists/new" not in charlie.get("/artists").text
    assert kept.client("bob").post("/artists/new", data=TRIO).status_code == 403
    assert kept.client("dora").post("/artists/new", data=TRIO).location == "/welcome"
    assert kept.client("alice").post("/artists/new", data=TRIO).location == "/welcome"
