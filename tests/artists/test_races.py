"""Two people at the same moment: an invitation, the set-up key and the last owner, on each database."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from creatorbot.artists import members, signup
from creatorbot.errors import Conflict, CreatorbotError, NotFound
from creatorbot.models import Artist, Member, Person
from creatorbot.runtime import Runtime

LONG_ENOUGH_S = 0.4  # for the second to have read what the first has not yet committed
ARTIST = signup.TypedArtist("Aoife Marsh", "UTC", "EUR", "en")


def both_at_once(runtime: Runtime, first: Callable[[Session], object], second: Callable[[Session], object]) -> CreatorbotError | None:
    """Do the first, begin the second before the first has committed; what the second was refused with."""
    refused: list[CreatorbotError] = []

    def meanwhile() -> None:
        try:
            with runtime.session() as session:
                second(session)
        except CreatorbotError as error:
            refused.append(error)

    other = threading.Thread(target=meanwhile)
    with runtime.session() as session:
        first(session)
        session.flush()
        other.start()
        other.join(LONG_ENOUGH_S)
    other.join()
    return refused[0] if refused else None


def person(session: Session, name: str, runtime: Runtime) -> int:
    """Somebody without a password that works."""
    row = Person(login=name, name=name.title(), password_hash="x", created_at=runtime.clock())
    session.add(row)
    session.flush()
    return row.id or 0


def test_one_invitation_lets_one_person_in(both_runtime: Runtime) -> None:
    now = both_runtime.clock()
    with both_runtime.session() as session:
        alice, bob, charlie = (person(session, name, both_runtime) for name in ("alice", "bob", "charlie"))
        aoife = signup.new_artist(session, ARTIST, alice, now).id or 0
        secret = members.invite(session, aoife, "owner", alice, now)
    refused = both_at_once(
        both_runtime,
        lambda session: members.accept(session, secret, bob, now),
        lambda session: members.accept(session, secret, charlie, now),
    )
    assert isinstance(refused, NotFound)
    with both_runtime.reading() as session:
        assert members.role_of(session, aoife, bob) == "owner"
        assert members.role_of(session, aoife, charlie) == ""


def test_one_set_up_key_makes_one_owner(both_runtime: Runtime) -> None:
    now = both_runtime.clock()
    with both_runtime.session() as session:
        key = signup.new_setup_key(session, now)

    def sign_up(login: str) -> Callable[[Session], object]:
        typed = signup.TypedPerson(login, login, "correct horse battery", "en")
        return lambda session: signup.sign_up(session, key, ARTIST, typed, "x", now)

    assert isinstance(both_at_once(both_runtime, sign_up("aoife"), sign_up("mallory")), Conflict)
    with both_runtime.reading() as session:
        assert session.exec(select(Person.login)).all() == ["aoife"]
        assert len(session.exec(select(Artist)).all()) == 1


def step_down(session: Session, artist_id: int, member_id: int) -> None:
    """An owner no more."""
    members.change_role(session, artist_id, member_id, "viewer")


@pytest.mark.parametrize("leave", [step_down, members.remove_member])
def test_two_owners_cannot_both_leave(both_runtime: Runtime, leave: Callable[[Session, int, int], None]) -> None:
    now = both_runtime.clock()
    with both_runtime.session() as session:
        alice, bob = (person(session, name, both_runtime) for name in ("alice", "bob"))
        aoife = signup.new_artist(session, ARTIST, alice, now).id or 0
        members.add_member(session, aoife, bob, "owner", now)
        first, second = (member.id or 0 for member, _ in members.members_of(session, aoife))
    refused = both_at_once(both_runtime, lambda session: leave(session, aoife, first), lambda session: leave(session, aoife, second))
    assert isinstance(refused, Conflict)
    with both_runtime.reading() as session:
        assert session.exec(select(Member.id).where(Member.artist_id == aoife, Member.role == "owner")).all() == [second]
