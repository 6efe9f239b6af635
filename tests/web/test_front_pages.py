"""What else a link shows: the artist's other releases, the artist's page, what plays, and what others may embed."""

import json
import re
from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select

from creatorbot.links.codes import new_link
from creatorbot.links.pages.artist import MOST_MORE, MOST_RELEASES
from creatorbot.links.pages.shops import exit_word
from creatorbot.models import Artist, Link, Release, Source, Visit
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from tests.conftest import TestClock
from tests.links import rows
from tests.servers.door import nobody_home
from tests.web.answered import Answered, counted

PLAYER = "https://bandcamp.com/EmbeddedPlayer/album=42/size=large/"
SHOP = "https://aoife.bandcamp.com/album/tall-ships"


@pytest.fixture
def link(runtime: Runtime) -> Link:
    artist_id = rows.make_artist(runtime)
    return rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id, state="announced"))


@pytest.fixture
def door(runtime: Runtime) -> FrontDoor:
    return FrontDoor(nobody_home, runtime, refresh_s=3600)


def hrefs(answer: Answered) -> list[str]:
    return [str(node.attributes["href"]) for node in LexborHTMLParser(answer.body.decode()).css("main a")]


def page_link(runtime: Runtime, artist_id: int) -> Link:
    with runtime.session() as session:
        return new_link(session, artist_id=artist_id, release_id=None, kind="page", now=runtime.clock())


def visits(runtime: Runtime) -> list[tuple[str, int | None]]:
    with runtime.reading() as session:
        return [(visit.button, visit.release_id) for visit in session.exec(select(Visit).order_by(Visit.id))]  # type: ignore[arg-type]


