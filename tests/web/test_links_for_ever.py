"""A link that was posted or printed once opens for ever, whatever becomes of what it was made for."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from creatorbot.artists.accounts import disconnect
from creatorbot.artists.installation import the_installation
from creatorbot.models import Account, Artist, Cover, MergeSuggestion, Post, PostRemoval, Release, Source
from creatorbot.releases.changes import move_availability
from creatorbot.releases.merging import merge, take_apart
from creatorbot.releases.queries import remove_source
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from jobs import tidy
from tests.links import rows
from tests.web.desk import House, fields, open_house
from tests.web.test_frontdoor import SLOW, Answered

SHOP = "https://aoife.bandcamp.com/album/tall-ships"


@pytest.fixture
def house(both_runtime: Runtime) -> House:
    return open_house(both_runtime)


def withdrawn(house: House, session: Session, release: Release, post: Post) -> None:
    move_availability(session, release, "withdrawn", house.runtime.clock())


def joined(house: House, session: Session, release: Release, post: Post) -> None:
    older = Release(**{**release.model_dump(exclude={"id"}), "title": release.title, "state": "listed"})
    session.add(older)
    session.flush()
    # Which of two is kept is decided by which was there first; here it is the one that this link was not made for.
    pair = MergeSuggestion(
        artist_id=house.artist_id, kept_id=older.id or 0, other_id=release.id or 0, why="title", created_at=house.runtime.clock()
    )
    session.add(pair)
    session.flush()
    merge(session, house.artist_id, pair.id or 0, house.runtime.clock(), "Alice")


def joined_and_taken_apart(house: House, session: Session, release: Release, post: Post) -> None:
    joined(house, session, release, post)
    pair = session.exec(select(MergeSuggestion)).one()
    take_apart(session, house.artist_id, pair.id or 0, house.runtime.clock(), "Alice")


def its_source_removed(house: House, session: Session, release: Release, post: Post) -> None:
    now = house.runtime.clock()
    source = Source(artist_id=house.artist_id, kind="rss", address="https://a.example/feed", title="Feed", created_at=now, next_poll_at=now)
    session.add(source)
    session.flush()
    release.source_id = source.id
    session.add(release)
    session.flush()
    remove_source(session, house.artist_id, source.id or 0)


def its_account_disconnected(house: House, session: Session, release: Release, post: Post) -> None:
    disconnect(session, house.runtime.vault, session.get_one(Account, post.account_id), house.runtime.clock())


def its_post_taken_down(house: House, session: Session, release: Release, post: Post) -> None:
    now = house.runtime.clock()
    session.add(PostRemoval(artist_id=house.artist_id, post_id=post.id or 0, who="Alice", state="done", created_at=now, not_before=now))
    post.state = "cancelled"
    session.add(post)


def its_cover_lost(house: House, session: Session, release: Release, post: Post) -> None:
    cover = Cover(
        content_hash="abcd" * 8,
        mime="image/jpeg",
        width=100,
        height=100,
        card_width=100,
        card_height=100,
        bytes=10,
        created_at=house.runtime.clock(),
    )
    session.add(cover)
    session.flush()
    release.cover_id = cover.id
    session.add(release)


def its_price_forgotten(house: House, session: Session, release: Release, post: Post) -> None:
    release.price_model, release.price_currency, release.url, release.licence = "", "", "", ""
    session.add(release)


def the_address_changed(house: House, session: Session, release: Release, post: Post) -> None:
    row = the_installation(session, house.runtime.clock())
    row.public_url, row.public_answered_at = "https://new.example.org", house.runtime.clock()
    session.add(row)


EVENTS = [
    withdrawn,
    joined,
    joined_and_taken_apart,
    its_source_removed,
    its_account_disconnected,
    its_post_taken_down,
    its_cover_lost,
    its_price_forgotten,
    the_address_changed,
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_it_opens_whatever_happened(house: House, event: Callable[[House, Session, Release, Post], None]) -> None:
    post_id, link_id = house.post(house.release(), house.account())
    code = house.code(link_id)
    running = FrontDoor(house.app, house.runtime, refresh_s=SLOW)
    assert opens(running, code)
    with house.runtime.session() as session:
        post = session.get_one(Post, post_id)
        release = session.exec(select(Release)).one()
        event(house, session, release, post)
    house.runtime.clock.forward(seconds=1)  # type: ignore[attr-defined]
    running.refresh()
    fresh = FrontDoor(house.app, house.runtime, refresh_s=SLOW)
    for door in (running, fresh):
        assert opens(door, code), "in a process that ran all the time, and in one started since"
    for host in ("music.example.org", "old.example.net", "127.0.0.1:8080"):
        assert Answered(fresh, f"/l/{code}", HTTP_HOST=host).status == "200 OK"
    assert house.app.test_client().get(f"/tip/{code}").status_code == 200


def opens(door: FrontDoor, code: str) -> bool:
    answer = Answered(door, f"/l/{code}")
    return answer.status == "200 OK" and b"Tall Ships" in answer.body


def test_it_opens_after_years_of_tidying(house: House) -> None:
    _, link_id = house.post(house.release(), house.account())
    for _ in range(5):
        tidy.run(house.runtime, house.runtime.clock.forward(days=200))  # type: ignore[attr-defined]
    assert opens(FrontDoor(house.app, house.runtime, refresh_s=SLOW), house.code(link_id))


def test_an_artist_who_is_renamed_keeps_links_and_short_name(house: House) -> None:
    _, link_id = house.post(house.release(), house.account())
    owner = house.browser()
    kept = fields(owner.get("/settings"), "form[action='/settings']")
    owner.post("/settings", **{**kept, "name": "Aoife and the Ships"})
    artist = house.read(Artist, house.artist_id)
    assert (artist.name, artist.slug) == ("Aoife and the Ships", "aoife-marsh")
    assert opens(FrontDoor(house.app, house.runtime, refresh_s=SLOW), house.code(link_id))
    assert house.app.test_client().get("/tip/aoife-marsh").status_code == 200


def test_a_button_of_an_older_page_leads_back_to_the_page(house: House) -> None:
    _, link_id = house.post(house.release(), house.account())
    code, door = house.code(link_id), FrontDoor(house.app, house.runtime, refresh_s=SLOW)
    ways = re.findall(rf'"(/l/{code}/\w+)"', Answered(door, f"/l/{code}").body.decode())
    button = next(way for way in ways if leads(door, way) == SHOP)
    with house.runtime.session() as session:
        release = session.exec(select(Release)).one()
        release.url, release.changed_at = "", house.runtime.clock() + timedelta(seconds=1)
    door.refresh()
    assert leads(door, button) == f"/l/{code}"


def leads(door: FrontDoor, way: str) -> str:
    return Answered(door, way).headers.get("Location", "")


def test_a_poster_of_no_post_opens_too(both_runtime: Runtime) -> None:
    artist_id = rows.make_artist(both_runtime)
    link = rows.make_link(both_runtime, artist_id, rows.make_release(both_runtime, artist_id))
    assert opens(FrontDoor(open_house(both_runtime, slug="other").app, both_runtime, refresh_s=SLOW), link.code)
