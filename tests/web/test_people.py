"""Invitations, roles and other artists, through the pages."""

import re

from flask import Flask

from creatorbot.artists import members
from creatorbot.runtime import Runtime
from tests.web.conftest import PASSWORD, House


def invitation(house: House, role: str = "manager") -> str:
    """The path of a fresh one, as alice sees it."""
    page = house.client("alice").post("/settings/people/invite", data={"role": role}).text
    found = re.search(r"http://localhost(/join/\w+)", page)
    assert found
    return found.group(1)


def test_somebody_new_joins_once(app: Flask, house: House, runtime: Runtime) -> None:
    path = invitation(house)
    erin = app.test_client()
    assert "You are invited to Aoife Marsh" in erin.get(path).text
    assert erin.post(path, data={"person": "Erin", "login": "erin", "password": "short"}).status_code == 422
    assert erin.post(path, data={"person": "Erin", "login": "erin", "password": PASSWORD}).location == "/"
    assert "Aoife Marsh" in erin.get("/settings").text
    assert erin.post("/settings/people/invite", data={"role": "owner"}).status_code == 403
    late = app.test_client().get(path)
    assert late.status_code == 404
    assert "Ask for a new one" in late.text


def test_somebody_known_joins_with_one_button(house: House, runtime: Runtime) -> None:
    path = invitation(house, "viewer")
    dora = house.client("dora")
    assert "You are logged in as Dora" in dora.get(path).text
    assert dora.post(path).location == "/"
    assert "Aoife Marsh" in dora.get("/settings").text
    with runtime.reading() as session:
        assert members.role_of(session, house.artist_id, house.people["dora"]) == "viewer"
        assert members.role_of(session, house.other_artist_id, house.people["dora"]) == "owner"


def test_a_login_that_is_taken_does_not_use_the_invitation_up(app: Flask, house: House) -> None:
    path = invitation(house)
    erin = app.test_client()
    answer = erin.post(path, data={"person": "Erin", "login": "ALICE", "password": PASSWORD})
    assert answer.status_code == 422
    assert "logs in as “alice” already" in answer.text
    assert erin.get(path).status_code == 200


def test_the_secret_is_shown_once_and_can_be_withdrawn(app: Flask, house: House, runtime: Runtime) -> None:
    path = invitation(house)
    assert path not in house.client("alice").get("/settings/people").text
    with runtime.reading() as session:
        row = members.open_invitations(session, house.artist_id, runtime.clock())[0]
    assert house.client("bob").post(f"/settings/people/invitations/{row.id}/withdraw").status_code == 403
    assert house.client("alice").post(f"/settings/people/invitations/{row.id}/withdraw").status_code == 303
    assert app.test_client().get(path).status_code == 404


def test_roles_change_and_take_effect_at_once(house: House, runtime: Runtime) -> None:
    with runtime.reading() as session:
        ids = {person.login: member.id for member, person in members.members_of(session, house.artist_id)}
    charlie = house.client("charlie")
    assert charlie.get("/connections/mastodon").status_code == 403
    assert house.client("alice").post(f"/settings/people/{ids['charlie']}/role", data={"role": "manager"}).status_code == 303
    assert charlie.get("/connections/mastodon").status_code == 200
    assert house.client("alice").post(f"/settings/people/{ids['charlie']}/remove").status_code == 303
    assert charlie.get("/settings").location == "/artists"
    assert "You belong to no artist yet" in charlie.get("/artists").text
    last = house.client("alice").post(f"/settings/people/{ids['alice']}/remove")
    assert last.status_code == 409
    assert "at least one owner" in last.text


def test_one_more_artist(house: House) -> None:
    alice = house.client("alice")
    typed = {"name": "Alice's Trio", "time_zone": "Asia/Tokyo", "currency": "JPY", "language": "ja"}
    assert alice.post("/artists/new", data=typed | {"currency": "?"}).status_code == 422
    assert alice.post("/artists/new", data=typed).location == "/welcome"
    assert "Alice&#39;s Trio" in alice.get("/settings").text
    assert alice.post("/settings/people/invite", data={"role": "viewer"}).status_code == 200
    assert "Aoife Marsh" in alice.get("/artists").text