def test_under_a_release_stand_the_artists_others_by_the_same_link(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    assert b'class="more"' not in Answered(door, f"/l/{link.code}").body, "there is no other yet"
    others = [
        rows.make_release(runtime, link.artist_id, title=f"Boat {n}", state="announced", released_on=date(2026, 1, n)) for n in range(1, 9)
    ]
    door.refresh()
    first = Answered(door, f"/l/{link.code}")
    shown = [href for href in hrefs(first) if re.fullmatch(rf"/l/{link.code}\.[1-9]\d*", href)]
    assert shown == [f"/l/{link.code}.{number}" for number in reversed(others[-MOST_MORE:])], "the newest first, without itself"
    assert f"/l/{link.code}.0" in hrefs(first)
    other = Answered(door, shown[0])
    assert b"Boat 8" in other.body
    assert f"/tip/{link.code}.{others[-1]}".encode() not in other.body, "no payment service is connected"
    assert b'rel="canonical" href="http://127.0.0.1:8080' + shown[0].encode() in other.body
    whole = Answered(door, f"/l/{link.code}.0")
    assert whole.body.count(b"Boat ") == 8
    assert f"/l/{link.code}.{link.release_id}" in hrefs(whole), "and back"
    totals = counted(runtime, link)
    assert (totals.people, totals.person) == (1, 4)
    assert visits(runtime) == [("", None), ("", None), ("", others[-1]), ("", 0)]


def test_a_button_of_another_release_leads_to_its_shop(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    url = "https://aoife.bandcamp.com/album/small-boats"
    other = rows.make_release(runtime, link.artist_id, title="Small Boats", url=url, state="announced")
    pressed = Answered(door, f"/l/{link.code}.{other}/{exit_word(url)}")
    assert (pressed.status, pressed.headers["Location"]) == ("303 See Other", url)
    assert Answered(door, f"/l/{link.code}.{other}/{exit_word(SHOP)}").headers["Location"] == f"/l/{link.code}.{other}"


def test_nobody_elses_releases_and_nothing_that_is_not_public(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    stranger = rows.make_artist(runtime, name="Somebody", slug="somebody")
    theirs = rows.make_release(runtime, stranger, state="announced")
    rows.make_link(runtime, stranger, theirs)
    typed = rows.make_release(runtime, link.artist_id, title="Secret", state="new")
    held = rows.make_release(runtime, link.artist_id, title="Held", state="held")
    coming = rows.make_release(runtime, link.artist_id, title="Coming", state="announced", availability="coming")
    for number in (theirs, typed, held, coming, 999_999):
        answer = Answered(door, f"/l/{link.code}.{number}")
        assert (answer.status, answer.headers["Location"]) == ("303 See Other", f"/l/{link.code}")
    assert not [href for href in hrefs(Answered(door, f"/l/{link.code}.0")) if href.startswith("/l/")][1:]
    for nonsense in ("..", ".-1", ".1.1", ".x", ".٣", f".{10**12}"):
        assert Answered(door, f"/l/{link.code}{nonsense}").body == b"not here"


def test_what_a_source_lists_is_public_without_an_announcement(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    with runtime.session() as session:
        now = runtime.clock()
        given = {"address": "https://aoife.example/feed", "typed": "aoife.example", "created_at": now, "next_poll_at": now}
        source = Source(artist_id=link.artist_id, kind="feed", **given)
        session.add(source)
        session.flush()
        source_id = source.id
    listed = rows.make_release(runtime, link.artist_id, title="Old Boats", state="listed", source_id=source_id)
    rows.make_release(runtime, link.artist_id, title="A gig report", state="listed", source_id=source_id, kind="post")
    assert f"/l/{link.code}.{listed}" in hrefs(Answered(door, f"/l/{link.code}"))
    assert b"gig report" not in Answered(door, f"/l/{link.code}.0").body


def test_the_artists_page_has_a_name_of_its_own(runtime: Runtime, clock: TestClock, link: Link, door: FrontDoor) -> None:
    assert Answered(door, "/@aoife").body == b"not here", "an artist of before, without a page"
    own = page_link(runtime, link.artist_id)
    door.refresh()
    page = Answered(door, "/@Aoife")
    assert (page.status, b"Tall Ships" in page.body) == ("200 OK", True)
    assert b'rel="canonical" href="http://127.0.0.1:8080/@aoife"' in page.body
    assert f"/l/{own.code}.{link.release_id}" in hrefs(page)
    assert counted(runtime, own).people == 1
    for n in range(MOST_RELEASES + 5):
        rows.make_release(runtime, link.artist_id, title=f"Boat {n}", state="announced", released_on=date(2026, 1, 1))
    door.refresh()
    assert len([href for href in hrefs(Answered(door, "/@aoife")) if href.startswith("/l/")]) == MOST_RELEASES
    with runtime.session() as session:
        session.get_one(Artist, link.artist_id).name = "Aoife of the Marsh"
    door.refresh()
    assert b"<h1>Aoife of the Marsh</h1>" in Answered(door, "/@aoife").body
    for path in ("/@nobody", "/@", "/@aoife/x", "/@../x"):
        assert Answered(door, path).body == b"not here"


def test_a_bio_opens_the_artists_page_and_is_counted_apart(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    page_link(runtime, link.artist_id)
    with runtime.session() as session:
        bio = new_link(session, artist_id=link.artist_id, release_id=None, kind="bio", label="Mastodon", now=runtime.clock())
    page = Answered(door, f"/l/{bio.code}")
    assert b'rel="canonical" href="http://127.0.0.1:8080/l/' + bio.code.encode() in page.body
    assert f"/l/{bio.code}.{link.release_id}" in hrefs(page)
    assert counted(runtime, bio).people == 1


def test_a_link_that_is_made_to_open_something_else_does_so_at_once(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    Answered(door, f"/l/{link.code}")
    other = rows.make_release(runtime, link.artist_id, title="Small Boats", state="announced")
    with runtime.session() as session:
        session.get_one(Link, link.id).release_id = other
    door.refresh()
    assert b"<h1>Small Boats</h1>" in Answered(door, f"/l/{link.code}").body
    with runtime.session() as session:
        session.get_one(Link, link.id).release_id = None
    door.refresh()
    assert b"<h1>Aoife Marsh</h1>" in Answered(door, f"/l/{link.code}").body


def test_playing_is_a_page_of_its_own_that_loads_the_player_and_nothing_else(
    runtime: Runtime, clock: TestClock, link: Link, door: FrontDoor
) -> None:
    assert f"/l/{link.code}/play" not in hrefs(Answered(door, f"/l/{link.code}"))
    assert Answered(door, f"/l/{link.code}/play").headers["Location"] == f"/l/{link.code}"
    with runtime.session() as session:
        release = session.get_one(Release, link.release_id)
        release.player_url, release.changed_at = PLAYER, clock.forward(seconds=5)
        release.description = "Recorded in a barn.\n\nWith <friends>."
    door.refresh()
    page = Answered(door, f"/l/{link.code}")
    assert f"/l/{link.code}/play" in hrefs(page)
    assert b"bandcamp.com/EmbeddedPlayer" not in page.body, "nothing of the player before somebody asks for it"
    assert b"With &lt;friends&gt;." in page.body
    playing = Answered(door, f"/l/{link.code}/play", HTTP_SEC_FETCH_SITE="same-origin")
    assert playing.headers["Content-Security-Policy"].startswith("frame-src https://bandcamp.com; default-src 'none'")
    assert f'src="{PLAYER}"'.encode() in playing.body
    assert f"/l/{link.code}/{exit_word(SHOP)}" in hrefs(playing)
    again = Answered(door, f"/l/{link.code}/play", HTTP_IF_NONE_MATCH=playing.headers["ETag"])
    assert again.status.startswith("304")
    counted(runtime, link)
    assert [button for button, _ in visits(runtime)] == ["", "", "play", "play"]


def test_peertubes_player_does_not_show_visitors_to_one_another(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    with runtime.session() as session:
        session.get_one(Release, link.release_id).player_url = "https://tube.example.org/videos/embed/9c9de5e8"
    assert b'src="https://tube.example.org/videos/embed/9c9de5e8?p2p=0"' in Answered(door, f"/l/{link.code}/play").body


@pytest.mark.parametrize("sound", ["https://cdn.example.org/a.mp3", "https://cdn.example.org:8443/a.ogg"])
def test_a_file_of_sound_plays_too(runtime: Runtime, link: Link, door: FrontDoor, sound: str) -> None:
    with runtime.session() as session:
        session.get_one(Release, link.release_id).audio_url = sound
    playing = Answered(door, f"/l/{link.code}/play")
    assert f'<audio src="{sound}"'.encode() in playing.body
    assert playing.headers["Content-Security-Policy"].startswith(f"media-src {sound.rpartition('/')[0]} https:; default-src 'none'")


@pytest.mark.parametrize(
    "url", ["https://a b.example/", "https://x.example;script-src *", "javascript:alert(1)", "//x.example/", "https://u:p@x.example/"]
)
def test_no_address_can_widen_the_policy(runtime: Runtime, link: Link, door: FrontDoor, url: str) -> None:
    with runtime.session() as session:
        session.get_one(Release, link.release_id).player_url = url
    assert f"/l/{link.code}/play" not in hrefs(Answered(door, f"/l/{link.code}"))


def test_what_was_taken_back_still_opens_and_says_so(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    other = rows.make_release(runtime, link.artist_id, title="Small Boats", state="announced")
    with runtime.session() as session:
        release = session.get_one(Release, link.release_id)
        release.availability, release.player_url = "withdrawn", PLAYER
    page = Answered(door, f"/l/{link.code}")
    assert b"This is not offered any more." in page.body
    assert b"Get it" not in page.body
    assert b"/play" not in page.body
    assert f"/l/{link.code}.{other}" in hrefs(page)
    assert f"/l/{link.code}.{link.release_id}" not in hrefs(Answered(door, f"/l/{link.code}.0"))


def test_others_may_embed_a_card_of_it_and_looking_is_not_counted(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    page_link(runtime, link.artist_id)
    told = Answered(door, "/oembed", QUERY_STRING=f"url=http%3A%2F%2F127.0.0.1%3A8080%2Fl%2F{link.code}&maxwidth=300&format=json")
    found = json.loads(told.body)
    assert (found["version"], found["type"], found["title"], found["author_name"]) == ("1.0", "rich", "Tall Ships", "Aoife Marsh")
    assert found["width"] == 300
    assert found["html"].startswith(f'<iframe src="http://127.0.0.1:8080/l/{link.code}/embed"')
    frame = Answered(door, f"/l/{link.code}/embed")
    assert frame.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert b'<base target="_blank">' in frame.body
    assert f'href="http://127.0.0.1:8080/l/{link.code}"'.encode() in frame.body
    assert counted(runtime, link).person == 0
    assert Answered(door, "/oembed", QUERY_STRING=f"url=/l/{link.code}&format=xml").status == "501 Not Implemented"
    for nonsense in ("", "url=", "url=https://evil.example/", "url=/l/none", "url=http://[", "&" * 50, "url=" + "x" * 9000, "url=/@aoife"):
        assert Answered(door, "/oembed", QUERY_STRING=nonsense).body == b"not here"


def test_one_impossible_release_is_left_out_of_the_list(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    rows.make_release(runtime, link.artist_id, title="Broken", state="announced", price_model="fixed", price_minor=10**17)
    assert b"Broken" not in Answered(door, f"/l/{link.code}.0").body
    assert Answered(door, f"/l/{link.code}").status == "200 OK"


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_the_second_visitor_is_answered_like_the_first(runtime: Runtime, link: Link, door: FrontDoor, accepted: str) -> None:
    other = f".{rows.make_release(runtime, link.artist_id, title='Small Boats', state='announced')}"
    for address in (f"/l/{link.code}", f"/l/{link.code}{other}"):
        first, again = (Answered(door, address, HTTP_ACCEPT_ENCODING=accepted) for _ in range(2))
        assert (again.status, again.headers, again.body) == (first.status, first.headers, first.body)
        head = Answered(door, address, "HEAD", HTTP_ACCEPT_ENCODING=accepted)
        assert (head.headers, head.body) == (first.headers, b"")
        kept = Answered(door, address, HTTP_ACCEPT_ENCODING=accepted, HTTP_IF_NONE_MATCH=first.headers["ETag"])
        assert kept.status == "304 Not Modified"
        assert "Content-Length" not in kept.headers
        assert Answered(door, address, "POST", HTTP_ACCEPT_ENCODING=accepted).status == "405 Method Not Allowed"
    assert counted(runtime, link).person == 6
    assert {shown for _, shown in visits(runtime)} == {None, int(other[1:])}
