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


def test_a_labels_artists_are_followed_after_its_own_list() -> None:
    label = reading(LABEL, "https://salt.bandcamp.com/")
    assert (label.releases, label.state) == ((), "empty")
    assert label.follow == ("https://salt.bandcamp.com/music", "https://aoife.bandcamp.com/music")
    assert "artists of a label" in str(label.notes[0])
    assert reading(LABEL, "https://salt.bandcamp.com/music").follow == ("https://aoife.bandcamp.com/music",)


def test_of_a_labels_artists_only_shown_ones_with_a_site_of_their_own_count() -> None:
    squares = (
        '<li class="artists-grid-item"><a href="https://aoife.bandcamp.com?label=12&amp;tab=artists">Aoife</a></li>',
        '<li class="artists-grid-item"><a href="https://aoife.bandcamp.com/music">Aoife again</a></li>',
        '<li class="artists-grid-item"><a href="https://music.bea.example/">Bea</a></li>',
        '<li class="artists-grid-item" style="display:none"><a href="https://hidden.bandcamp.com">Hidden</a></li>',
        '<li class="artists-grid-item"><a href="/artists?page=2">More</a></li>',
        '<li class="artists-grid-item"><a href="javascript:alert(1)">Bad</a></li>',
    )
    page = LABEL.replace(LABEL[LABEL.index(b"<li") : LABEL.index(b"</ol>")], "".join(squares).encode())
    assert reading(page, "https://salt.bandcamp.com/music").follow == (
        "https://aoife.bandcamp.com/music",
        "https://music.bea.example/music",
    )
    many = "".join(f'<li><a href="https://artist{number}.bandcamp.com">{number}</a></li>' for number in range(300))
    page = LABEL.replace(LABEL[LABEL.index(b"<li") : LABEL.index(b"</ol>")], many.encode())
    assert len(reading(page, "https://salt.bandcamp.com/music").follow) == 50


def test_the_featured_release_above_the_grid_is_one_of_the_releases() -> None:
    page = grid_page([square("album-1", "Tall Ships", "/album/tall-ships"), square("album-2", "Old Demos", "/album/old-demos")])
    featured = f'<ol class="featured-grid">{square("album-2", "Old Demos", "/album/old-demos")}</ol><ol id="music-grid"'
    assert [one.guid for one in reading(page.replace(b'<ol id="music-grid"', featured.encode())).releases] == ["album-2", "album-1"]


def test_an_empty_profile_and_a_robot_check_are_calm() -> None:
    empty, robot = reading(STUB), reading(CHALLENGE)
    assert (empty.source, empty.state, empty.releases, len(empty.notes)) == ("bandcamp", "empty", (), 1)
    assert (robot.source, robot.state, robot.releases, len(robot.notes)) == ("bandcamp", "robot_check", (), 1)


def test_an_empty_grid_is_an_empty_profile() -> None:
    assert reading(grid_page([])).state == "empty"
