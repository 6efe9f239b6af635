"""Posts on Threads: two steps, each of which may be lost, refused, late or cut off, and still one post."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.base import Picture
from creatorbot.networks.preparing import Preparing
from tests.networks.threads.conftest import LINK, Met, draft

COVER = Picture(b"", "image/jpeg", "A tall ship at sunset", 64, 64, "https://aoife.example/covers/1.jpg")


def publish(met: Met, key: str = "ours", **more: object) -> object:
    return met.network.publish(draft(**more), met.account, key=key, door=met.door)  # type: ignore[arg-type]


def test_the_card_leads_where_our_link_leads(met: Met) -> None:
    publish(met)
    (post,) = met.there.posts
    assert post["link_attachment_url"] == LINK
    assert "from https://label.example" in post["text"]


def test_a_picture_is_fetched_from_its_address_and_needs_one(met: Met) -> None:
    made = met.network.publish(draft(picture=COVER), met.account, key="", door=met.door)
    (post,) = met.there.posts
    assert (made.pictures, made.differs) == (1, ())
    assert (post["image"], post["alt_text"]) == (COVER.address, COVER.description)
    with pytest.raises(ServiceError, match="fetches pictures itself") as caught:
        publish(met, picture=replace(COVER, address=""))
    assert caught.value.kind == "refused"
    with pytest.raises(ServiceError, match="may not reach the picture") as caught:
        publish(met, picture=replace(COVER, address="https://aoife.example/unreachable.jpg"))
    assert caught.value.kind == "refused"
    assert len(met.there.posts) == 1


def test_a_warning_is_the_first_line(met: Met) -> None:
    publish(met, content_warning="Very\nloud")
    assert met.there.posts[0]["text"].startswith("⚠ Very loud\n\nTall Ships")


@pytest.mark.parametrize("behaviour", ["lost", "gateway", "garbled", "empty", "trouble", "transient", "maintenance"])
def test_whatever_goes_wrong_in_the_first_step_nothing_is_out(met: Met, behaviour: str) -> None:
    met.there.order("create", behaviour)
    with pytest.raises(ServiceError, match="nothing was posted") as caught:
        publish(met)
    assert caught.value.kind == "busy"
    assert met.there.posts == []


@pytest.mark.parametrize("behaviour", ["lost", "gateway", "garbled", "empty"])
def test_when_the_second_answer_is_lost_the_container_says_that_it_is_out(met: Met, behaviour: str) -> None:
    met.there.order("publish", behaviour)
    made = met.network.publish(draft(), met.account, key="ours", door=met.door)
    (post,) = met.there.posts
    assert (made.remote_id, made.differs) == (post["id"], ())


@pytest.mark.parametrize("tells", [True, False])
def test_a_repeat_with_the_containers_key_never_makes_a_second_post(met: Met, tells: bool) -> None:
    """tells: a container that was published either says so or, as some have seen, is none any more."""
    assert isinstance(met.network, Preparing)
    met.there.practise(tells=tells)
    key = met.network.prepare(draft(), met.account, key="", door=met.door)
    assert met.network.prepare(draft(), met.account, key=key, door=met.door) == key
    assert met.there.posts == []
    made = [met.network.publish(draft(), met.account, key=key, door=met.door) for _ in range(3)]
    assert len(met.there.posts) == 1
    assert {one.remote_id for one in made} == {met.there.posts[0]["id"]}


@pytest.mark.parametrize("behaviour", ["die before", "die after"])
def test_a_server_that_dies_in_the_second_step(met: Met, behaviour: str) -> None:
    key = met.network.prepare(draft(), met.account, key="", door=met.door)
    met.there.order("publish", behaviour)
    with pytest.raises(ServiceError) as caught:
        met.network.publish(draft(), met.account, key=key, door=met.door)
    assert caught.value.kind == "unknown"
    met.there.stop()
    with pytest.raises(ServiceError) as caught:
        met.network.publish(draft(), met.account, key=key, door=met.door)
    assert caught.value.kind == "unreached"
    met.there.start()
    since = datetime.now(UTC)
    found = met.network.find(met.account, draft().marker, since, met.door)
    assert (found is not None) == (behaviour == "die after")
    made = met.network.publish(draft(), met.account, key=key, door=met.door)
    assert [one["id"] for one in met.there.posts] == [made.remote_id]


def test_what_is_out_and_not_shown_yet_is_looked_for_and_not_made_again(met: Met) -> None:
    key = met.network.prepare(draft(), met.account, key="", door=met.door)
    met.network.publish(draft(), met.account, key=key, door=met.door)
    met.there.practise(lag=3600)
    with pytest.raises(ServiceError, match="does not show it yet") as caught:
        met.network.publish(draft(), met.account, key=key, door=met.door)
    assert caught.value.kind == "unknown"
    assert len(met.there.posts) == 1


def test_a_container_that_is_not_ready_is_waited_for(met: Met) -> None:
    met.there.practise(slow=4)
    publish(met)
    assert sum(met.waited) >= 7
    assert len(met.there.posts) == 1


def test_one_that_never_gets_ready_is_left_alone(met: Met) -> None:
    met.there.practise(slow=99)
    with pytest.raises(ServiceError, match="Nothing is out yet") as caught:
        publish(met)
    assert caught.value.kind == "busy"
    assert met.there.posts == []


def test_a_container_that_threads_forgets_for_a_moment_is_asked_for_again(met: Met) -> None:
    met.there.order("publish", "not yet", times=2)
    publish(met)
    assert len(met.there.posts) == 1
    met.there.order("publish", "not yet", times=99)
    with pytest.raises(ServiceError) as caught:
        publish(met, link="https://aoife.example/l/zzzz")
    assert caught.value.kind == "busy"


def test_a_key_of_a_container_that_threads_does_not_know_makes_a_new_one(met: Met) -> None:
    publish(met, key="threads:123")
    assert len(met.there.posts) == 1


@pytest.mark.parametrize(("behaviour", "kind"), [("busy", "busy"), ("spam", "refused")])
def test_a_refusal_is_told(met: Met, behaviour: str, kind: str) -> None:
    met.there.order("publish", behaviour)
    with pytest.raises(ServiceError) as caught:
        publish(met)
    assert caught.value.kind == kind
    assert met.there.posts == []


def test_a_missing_permission_says_what_to_do(met: Met) -> None:
    met.there.key(met.account.token.split()[0], scopes=["threads_basic"])
    with pytest.raises(ServiceError, match="every permission") as caught:
        publish(met)
    assert caught.value.kind == "refused"


def test_a_post_is_found_on_a_later_page_and_absence_is_proven_to_the_end(met: Met) -> None:
    began = datetime.now(UTC)
    first = met.network.publish(draft(), met.account, key="", door=met.door)
    met.there.fill(250)
    found = met.network.find(met.account, draft().marker, began, met.door)
    assert found is not None
    assert found.remote_id == first.remote_id
    assert met.network.find(met.account, "/l/never", began, met.door) is None
    assert met.network.find(met.account, draft().marker, began + timedelta(hours=1), met.door) is None
    met.there.fill(2000)
    with pytest.raises(ServiceError, match="far enough"):
        met.network.find(met.account, draft().marker, began, met.door)


def test_an_answer_to_our_own_post_is_made_once_and_found(met: Met) -> None:
    first = met.network.publish(draft(), met.account, key="", door=met.door)
    words = replace(draft("https://aoife.example/l/part2"), reply_to=first.remote_id)
    second = met.network.publish(words, met.account, key="", door=met.door)
    assert met.there.posts[1]["reply_to"] == first.remote_id
    found = met.network.find(met.account, words.marker, datetime.now(UTC), met.door)
    assert found is not None
    assert found.remote_id == second.remote_id


def test_without_the_right_to_read_answers_none_is_made(met: Met) -> None:
    first = met.network.publish(draft(), met.account, key="", door=met.door)
    scopes = ["threads_basic", "threads_content_publish"]
    met.there.key(met.account.token.split()[0], scopes=scopes)
    with pytest.raises(ServiceError, match="every permission"):
        met.network.publish(replace(draft("https://aoife.example/l/part2"), reply_to=first.remote_id), met.account, key="", door=met.door)
    assert met.network.find(met.account, "/l/never", datetime.now(UTC), met.door) is None
    assert len(met.there.posts) == 1


def test_taking_a_post_down_may_be_repeated(met: Met) -> None:
    made = met.network.publish(draft(), met.account, key="", door=met.door)
    for _ in range(2):
        met.network.delete(met.account, made.remote_id, met.door)
    assert met.there.posts == []
    assert met.network.get(met.account, made.remote_id, met.door) is None


def test_what_came_back(met: Met) -> None:
    made = met.network.publish(draft(), met.account, key="", door=met.door)
    met.network.publish(replace(draft("https://aoife.example/l/p2"), reply_to=made.remote_id), met.account, key="", door=met.door)
    met.there.practise(
        counts={"likes": 12, "replies": 2, "reposts": 3, "quotes": 1},
        replies=[{"id": "9", "username": "bob", "text": "Lovely", "permalink": "https://www.threads.com/@bob/post/9", "reply_to": ""}],
    )
    counts = met.network.engagement(met.account, [made.remote_id, "404"], met.door)
    assert (counts[made.remote_id].favourites, counts[made.remote_id].boosts, counts[made.remote_id].quotes) == (12, 3, 1)
    assert list(counts) == [made.remote_id]
    (reply,) = met.network.replies(met.account, made.remote_id, met.door)
    assert (reply.who.handle, reply.words) == ("@bob@threads.net", "Lovely")
    assert met.network.boosters(met.account, made.remote_id, met.door) == ()


def test_a_key_that_may_not_count_gives_no_numbers(met: Met) -> None:
    made = met.network.publish(draft(), met.account, key="", door=met.door)
    met.there.key(met.account.token.split()[0], scopes=["threads_basic"])
    counts = met.network.engagement(met.account, [made.remote_id], met.door)
    assert counts[made.remote_id].favourites is None
    assert met.network.replies(met.account, made.remote_id, met.door) == ()
