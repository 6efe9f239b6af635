"""Pasting any page's address finds its feed, says which, asks politely little, and never strays."""

import json

import pytest

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.releases.polling.finding import Found, find, follow, gather
from creatorbot.releases.polling.looking import fetch, read
from creatorbot.security.http import Door
from tests.servers.scripted import Reply, Scripted, answer, data, moved, reset, scripted, silence
from tests.sources.pages import CHALLENGE, LABEL, grid_page, item, rss, square

FEED = rss(item(1), item(2))
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(head: str = "", body: str = "") -> Reply:
    return answer(200, f"<!DOCTYPE html><html><head><title>Aoife</title>{head}</head><body>{body}</body></html>", HTML)


def named(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def look_for(server: Scripted, path: str = "/") -> Found:
    return find(Door().admitting(server.place), server.url + path)


def asked(server: Scripted) -> list[str]:
    return [one.path for one in server.asked]


def test_a_feed_itself_needs_no_search() -> None:
    with scripted() as server:
        server.on("GET", "/feed.xml", answer(200, FEED))
        found = look_for(server, "/feed.xml")
    assert (found.address, len(found.reading.releases), asked(server)) == (f"{server.url}/feed.xml", 2, ["/feed.xml"])
    assert str(found.how).startswith("This address can be read as it is: ")


def test_the_feed_a_page_names_is_found_and_said() -> None:
    with scripted() as server:
        server.on("GET", "/", page(named("/comments/feed", "Comments") + named("/feed")))
        server.on("GET", "/feed", answer(200, FEED))
        found = look_for(server)
    assert found.address == f"{server.url}/feed"
    assert str(found.how) == "We found the feed that this page names."
    assert asked(server) == ["/", "/feed"]


def test_a_feed_that_moved_for_good_is_watched_where_it_is_now() -> None:
    with scripted() as server:
        server.on("GET", "/", page(named("/feed")))
        server.on("GET", "/feed", moved("/feed.xml", 301))
        server.on("GET", "/feed.xml", answer(200, FEED))
        assert look_for(server).address == f"{server.url}/feed.xml"


def test_a_named_feed_with_entries_comes_before_an_empty_one() -> None:
    with scripted() as server:
        server.on("GET", "/", page(named("/releases.rss", "Releases") + named("/feed", "All")))
        server.on("GET", "/releases.rss", answer(200, rss()))
        server.on("GET", "/feed", answer(200, FEED))
        assert look_for(server).address == f"{server.url}/feed"
        server.on("GET", "/feed", answer(500))
        empty = look_for(server)
    assert (empty.address, empty.reading.state) == (f"{server.url}/releases.rss", "empty")


def test_where_the_software_keeps_it() -> None:
    with scripted() as server:
        server.on("GET", "/channels/aoife", page('<meta name="generator" content="Funkwhale">'))
        server.on("GET", "/api/v1/channels/aoife/rss", answer(404))
        server.on("GET", "/api/v2/channels/aoife/rss", answer(200, FEED))
        found = look_for(server, "/channels/aoife")
    assert found.address == f"{server.url}/api/v2/channels/aoife/rss"
    assert str(found.how) == "We found the feed of this Funkwhale channel."


def test_a_page_without_a_mark_is_known_by_what_its_server_says() -> None:
    with scripted() as server:
        server.on("GET", "/@aoife", page())
        links = {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{server.url}/nodeinfo/2.1"}]}
        server.on("GET", "/.well-known/nodeinfo", data(links))
        server.on("GET", "/nodeinfo/2.1", data({"software": {"name": "gotosocial", "version": "0.19"}}))
        server.on("GET", "/@aoife/feed.rss", answer(200, FEED))
        found = look_for(server, "/@aoife")
    assert found.address == f"{server.url}/@aoife/feed.rss"
    assert str(found.how) == "We found the feed of this GoToSocial account."


def test_the_usual_places_come_last() -> None:
    with scripted() as server:
        server.on("GET", "/", page())
        server.on("GET", "/rss.xml", answer(200, FEED))
        found = look_for(server)
    assert (found.address, str(found.how)) == (f"{server.url}/rss.xml", "We found a feed at one of the usual places of this site.")


def test_nothing_found_says_what_was_tried_and_asked_little() -> None:
    with scripted() as server:
        server.on("GET", "/", page(body="".join(f'<a href="/{number}/feed">feed</a>' for number in range(50))))
        with pytest.raises(InvalidInput, match="none of the 6 other places") as refused:
            look_for(server)
    assert len(server.asked) == 1 + 6
    assert refused.value.field == "address"


def test_a_named_feed_that_cannot_be_had_is_the_reason() -> None:
    with scripted() as server:
        server.on("GET", "/", page(named("/feed")))
        server.on("GET", "/feed", answer(503))
        with pytest.raises(ServiceError, match="come back later"):
            look_for(server)


@pytest.mark.parametrize("trouble", [answer(404), reset(), answer(200, b"<html>no feed</html>"), answer(200, CHALLENGE)])
def test_one_bad_candidate_does_not_end_the_search(trouble: Reply) -> None:
    with scripted() as server:
        server.on("GET", "/", page(named("/albums.rss", "Albums") + named("/feed")))
        server.on("GET", "/albums.rss", trouble)
        server.on("GET", "/feed", answer(200, FEED))
        assert look_for(server).address == f"{server.url}/feed"


def test_a_candidate_that_never_answers_does_not_hold_the_person_up() -> None:
    with scripted() as server:
        server.on("GET", "/slow", silence())
        door = Door().admitting(server.place)
        with pytest.raises(ServiceError, match=r"too long|broke"):
            door.within(0.3).get(f"{server.url}/slow")


def test_a_page_from_outside_cannot_send_us_into_the_practice_servers() -> None:
    with scripted() as inside, scripted() as outside:
        inside.on("GET", "/feed", answer(200, FEED))
        outside.on("GET", "/", page(named(f"{inside.url}/feed") + named("http://10.0.0.1/feed")))

        class Outside(Door):
            """A door to whom the outside server is like any other public one."""

            def admits(self, url: str) -> bool:
                return url.startswith(inside.url)

            def within(self, seconds: float) -> Door:
                return self

        door = object.__new__(Outside)
        door.__dict__ |= Door().admitting(inside.place | outside.place).__dict__
        with pytest.raises(InvalidInput):
            find(door, f"{outside.url}/")
    assert inside.asked == []


def test_a_feed_that_says_where_it_lives_now_is_followed_when_it_is_there() -> None:
    with scripted() as server:
        new = f"<itunes:new-feed-url>{server.url}/new.xml</itunes:new-feed-url>"
        old = rss(item(1), channel=f"<title>Aoife</title>{new}")
        server.on("GET", "/old.xml", answer(200, old))
        server.on("GET", "/new.xml", answer(200, FEED))
        found = look_for(server, "/old.xml")
        if not found.reading.followed_by and found.address.endswith("/old.xml"):
            pytest.skip("this reader does not tell it")
        assert found.address == f"{server.url}/new.xml"
        server.on("GET", "/new.xml", answer(404))
        assert look_for(server, "/old.xml").address == f"{server.url}/old.xml"


def account(server: Scripted, **links: str) -> None:
    rels = {"page": ("http://webfinger.net/rel/profile-page", "text/html"), "actor": ("self", "application/activity+json")}
    told = [{"rel": rels[name][0], "type": rels[name][1], "href": href} for name, href in links.items()]
    server.on("GET", "/.well-known/webfinger", data({"subject": "acct:aoife@here", "links": told}))


def test_a_fediverse_name_leads_to_its_page_and_feed() -> None:
    with scripted() as server:
        account(server, actor=f"{server.url}/users/1", page=f"{server.url}/@aoife")
        server.on("GET", "/@aoife", page(named("/@aoife.rss")))
        server.on("GET", "/@aoife.rss", answer(200, FEED))
        found = look_for(server, "/.well-known/webfinger?resource=acct:aoife@here")
    assert found.address == f"{server.url}/@aoife.rss"


@pytest.mark.parametrize("reply", [answer(404), answer(400), data({"links": []}), answer(200, b"<html>"), data([])])
def test_a_name_that_nobody_has(reply: Reply) -> None:
    with scripted() as server:
        server.on("GET", "/.well-known/webfinger", reply)
        with pytest.raises(InvalidInput, match="no account of this name"):
            look_for(server, "/.well-known/webfinger?resource=acct:nobody@here")


def local(body: bytes, server: Scripted, domain: str = "https://aoife.bandcamp.com") -> bytes:
    return body.replace(domain.encode(), server.url.encode())


def label(*members: str) -> bytes:
    rows = "".join(f'<li><a href="{address}">x</a></li>' for address in members)
    return LABEL.replace(LABEL[LABEL.index(b"<li") : LABEL.index(b"</ol>")], rows.encode())


def test_a_labels_own_list_is_enough() -> None:
    with scripted() as server:
        server.on("GET", "/", answer(200, LABEL))
        server.on("GET", "/music", answer(200, local(grid_page([square("album-1", "Tall Ships", "/album/1")]), server)))
        found = look_for(server)
    assert (found.address, asked(server)) == (f"{server.url}/music", ["/", "/music"])
    assert str(found.how) == "We found the list of all releases of this Bandcamp artist."


def test_without_a_list_of_its_own_a_labels_artists_are_looked_at() -> None:
    with scripted() as server, scripted() as aoife, scripted() as bea, scripted() as down:
        members = [one.url.replace("127.0.0.1", f"127.0.0.{number}") for number, one in enumerate((aoife, down, bea), 1)]
        server.on("GET", "/music", answer(200, label(*(one.url for one in (aoife, down, bea)))))
        aoife.on("GET", "/music", answer(200, local(grid_page([square("album-1", "One", "/album/1")]), aoife)))
        bea.on("GET", "/music", answer(200, local(grid_page([square("album-2", "Two", "/album/2"), square("album-1", "One", "/a")]), bea)))
        down.on("GET", "/music", answer(500))
        door = Door().admitting(server.place | aoife.place | bea.place | down.place)
        reading = read(fetch(door, f"{server.url}/music").page)
        # on loopback all share one host, so the label's page names none of them: what a real page names is put in its place
        told = gather(door, type(reading)("bandcamp", follow=tuple(f"{one.url}/music" for one in (aoife, down, bea)), state="empty"))
    assert [one.guid for one in told.releases] == ["album-1", "album-2"]
    assert (told.state, told.gathered, len(members)) == ("ok", True, 3)
    assert told.follow[0] == f"{aoife.url}/album/1"


def test_artists_of_a_label_are_asked_politely() -> None:
    with scripted() as server:
        server.on("GET", "*", answer(200, local(grid_page([square("album-1", "One", "/album/1")]), server)))
        door = Door().admitting(server.place)
        many = type(read(fetch(door, f"{server.url}/a").page))(
            "bandcamp", follow=tuple(f"{server.url}/{n}" for n in range(40)), state="empty"
        )
        server.asked.clear()
        gather(door, many)
        assert len(server.asked) == 10
        server.on("GET", "*", answer(200, CHALLENGE))
        server.asked.clear()
        told = gather(door, many)
        assert (told.releases, told.state, told.gathered) == ((), "empty", True)
        assert gather(door, told) is told
        assert len(server.asked) == 1


def test_a_robot_check_is_a_calm_reading() -> None:
    with scripted() as server:
        server.on("GET", "/music", answer(200, CHALLENGE))
        found = look_for(server, "/music")
    assert (found.reading.state, found.reading.source) == ("robot_check", "bandcamp")


def test_pages_of_entries_are_only_followed_where_the_reading_says_so() -> None:
    with scripted() as server:
        server.on("GET", "/feed", answer(200, FEED))
        reading = read(fetch(Door().admitting(server.place), f"{server.url}/feed").page)
        assert follow(Door().admitting(server.place), reading, reading.releases, most=5, seconds=5) == {}
        assert json.dumps(asked(server)) == '["/feed"]'
