"""`creatorbot inspect`: what would be found, from a file or an address, without storing anything."""

from pathlib import Path

import orjson
import pytest

from creatorbot.cli.inspect import inspect
from creatorbot.releases.polling.looking import PAGE_BYTES
from creatorbot.security.http import Door
from tests.servers.scripted import Reply, answer, moved, reset, scripted
from tests.sources.pages import CHALLENGE, STUB, grid_page, item, linked, offer, release_page, rss, square, tralbum

PAGE = release_page(
    tralbum(minimum_price=1980.0, url="/album/tall-ships"),
    linked(offer(4001, "a", "JPY", {"minPrice": 1980.0})),
    licence='<a class="cc-icons" href="http://creativecommons.org/licenses/by-nc-sa/3.0/de/">some rights reserved</a>',
)


def printed(capfd: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(capfd.readouterr().out)
    return found


def test_the_json_of_a_release(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    assert inspect(str(path), "https://aoife.bandcamp.com/album/tall-ships", True, Door()) == 0
    assert printed(capfd) == {
        "source": "bandcamp",
        "notes": [],
        "releases": [
            {
                "title": "Tall Ships",
                "artist": "Aoife",
                "url": "https://aoife.bandcamp.com/album/tall-ships",
                "kind": "album",
                "part_of": None,
                "guid": "album-4001",
                "released_on": "2026-11-06",
                "licence": "CC-BY-NC-SA-3.0-DE",
                "price": {"model": "minimum", "amount": "1980", "suggested": None, "currency": "JPY"},
                "cover_url": "https://f4.bcbits.com/img/a0220866688_10.jpg",
                "player_url": None,
                "audio_url": None,
                "tags": ["Folk", "shanty", "Galway"],
            }
        ],
    }


def test_entries_of_a_grid_have_no_price(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "music.html"
    path.write_bytes(grid_page([square("album-1", "Tall Ships", "/album/tall-ships")]))
    assert inspect(str(path), None, True, Door()) == 0
    (release,) = printed(capfd)["releases"]  # type: ignore[misc]
    assert release["url"] == "https://aoife.bandcamp.com/album/tall-ships"
    assert release["price"] == {"model": "unknown", "amount": None, "suggested": None, "currency": None}


@pytest.mark.parametrize("body", [CHALLENGE, STUB])
def test_calm_pages_end_well_with_one_note(tmp_path: Path, capfd: pytest.CaptureFixture[str], body: bytes) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(body)
    assert inspect(str(path), None, True, Door()) == 0
    found = printed(capfd)
    assert (found["source"], found["releases"], len(found["notes"])) == ("bandcamp", [], 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body", [b"", b"<html><p>Hello</p></html>", b"x" * (PAGE_BYTES + 1), b'{"version": "https://jsonfeed.org/version/1"}']
)
def test_what_cannot_be_read_ends_with_2_and_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str], body: bytes) -> None:
    path = tmp_path / "page"
    path.write_bytes(body)
    assert inspect(str(path), None, True, Door()) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.strip()
    assert len(told.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "target",
    [
        "nowhere.html/",
        "/nowhere/page.html",
        "aoife",
        "",
        "http://10.0.0.1/",
        "ftp://aoife.example/x",
        "\0",
        "x" * 5_000,
    ],
)
def test_what_is_neither_file_nor_address(capfd: pytest.CaptureFixture[str], target: str) -> None:
    assert inspect(target, None, False, Door()) == 2
    assert len(capfd.readouterr().err.strip().splitlines()) == 1


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Aoife",
    "items": [{"id": "1", "url": "https://aoife.example/r/1", "title": "Tall Ships", "content_text": "Out."}],
}
LIVE = {
    "online": True,
    "name": "Aoife live",
    "streamTitle": "Shanties at nine",
    "lastConnectTime": "2026-11-06T21:00:00Z",
    "viewerCount": 3,
    "versionNumber": "0.2.3",
}
FOR_THE_APP = {
    "id": 4001,
    "type": "a",
    "title": "Tall Ships",
    "tralbum_artist": "Aoife",
    "bandcamp_url": "https://aoife.bandcamp.com/album/tall-ships",
    "currency": "EUR",
    "price": 7.0,
    "is_purchasable": True,
}


@pytest.mark.parametrize(
    ("document", "source", "title", "kind"),
    [
        (JSON_FEED, "jsonfeed", "Tall Ships", "unknown"),
        (LIVE, "owncast", "Shanties at nine", "stream"),
        (FOR_THE_APP, "bandcamp", "Tall Ships", "album"),
    ],
)
def test_files_that_are_no_markup(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], document: dict[str, object], source: str, title: str, kind: str
) -> None:
    path = tmp_path / "page.json"
    path.write_bytes(orjson.dumps(document))
    assert inspect(str(path), "https://aoife.example/api/status", True, Door()) == 0
    found = printed(capfd)
    assert found["source"] == source
    (release,) = found["releases"]  # type: ignore[misc]
    assert (release["title"], release["kind"]) == (title, kind)


def test_a_saved_page_that_names_its_feed_says_which(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>')
    assert inspect(str(path), "https://aoife.example/music", True, Door()) == 2
    assert "https://aoife.example/feed" in capfd.readouterr().err


def test_an_address_says_how_its_feed_was_found(capfd: pytest.CaptureFixture[str]) -> None:
    with scripted() as server:
        page = '<html><head><meta name="generator" content="Funkwhale"></head></html>'
        server.on("GET", "/channels/aoife", answer(200, page))
        server.on("GET", "/api/v1/channels/aoife/rss", answer(200, rss(item(1), item(2))))
        server.on("GET", "/music", answer(200, CHALLENGE))
        door = Door().admitting(server.place)
        assert inspect(f"{server.url}/channels/aoife", None, True, door) == 0
        found = printed(capfd)
        assert inspect(f"{server.url}/music", None, True, door) == 0
        robot = printed(capfd)
    assert sorted(found) == ["notes", "releases", "source"]
    assert found["notes"][0] == "We found the feed of this Funkwhale channel."  # type: ignore[index]
    assert len(found["releases"]) == 2  # type: ignore[arg-type]
    assert (robot["releases"], len(robot["notes"])) == ([], 1)  # type: ignore[arg-type]


def test_an_address_is_fetched_through_the_door(capfd: pytest.CaptureFixture[str]) -> None:
    with scripted() as server:
        server.on("GET", "/", answer(200, b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'))
        server.on("GET", "/feed", moved("/feed.xml"))
        server.on("GET", "/feed.xml", answer(200, rss(item(1, link="/r/1"))))
        assert inspect(server.url, None, True, Door().admitting(server.place)) == 0
        (release,) = printed(capfd)["releases"]  # type: ignore[misc]
        assert release["url"] == f"{server.url}/r/1"
        assert inspect(server.url, None, True, Door()) == 2


@pytest.mark.parametrize(
    ("reply", "status"),
    [(answer(404, rss(item(1))), 2), (answer(500), 2), (reset(), 2), (answer(403, CHALLENGE), 0), (answer(200, CHALLENGE), 0)],
)
def test_bad_days_of_servers(reply: Reply, status: int) -> None:
    with scripted() as server:
        server.on("GET", "/feed.xml", reply)
        assert inspect(f"{server.url}/feed.xml", None, True, Door().admitting(server.place)) == status


def test_in_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    assert inspect(str(path), None, False, Door()) == 0
    assert "- Tall Ships (Aoife)\n  album, 2026-11-06, minimum 1980 JPY, CC-BY-NC-SA-3.0-DE\n" in capfd.readouterr().out
