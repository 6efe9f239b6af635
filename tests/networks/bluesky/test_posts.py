"""Posts on Bluesky: as asked, once, found again, and every way to fail with its one meaning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.base import Draft
from creatorbot.networks.bluesky.keys import record_key
from creatorbot.security.http import Door
from tests.networks.bluesky.conftest import COVER, LINK, Met, draft
from tests.servers.bluesky import DID

KEY = "aword"


def publish(met: Met, wanted: Draft | None = None, key: str = KEY) -> str:
    """Post; the record key."""
    made = met.network.publish(wanted or draft(), met.account, key=key, door=met.door)
    assert made.differs == ()
    return made.remote_id


def test_a_post_with_a_card(met: Met) -> None:
    key = publish(met)
    record = met.there.records[key]
    assert record["text"].startswith("Tall Ships är här 🚢 — out now.\n\naoife.example/l/aBcD1234")
    assert [facet["features"][0].get("uri") or facet["features"][0]["tag"] for facet in record["facets"]] == [LINK, "NewMusic", "Folk"]
    assert record["langs"] == ["en"]
    card = record["embed"]["external"]
    assert (card["uri"], card["title"], card["description"]) == (LINK, "Tall Ships, by Aoife Marsh", "Pay what you want")
    assert card["thumb"]["size"] == len(COVER.body)


def test_a_post_with_a_picture(met: Met) -> None:
    key = publish(met, draft(card=None, picture=COVER))
    image = met.there.records[key]["embed"]["images"][0]
    assert (image["alt"], image["aspectRatio"]) == ("A tall ship at sunset", {"width": 64, "height": 64})


@pytest.mark.parametrize("says_exists", [False, True])
def test_the_same_key_makes_one_post(met: Met, says_exists: bool) -> None:
    met.there.set(says_exists=says_exists)
    assert publish(met) == publish(met) == publish(met.again()) == record_key(KEY)
    assert publish(met, key="another") != record_key(KEY)
    assert len(met.there.records) == 2


@pytest.mark.parametrize("behaviour", ["lost", "gateway", "garbage"])
def test_an_answer_that_is_lost_is_looked_for_at_once(met: Met, behaviour: str) -> None:
    met.there.fault(behaviour)
    assert publish(met) == record_key(KEY)
    assert len(met.there.records) == 1


@pytest.mark.parametrize("behaviour", ["dropped", "trouble"])
def test_nothing_done_and_no_clear_answer_is_unknown_and_a_repeat_makes_one(met: Met, behaviour: str) -> None:
    met.there.fault(behaviour)
    with pytest.raises(ServiceError) as caught:
        publish(met)
    assert caught.value.kind == "unknown"
    assert met.network.find(met.account, draft().marker, datetime.now(UTC), met.door) is None
    publish(met)
    assert len(met.there.records) == 1


def test_a_server_that_dies_after_it_took_the_post(met: Met) -> None:
    met.there.fault("dies")
    with pytest.raises(ServiceError) as caught:
        publish(met)
    assert caught.value.kind == "unknown"
    met.there.stop()
    with pytest.raises(ServiceError) as caught:
        publish(met)
    assert caught.value.kind == "unreached"
    met.there.start()
    found = met.network.find(met.account, draft().marker, datetime.now(UTC), met.door)
    assert found is not None
    assert found.remote_id == publish(met) == record_key(KEY)
    assert len(met.there.records) == 1


@pytest.mark.parametrize(("behaviour", "kind"), [("refuse", "refused"), ("busy", "busy"), ("swap", "busy"), ("large", "refused")])
def test_a_clear_no(met: Met, behaviour: str, kind: str) -> None:
    met.there.fault(behaviour)
    with pytest.raises(ServiceError) as caught:
        publish(met)
    assert caught.value.kind == kind
    if behaviour == "busy":
        assert 60 < (caught.value.retry_after or 0) <= 90
    assert met.there.records == {}


@pytest.mark.parametrize("behaviour", ["trouble", "lost", "garbage", "dropped"])
def test_trouble_before_the_post_itself_is_never_unknown(met: Met, behaviour: str) -> None:
    met.there.fault(behaviour, "com.atproto.repo.uploadBlob")
    with pytest.raises(ServiceError) as caught:
        publish(met)
    assert caught.value.kind == "busy"
    met.there.fault(behaviour, "com.atproto.server.createSession")
    with pytest.raises(ServiceError) as caught:
        publish(met.again())
    assert caught.value.kind == "busy"
    assert met.there.records == {}


def test_a_card_goes_without_its_picture_where_that_is_refused_and_the_artist_is_told(met: Met) -> None:
    met.there.fault("large", "com.atproto.repo.uploadBlob")
    made = met.network.publish(draft(), met.account, key=KEY, door=met.door)
    assert made.differs == ("pictures",)
    assert "thumb" not in met.there.records[made.remote_id]["embed"]["external"]
    met.there.fault("large", "com.atproto.repo.uploadBlob")
    with pytest.raises(ServiceError) as caught:
        publish(met, draft(card=None, picture=COVER), key="another")
    assert caught.value.kind == "refused"


def test_sessions_are_kept_renewed_and_made_anew(met: Met) -> None:
    publish(met, key="1")
    before = met.there.state()["logins"]
    met.there.set(expire=True)
    publish(met, key="2")
    met.there.fault("expired")
    publish(met, key="3")
    assert met.there.state()["logins"] == before  # both times the session was renewed, no password was sent
    met.there.set(expire=True)
    met.there.fault("expired", "com.atproto.server.refreshSession")
    publish(met, key="4")
    assert met.there.state()["logins"] == before + 1
    assert len(met.there.records) == 4


def test_a_password_taken_back_is_the_only_proof_that_we_are_not_wanted(met: Met) -> None:
    met.there.set(password="zzzz-zzzz-zzzz-zzzz")
    publish(met, key="1")  # the session is still good
    met.there.set(expire=True)
    met.there.fault("trouble", "com.atproto.server.createSession")
    met.there.fault("expired", "com.atproto.server.refreshSession")
    assert met.network.check(met.account, met.door).state == "unreachable"
    met.there.fault("expired", "com.atproto.server.refreshSession")
    with pytest.raises(ServiceError) as caught:
        publish(met.again(), key="2")
    assert caught.value.kind == "revoked"
    assert met.again().network.check(met.account, met.door).state == "revoked"


@pytest.mark.parametrize(("status", "state"), [("deactivated", "refused"), ("", "ok")])
def test_how_the_account_is_doing(met: Met, status: str, state: str) -> None:
    met.there.set(status=status)
    assert met.network.check(met.account, met.door).state == state
    if status:
        with pytest.raises(ServiceError) as caught:
            publish(met)
        assert caught.value.kind == "revoked"


def test_an_account_that_was_taken_down(met: Met) -> None:
    met.there.set(status="takendown")
    health = met.again().network.check(met.account, met.door)
    assert (health.state, "locked" in health.detail) == ("revoked", True)


def test_an_account_that_lives_elsewhere_now(met: Met) -> None:
    met.there.set(home="https://other.example", password="gone-gone-gone-gone")
    health = met.again().network.check(met.account, met.door)
    assert (health.state, health.values["there"]) == ("moved", "@aoife.bsky.example")


def test_a_post_is_found_among_many_and_only_by_its_whole_link(met: Met) -> None:
    began = datetime.now(UTC)
    links = [f"https://aoife.example/l/code{number:04}" for number in range(120)]
    keys = [publish(met, draft(link, card=None), f"{int((began.timestamp() + at) * 1_000_000):x}-x") for at, link in enumerate(links)]
    assert keys == sorted(keys)
    found = met.network.find(met.account, "/l/code0003", began, met.door)
    assert found is not None
    assert found.remote_id == keys[3]
    assert met.network.find(met.account, "/l/code000", began, met.door) is None
    assert met.network.find(met.account, "/l/code0003", began + timedelta(hours=1), met.door) is None


def test_words_are_a_marker_too(met: Met) -> None:
    key = publish(met)
    found = met.network.find(met.account, "Tall Ships är här 🚢 — out now.", datetime.now(UTC), met.door)
    assert found is not None
    assert found.remote_id == key


def test_looking_is_not_proof_when_it_fails(met: Met) -> None:
    for behaviour in ("trouble", "dropped", "garbage", "busy"):
        met.there.fault(behaviour, "com.atproto.repo.listRecords")
        with pytest.raises(ServiceError):
            met.network.find(met.account, draft().marker, datetime.now(UTC), met.door)
        met.there.fault(behaviour, "com.atproto.repo.getRecord")
        with pytest.raises(ServiceError):
            met.network.get(met.account, record_key(KEY), met.door)


def test_deleting(met: Met) -> None:
    key = publish(met)
    for _ in range(2):
        met.network.delete(met.account, key, met.door)
        assert met.network.get(met.account, key, met.door) is None
    assert met.there.records == {}


def test_what_came_back(met: Met) -> None:
    keys = [publish(met, draft(card=None), str(number)) for number in range(30)]
    met.there.set(counts={"likeCount": 7, "repostCount": 3, "replyCount": 2, "quoteCount": 1})
    told = met.network.engagement(met.account, [*keys, "3jzfcijpj2z2a"], met.door)
    assert set(told) == set(keys)
    assert (told[keys[0]].favourites, told[keys[0]].boosts, told[keys[0]].replies, told[keys[0]].quotes) == (7, 3, 2, 1)


def test_who_passed_it_on_and_who_answered(met: Met) -> None:
    key = publish(met)
    bob = {"did": "did:plc:bob", "handle": "bob.bsky.example", "displayName": "Bob"}
    post = {
        "uri": "at://did:plc:bob/app.bsky.feed.post/3kabc",
        "author": bob,
        "record": {"text": "Lovely", "createdAt": "2026-11-20T12:00:00Z"},
    }
    own = {"uri": f"at://{DID}/app.bsky.feed.post/3kabd", "author": {"did": DID, "handle": "x"}, "record": {"text": "Thanks"}}
    gone = {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://x", "blocked": True}
    met.there.set(reposted_by=[bob], replies=[{"post": post}, {"post": own}, gone])
    assert [one.handle for one in met.network.boosters(met.account, key, met.door)] == ["@bob.bsky.example"]
    replies = met.network.replies(met.account, key, met.door)
    assert [(one.who.name, one.words, one.url) for one in replies] == [("Bob", "Lovely", "https://bsky.app/profile/did:plc:bob/post/3kabc")]


def test_a_post_cannot_be_changed(met: Met) -> None:
    key = publish(met)
    assert met.network.edit(draft(), met.account, key, door=met.door).differs == ()  # the words that stand there
    with pytest.raises(ServiceError) as caught:
        met.network.edit(replace(draft(), text=f"On vinyl too. {LINK}"), met.account, key, door=met.door)
    assert caught.value.status == 405
    assert not met.network.profile("bluesky").can_edit("0.4")


def test_only_the_admitted_place_is_reached(met: Met) -> None:
    with pytest.raises(ServiceError) as caught:
        met.again().network.publish(draft(), met.account, key=KEY, door=Door())
    assert caught.value.kind == "unreached"


def test_nonsense_instead_of_a_permission(met: Met) -> None:
    assert met.network.check(replace(met.account, token="wrong"), met.door).state == "revoked"


def test_a_thread_goes_on_from_the_one_before_and_names_where_it_began(met: Met) -> None:
    first = publish(met, key="one")
    second = publish(met, replace(draft("https://aoife.example/l/two"), reply_to=first), key="two")
    third = publish(met, replace(draft("https://aoife.example/l/three"), reply_to=second), key="three")
    reply = met.there.records[third]["reply"]
    assert (reply["root"]["uri"].rpartition("/")[2], reply["parent"]["uri"].rpartition("/")[2]) == (first, second)
    found = met.network.find(met.account, "/l/three", datetime.now(UTC), met.door)
    assert found is not None
    assert found.remote_id == third


def test_nothing_goes_on_from_what_is_gone(met: Met) -> None:
    with pytest.raises(ServiceError, match=r"not on .* any more") as caught:
        publish(met, replace(draft(), reply_to="3lbxyzabcde2k"))
    assert caught.value.kind == "refused"
    first = publish(met, key="one")
    met.there.fault("gateway", "com.atproto.repo.getRecord")
    with pytest.raises(ServiceError) as caught:
        publish(met, replace(draft("https://aoife.example/l/two"), reply_to=first), key="two")
    assert caught.value.kind == "busy"
    assert len(met.there.records) == 1
