"""A Bandcamp artist page lists releases; a label's lists artists; some list nothing; some are no page at all but a robot check."""

from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, Price, Reading
from tests.sources.pages import CHALLENGE, LABEL, STUB, grid_page, square

ADDRESS = "https://aoife.bandcamp.com/music"


def reading(body: bytes, address: str = ADDRESS) -> Reading:
    return read_page(Fetched(address, body))


def test_a_grid_lists_releases_without_prices() -> None:
    page = grid_page(
        [
            square("album-1", "Tall Ships", "/album/tall-ships"),
            square("track-2", "Wellerman", "https://bea.bandcamp.com/track/wellerman?label=12&tab=music", override="Bea", lazy=True),
        ]
    )
    first, second = reading(page).releases
    assert (first.guid, first.kind, first.title, first.artist) == ("album-1", "album", "Tall Ships", "Aoife")
    assert first.url == "https://aoife.bandcamp.com/album/tall-ships"
    assert first.cover_url == "https://f4.bcbits.com/img/a1847291627_10.jpg"
    assert (second.guid, second.kind, second.title, second.artist) == ("track-2", "track", "Wellerman", "Bea")
    assert second.url == "https://bea.bandcamp.com/track/wellerman"
    assert second.cover_url == "https://f4.bcbits.com/img/a0220866688_10.jpg"
    assert first.price == second.price == Price("unknown")
    assert reading(page).follow == (first.url, second.url)


def test_a_long_grid_continues_in_its_data() -> None:
    squares = [square(f"album-{number}", f"Album {number}", f"/album/{number}") for number in range(1, 17)]
    later: list[dict[str, object]] = [
        {
            "art_id": number,
            "artist": None,
            "band_id": 7,
            "id": number,
            "page_url": f"/album/{number}",
            "type": "album",
            "title": f"Album {number} & more",
        }
        for number in range(17, 301)
    ]
    later.append({"id": 900, "type": "album", "title": "Hidden", "page_url": "/album/hidden", "filtered": True})
    found = reading(grid_page(squares, later)).releases
    assert [one.guid for one in found] == [f"album-{number}" for number in range(1, 301)]
    assert (found[299].title, found[299].cover_url) == ("Album 300 & more", "https://f4.bcbits.com/img/a0000000300_10.jpg")


def test_hidden_and_nameless_squares_are_skipped() -> None:
    page = grid_page(
        [
            square("album-1", "Shown", "/album/1"),
            square("album-2", "Hidden", "/album/2", style="display: none"),
            square("merch-3", "Shirt", "/merch/3"),
            square("album-0", "Zero", "/album/0"),
            square("album-1", "Twice", "/album/1"),
        ]
    )
    assert [one.title for one in reading(page).releases] == ["Shown"]


def test_a_label_page_points_to_its_music() -> None:
    label = reading(LABEL, "https://salt.bandcamp.com/")
    assert (label.releases, label.follow) == ((), ("https://salt.bandcamp.com/music",))
    assert "artists of a label" in str(label.notes[0])
    assert reading(LABEL, "https://salt.bandcamp.com/music").follow == ()


def test_an_empty_profile_and_a_robot_check_are_calm() -> None:
    empty, robot = reading(STUB), reading(CHALLENGE)
    assert (empty.source, empty.state, empty.releases, len(empty.notes)) == ("bandcamp", "empty", (), 1)
    assert (robot.source, robot.state, robot.releases, len(robot.notes)) == ("bandcamp", "robot_check", (), 1)


def test_an_empty_grid_is_an_empty_profile() -> None:
    assert reading(grid_page([])).state == "empty"
