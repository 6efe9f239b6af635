"""Every kind of server on a good day, and what our profile of it promises: each promise is kept by the server that is played."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import uuid4

import pytest

from creatorbot import networks
from creatorbot.announcements.send import send_post
from creatorbot.errors import ServiceError
from creatorbot.networks.base import Account, Draft, Picture, Poll, Published
from creatorbot.networks.engaging import Counts
from creatorbot.networks.mastodon import Mastodon
from creatorbot.networks.mastodon.discover import discover
from creatorbot.networks.profiles import PROFILES, UNKNOWN
from creatorbot.rehearsal.fediverse.manners.table import MANNERS
from creatorbot.rehearsal.fediverse.troubles import TABLE
from tests.contracts.family import test_matrix
from tests.contracts.family.conftest import Met, cover

PICTURE = Picture(cover(), "image/jpeg", "A tall ship", 64, 64)


def network() -> Mastodon:
    """The adapter."""
    found = networks.REGISTRY["mastodon"]
    assert isinstance(found, Mastodon)
    return found


def draft(met: Met, words: str = "Out now: Tall Ships", **more: object) -> Draft:
    """A status that this kind of server takes."""
    marker = f"https://music.label.org/l/{uuid4().hex[:10]}"
    made = Draft(text=f"{words}\n\n{marker}\n\n#NewMusic", marker=marker, language="en", **more)  # type: ignore[arg-type]
    return replace(made, picture=PICTURE) if met.profile.needs_picture else made


def publish(met: Met, wanted: Draft, account: Account | None = None) -> Published:
    return network().publish(wanted, account or met.account, key=uuid4().hex, door=met.door)


def test_a_profile_is_known_for_what_the_server_says_it_is(met: Met) -> None:
    account, played = met.account, MANNERS[met.name]
    expected = "glitch" if "glitch" in played.version else played.software
    assert account.software == expected
    assert met.profile is PROFILES.get(expected, UNKNOWN)
    assert (met.profile.needs_picture, set(met.profile.visibilities) <= set(played.visibilities)) == (played.needs_picture, True)
    assert account.limits.characters == played.characters
    assert met.profile.polls <= played.polls
    assert met.profile.tried


def test_every_profile_is_played_and_every_trouble_is_in_a_case() -> None:
    played = {"glitch" if "glitch" in one.version else one.software for one in MANNERS.values()}
    assert set(PROFILES) <= played
    assert played - set(PROFILES)  # one that nobody has heard of
    ordered = {name for case in test_matrix.CASES.values() for name, _, _ in case.orders}
    assert set(TABLE) - ordered == {"edits_off", "edit_ignored", "no_description"}


def test_a_whole_life_of_a_post(met: Met) -> None:
    wanted = draft(met, picture=PICTURE, content_warning="Loud")
    made = publish(met, wanted)
    assert (made.pictures, made.differs) == (1, ())
    began = datetime.now(UTC)
    again = network().get(met.account, made.remote_id, met.door)
    found = network().find(met.account, wanted.marker, min(began, met.clock.at), met.door)
    assert again is not None
    assert found is not None
    assert again.remote_id == found.remote_id == made.remote_id
    newer = replace(wanted, text=wanted.text.replace("Out now", "Free"))
    changed = network().edit(newer, met.account, made.remote_id, door=met.door)
    assert (changed.remote_id, changed.pictures, changed.differs) == (made.remote_id, 1, ())
    assert network().boost(met.account, made.url, met.door).remote_id
    counts = network().engagement(met.account, [made.remote_id], met.door)
    assert counts[made.remote_id] == (Counts(1, 0, 0, 0) if MANNERS[met.name].counters else Counts())
    network().delete(met.account, made.remote_id, door=met.door)
    assert network().get(met.account, made.remote_id, met.door) is None
    assert network().find(met.account, wanted.marker, min(began, met.clock.at), met.door) is None
    network().delete(met.account, made.remote_id, door=met.door)


def test_every_audience_that_is_offered(met: Met) -> None:
    for visibility in met.profile.visibilities:
        made = publish(met, draft(met, visibility=visibility))
        assert (made.visibility, made.differs) == (visibility, ())


def test_a_thread_and_a_poll_where_there_are_any(met: Met) -> None:
    first = publish(met, draft(met))
    assert publish(met, draft(met, reply_to=first.remote_id)).differs == ()
    if met.profile.polls:
        made = publish(met, draft(met, poll=Poll(("Side A", "Side B"), 3600, several=True)))
        assert made.differs == ()


def test_what_fits_by_our_count_fits_there_and_what_does_not_is_refused_there(met: Met) -> None:
    account = met.account
    short = replace(account.limits, characters=300)
    met.practice.state.set("max_characters", 300)
    wanted = draft(met, "Out now 🎵 and at https://music.label.org/a/rather/long/address/of/a/shop?with=more too")
    spare = 300 - network().length(wanted.text, "", short, account.software)
    assert spare > 0
    try:
        assert publish(met, replace(wanted, text=wanted.text + "x" * spare)).differs == ()
        if met.profile.counting != "either":
            with pytest.raises(ServiceError) as caught:
                publish(met, replace(wanted, text=wanted.text + "x" * (spare + 1)))
            assert caught.value.kind == "refused"
            assert "limit of 300" in str(caught.value)
    finally:
        met.practice.state.forget("max_characters")


@pytest.mark.parametrize("said", [0, "5000", "lots", None, 5000, -3, 1e12])
def test_nonsense_about_its_limits_does_no_harm(met: Met, said: object) -> None:
    met.practice.state.set("max_characters", said)
    try:
        found = discover(met.account.base_url, met.door).limits.characters
        usual = met.profile.limits.characters
        assert found == {0: usual, "5000": 5000, "lots": usual, 5000: 5000, -3: usual, 1e12: 10**12}.get(
            said, met.account.limits.characters
        )  # type: ignore[call-overload]
    finally:
        met.practice.state.forget("max_characters")


def test_a_wrong_permission_is_told_from_a_bad_post(met: Met) -> None:
    stranger = replace(met.account, token="wrong")
    with pytest.raises(ServiceError) as caught:
        publish(met, draft(met), stranger)
    assert caught.value.kind == "revoked"
    assert network().check(stranger, met.door).state == "revoked"
    assert network().check(met.account, met.door).state == "ok"
    with pytest.raises(ServiceError) as caught:
        publish(met, replace(draft(met), language="no such language"))
    assert caught.value.kind == "refused"


@pytest.mark.parametrize("fate", ["moved", "suspended", "gone"])
def test_what_became_of_an_account_is_seen_from_outside(met: Met, fate: str) -> None:
    account = met.account
    number = met.practice.state.number("SELECT id FROM account WHERE name = 'aoife'")
    to = '{"acct": "aoife@other.example", "url": "https://other.example/@aoife"}'
    met.practice.state.do("INSERT OR REPLACE INTO fate VALUES (?, ?, ?)", number, fate, to)
    seen = network().seen(account, met.door)
    assert seen.state == fate
    assert seen.moved_to == ("@aoife@other.example" if fate == "moved" else "")
    with pytest.raises(ServiceError) as caught:
        publish(met, draft(met), account)
    assert caught.value.kind == "revoked"


@pytest.mark.parametrize(
    ("behaviour", "said", "reads"),
    [
        ("executed_504", "unknown", "new"),
        ("executed_half", "unknown", "new"),
        ("not_executed_503", "unknown", "old"),
        ("id_less_200", "unknown", "old"),
        ("rate_limited", "busy", "old"),
        ("edits_off", "refused 405", "old"),
        ("edit_ignored", "text", "old"),
        ("vanished", "ok", "gone"),
    ],
)
def test_what_is_said_of_a_change_fits_what_the_post_reads(met: Met, behaviour: str, said: str, reads: str) -> None:
    wanted = draft(met)
    made = publish(met, wanted)
    newer = replace(wanted, text=wanted.text.replace("Out now", "Free"))
    met.order(behaviour)
    try:
        became = ",".join(network().edit(newer, met.account, made.remote_id, door=met.door).differs) or "ok"
    except ServiceError as error:
        became = f"{error.kind} {error.status}" if error.status == 405 else error.kind
    assert became == said
    row = met.practice.state.row("SELECT text FROM status WHERE NOT deleted")
    assert (("new" if "Free" in row["text"] else "old") if row else "gone") == reads


def test_a_server_that_does_not_say_what_it_is_cannot_be_connected(met: Met) -> None:
    met.order("no_description", times=0)
    with pytest.raises(ServiceError) as caught:
        discover(met.account.base_url, met.door)
    assert caught.value.kind == "refused"


def test_a_remembered_key_protects_even_when_looking_finds_nothing(met: Met) -> None:
    if met.profile.repeated_key != "same":
        pytest.skip(f"{met.name} remembers no keys")
    met.order("search_lags", times=0, seconds=100)
    met.order("executed_504")
    post = met.until_settled(met.stage.approve())
    assert (post.state, met.copies()) == ("confirmed", 1)


def test_two_workers_and_one_post(met: Met) -> None:
    post_id, together = met.stage.approve(), Barrier(2)

    def work() -> None:
        together.wait(20)
        send_post(met.runtime, post_id)

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    assert met.until_settled(post_id).state == "confirmed"
    assert met.copies() == 1
