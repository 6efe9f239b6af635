"""Bad days of a Misskey server as the adapter reports them: after each, the note is there exactly when it can be found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.base import Account, Limits, Picture, Poll
from creatorbot.networks.misskey import Misskey
from creatorbot.security.http import Door
from tests.contracts.network_contract import Counterpart, cover, draft
from tests.contracts.test_networks import door_to
from tests.servers.misskey import Family, family
from tests.servers.scripted import data, page, reset, scripted

MISSKEY = Misskey()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    """One server for all troubles."""
    with family(tmp_path_factory.mktemp("family")) as started:
        yield started


@pytest.fixture(scope="module")
def connected(running: Family) -> Counterpart:
    """Its account, connected before the first trouble."""
    made = Counterpart(MISSKEY, running.url, door_to(running.url), running.say_yes)
    assert made.account.token
    return made


def there(running: Family, marker: str) -> int:
    """How many notes with this link really stand there."""
    return sum(marker in str(note["text"]) for note in running.notes())


def sent(counterpart: Counterpart, running: Family, behaviour: str) -> tuple[ServiceError, int, bool]:
    """The error of one publish under this trouble; how many notes stand there; whether ours is found."""
    running.order("notes/create", behaviour)
    wanted, began = draft(), datetime.now(UTC)
    with pytest.raises(ServiceError) as caught:
        MISSKEY.publish(wanted, counterpart.account, key="", door=counterpart.door)
    found = MISSKEY.find(counterpart.account, wanted.marker, began, counterpart.door)
    return caught.value, there(running, wanted.marker), found is not None


@pytest.mark.parametrize("behaviour", ["lost", "gateway", "garbled", "empty"])
def test_what_may_have_happened_is_unknown_and_is_found(connected: Counterpart, running: Family, behaviour: str) -> None:
    error, standing, found = sent(connected, running, behaviour)
    assert (error.kind, standing, found) == ("unknown", 1, True)


@pytest.mark.parametrize("behaviour", ["broken", "maintenance", "processing"])
def test_what_may_have_happened_but_did_not_is_unknown_and_proven_absent(connected: Counterpart, running: Family, behaviour: str) -> None:
    error, standing, found = sent(connected, running, behaviour)
    assert (error.kind, standing, found) == ("unknown", 0, False)


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [("prohibited", "refused", "forbids a word"), ("role", "refused", "does not let this account"), ("busy", "busy", "slow down")],
)
def test_a_clear_no_is_told_in_plain_words(connected: Counterpart, running: Family, behaviour: str, kind: str, words: str) -> None:
    error, standing, found = sent(connected, running, behaviour)
    assert (error.kind, standing, found) == (kind, 0, False)
    assert words in str(error)
    assert error.retry_after == (7 if kind == "busy" else None)


@pytest.mark.parametrize("when", ["die before", "die after"])
def test_a_server_that_dies_and_comes_back(connected: Counterpart, running: Family, when: str) -> None:
    wanted, began = draft(), datetime.now(UTC)
    running.order("notes/create", when)
    with pytest.raises(ServiceError) as caught:
        MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    assert caught.value.kind == "unknown"
    running.process.wait(10)  # a dying process may take one more call
    with pytest.raises(ServiceError) as away:
        MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    assert away.value.kind == "unreached"
    assert MISSKEY.check(connected.account, connected.door).state == "unreachable"
    running.restart()
    found = MISSKEY.find(connected.account, wanted.marker, began, connected.door)
    assert (found is not None) == (when == "die after") == (there(running, wanted.marker) == 1)


def test_a_repeat_makes_a_second_note_so_the_profile_trusts_no_key(connected: Counterpart, running: Family) -> None:
    wanted = draft()
    for _ in range(2):
        MISSKEY.publish(wanted, connected.account, key="same", door=connected.door)
    assert there(running, wanted.marker) == 2
    profile = MISSKEY.profile(connected.account.software)
    assert (profile.repeated_key, profile.key_window_s) == ("ignored", 0)


@pytest.mark.parametrize("behaviour", ["lost", "garbled", "gateway", "broken"])
def test_until_the_note_is_sent_nothing_can_have_come_of_it(connected: Counterpart, running: Family, behaviour: str) -> None:
    running.order("drive/files/create", behaviour)
    wanted = replace(draft(), picture=Picture(cover(), "image/jpeg", f"A ship, {behaviour}"))
    with pytest.raises(ServiceError) as caught:
        MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    assert (caught.value.kind, there(running, wanted.marker)) == ("busy", 0)
    assert "nothing was posted" in str(caught.value)


def test_a_full_drive_is_told(connected: Counterpart, running: Family) -> None:
    running.order("drive/files/create", "full")
    with pytest.raises(ServiceError, match="no room left for pictures") as caught:
        MISSKEY.publish(replace(draft(), picture=Picture(cover(), "image/jpeg", "x")), connected.account, key="", door=connected.door)
    assert caught.value.kind == "refused"


def test_a_picture_keeps_the_description_it_was_given_last(connected: Counterpart, running: Family) -> None:
    for described in ("A ship", "A ship", "The same ship, seen by night"):
        wanted = replace(draft(), picture=Picture(cover(), "image/jpeg", described))
        made = MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
        note = next(one for one in running.notes() if one["id"] == made.remote_id)
        assert [file["comment"] for file in note["files"]] == [described]  # type: ignore[attr-defined]


def test_less_public_than_asked_and_changed_words_are_noticed(connected: Counterpart, running: Family) -> None:
    running.change(silenced=True)
    made = MISSKEY.publish(draft(), connected.account, key="", door=connected.door)
    assert (made.visibility, made.differs) == ("unlisted", ("visibility",))
    running.change(silenced=False)
    running.order("notes/create", "words changed")
    assert MISSKEY.publish(draft(), connected.account, key="", door=connected.door).differs == ("text",)


def test_a_listing_that_lags_does_not_find_it_yet(connected: Counterpart, running: Family) -> None:
    """Why one look is not enough of a proof: that is the caller's part."""
    wanted = draft()
    running.change(lag=60)
    MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    assert MISSKEY.find(connected.account, wanted.marker, datetime.now(UTC), connected.door) is None
    running.change(lag=0)
    assert MISSKEY.find(connected.account, wanted.marker, datetime.now(UTC), connected.door) is not None


