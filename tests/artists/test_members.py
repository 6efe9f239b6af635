"""Roles and invitations."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from creatorbot.artists import members, signup
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import Invitation, Person
from creatorbot.runtime import Runtime
from tests.conftest import TestClock


def person(session: Session, name: str, runtime: Runtime) -> int:
    """Somebody without a password that works."""
    row = Person(login=name, name=name.title(), password_hash="x", created_at=runtime.clock())
    session.add(row)
    session.flush()
    return row.id or 0


def artist(session: Session, name: str, owner: int, runtime: Runtime) -> int:
    """An artist owned by them."""
    return signup.new_artist(session, signup.TypedArtist(name, "UTC", "JPY", "en"), owner, runtime.clock()).id or 0


@pytest.mark.parametrize(
    ("role", "needed", "does"),
    [
        ("owner", "manager", True),
        ("manager", "manager", True),
        ("viewer", "manager", False),
        ("manager", "owner", False),
        ("", "viewer", False),
        ("admin", "viewer", False),
        ("viewer", "viewer", True),
    ],
)
def test_roles_reach_as_far_as_they_reach(role: str, needed: str, does: bool) -> None:
    assert members.reaches(role, needed) is does


def test_slugs_are_plain_and_never_twice(runtime: Runtime) -> None:
    with runtime.session() as session:
        alice = person(session, "alice", runtime)
        rows = [
            signup.new_artist(session, signup.TypedArtist(name, "UTC", "EUR", "en"), alice, runtime.clock())
            for name in ("Sigur Rós", "Sigur  Ros!", "株式会社", "東京")
        ]
    assert [row.slug for row in rows] == ["sigur-ros", "sigur-ros-2", "artist", "artist-2"]


def test_the_suggested_amount_fits_the_currency(runtime: Runtime) -> None:
    with runtime.session() as session:
        row = signup.new_artist(session, signup.TypedArtist("A", "UTC", "JPY", "en"), person(session, "alice", runtime), runtime.clock())
    assert row.suggested_minor == 7


def test_an_invitation_works_once_and_not_for_ever(both_runtime: Runtime, clock: TestClock) -> None:
    with both_runtime.session() as session:
        alice, bob, charlie = (person(session, name, both_runtime) for name in ("alice", "bob", "charlie"))
        aoife = artist(session, "Aoife", alice, both_runtime)
        secret, late = (members.invite(session, aoife, "manager", alice, clock()) for _ in range(2))
    with both_runtime.session() as session:
        assert members.accept(session, secret, bob, clock()).id == aoife
        assert members.role_of(session, aoife, bob) == "manager"
        assert session.get_one(Invitation, 1).token_hash != secret
    with both_runtime.session() as session, pytest.raises(NotFound):
        members.accept(session, secret, charlie, clock())
    clock.forward(days=8)
    with both_runtime.session() as session, pytest.raises(NotFound):
        members.accept(session, late, charlie, clock())
    with both_runtime.reading() as session:
        assert members.role_of(session, aoife, charlie) == ""
        assert members.open_invitations(session, aoife, clock() - timedelta(days=8)) != []


def test_whoever_belongs_already_keeps_their_role(runtime: Runtime) -> None:
    with runtime.session() as session:
        alice = person(session, "alice", runtime)
        aoife = artist(session, "Aoife", alice, runtime)
        secret = members.invite(session, aoife, "viewer", alice, runtime.clock())
        with pytest.raises(Conflict):
            members.accept(session, secret, alice, runtime.clock())
        assert members.role_of(session, aoife, alice) == "owner"


def test_the_last_owner_stays(runtime: Runtime) -> None:
    with runtime.session() as session:
        alice, bob = person(session, "alice", runtime), person(session, "bob", runtime)
        aoife = artist(session, "Aoife", alice, runtime)
        own = members.members_of(session, aoife)[0][0].id or 0
        with pytest.raises(Conflict, match="at least one owner"):
            members.remove_member(session, aoife, own)
        with pytest.raises(Conflict, match="at least one owner"):
            members.change_role(session, aoife, own, "viewer")
        members.add_member(session, aoife, bob, "owner", runtime.clock())
        members.remove_member(session, aoife, own)
        assert [one.id for _, one in members.members_of(session, aoife)] == [bob]


def test_members_of_another_artist_are_not_there(runtime: Runtime) -> None:
    with runtime.session() as session:
        alice, dora = person(session, "alice", runtime), person(session, "dora", runtime)
        aoife, other = artist(session, "Aoife", alice, runtime), artist(session, "Other", dora, runtime)
        theirs = members.members_of(session, other)[0][0].id or 0
        with pytest.raises(NotFound):
            members.remove_member(session, aoife, theirs)
        with pytest.raises(InvalidInput):
            members.invite(session, aoife, "emperor", alice, runtime.clock())
        assert [found.id for found, _ in members.artists_of(session, dora)] == [other]