def test_a_note_on_the_third_page_is_found(connected: Counterpart, running: Family) -> None:
    wanted, began = draft(), datetime.now(UTC)
    MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    for number in range(120):
        MISSKEY.publish(draft(f"Number {number}"), connected.account, key="", door=connected.door)
    assert MISSKEY.find(connected.account, wanted.marker, began, connected.door) is not None


@pytest.mark.parametrize("behaviour", ["lost", "gateway", "broken"])
def test_an_edit_may_simply_be_repeated(connected: Counterpart, running: Family, behaviour: str) -> None:
    wanted = replace(draft(), content_warning="Loud", visibility="private", picture=Picture(cover(), "image/jpeg", "x"))
    made = MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    newer = replace(wanted, text=f"Cheaper now. {wanted.text}")
    running.order("notes/edit", behaviour)
    with pytest.raises(ServiceError):
        MISSKEY.edit(newer, connected.account, made.remote_id, door=connected.door)
    changed = MISSKEY.edit(newer, connected.account, made.remote_id, door=connected.door)
    assert (changed.differs, changed.visibility, changed.pictures) == ((), "private", 1)
    assert there(running, wanted.marker) == 1


def test_a_content_warning_too_long_is_said_before_anything_is_sent(connected: Counterpart, running: Family) -> None:
    wanted = replace(draft(), content_warning="x" * 101)
    with pytest.raises(ServiceError, match="may have 100 characters"):
        MISSKEY.publish(wanted, connected.account, key="", door=connected.door)
    assert there(running, wanted.marker) == 0


def test_a_text_too_long_is_refused_with_the_servers_reason(connected: Counterpart) -> None:
    with pytest.raises(ServiceError, match="more than 3000 characters") as caught:
        MISSKEY.publish(replace(draft(), text="x" * 3001), connected.account, key="", door=connected.door)
    assert caught.value.kind == "refused"


def account_at(base_url: str) -> Account:
    """An account on a scripted server."""
    return Account(base_url, "misskey", "2025.1", "word", "9me", Limits(3000))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (data({"error": {"code": "AUTHENTICATION_FAILED", "message": "No."}}, 403), "revoked"),
        (data({"error": {"code": "CREDENTIAL_REQUIRED", "message": "No."}}, 401), "revoked"),
        (data({"error": {"code": "PERMISSION_DENIED", "message": "No."}}, 400), "revoked"),
        (data({"error": {"code": "YOUR_ACCOUNT_MOVED", "message": "No."}}, 403), "revoked"),
        (data({"error": {"code": "ACCESS_DENIED", "message": "No."}}, 403), "refused"),
        (page(403), "refused"),
        (page(404), "refused"),
        (page(200), "unknown"),
        (page(520), "unknown"),
        (data({"error": {"code": "ODD", "message": "No."}}, 200), "unknown"),
        (data([], 200), "unknown"),
        (data({"createdNote": {"text": "without an id"}}), "unknown"),
        (data({}, 301, {"Location": "https://elsewhere.example/"}), "refused"),
        (reset(), "unknown"),
    ],
)
def test_each_odd_answer_to_a_post_has_one_meaning(reply: object, kind: str) -> None:
    with scripted() as server:
        server.on("POST", "/api/notes/create", reply)  # type: ignore[arg-type]
        with pytest.raises(ServiceError) as caught:
            MISSKEY.publish(draft(), account_at(server.url), key="", door=Door().admitting(server.place))
        assert caught.value.kind == kind
        assert "%" not in str(caught.value)


def test_a_listing_that_cannot_be_read_is_no_proof_of_absence(tmp_path: Path) -> None:
    for reply in (page(200), data({}), page(503), data([{"id": "1", "createdAt": datetime.now(UTC).isoformat(), "text": "other"}])):
        with scripted() as server:
            server.on("POST", "/api/users/notes", reply)
            with pytest.raises(ServiceError) as caught:
                MISSKEY.find(account_at(server.url), "https://label.example/l/x", datetime.now(UTC), Door().admitting(server.place))
            assert caught.value.kind == "unknown"


def test_a_thread_with_a_question(connected: Counterpart, running: Family) -> None:
    first = MISSKEY.publish(draft(), connected.account, key="", door=connected.door)
    asked = replace(draft("Which one?"), reply_to=first.remote_id, poll=Poll(("Vinyl *now*", "Tape"), 7200, several=True))
    second = MISSKEY.publish(asked, connected.account, key="", door=connected.door)
    assert second.differs == ()
    note = next(one for one in running.notes() if one["id"] == second.remote_id)
    assert note["replyId"] == first.remote_id
    poll = note["poll"]
    assert isinstance(poll, dict)
    assert [choice["text"].replace("\u2060", "") for choice in poll["choices"]] == ["Vinyl *now*", "Tape"]
    assert poll["multiple"] is True
    with pytest.raises(ServiceError) as caught:
        MISSKEY.publish(replace(draft(), reply_to="nowhere"), connected.account, key="", door=connected.door)
    assert caught.value.kind == "refused"
