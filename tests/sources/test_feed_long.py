"""Long feeds in either order, blank lines where none may be, links and pictures as people and programs write them."""

import pytest

from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, Reading

DAYS = [
    f"<pubDate>{1 + number % 28:02} {('Jan', 'Feb', 'Mar')[number // 28 % 3]} {2000 + number // 84} 10:00:00 GMT</pubDate>"
    for number in range(600)
]


def read(*items: str, before: str = '<?xml version="1.0"?>') -> Reading:
    body = f'{before}<rss version="2.0"><channel><title>Aoife</title>{"".join(items)}</channel></rss>'
    return read_page(Fetched("https://aoife.example/feed", body.encode(), 200, {"content-type": "application/rss+xml"}))


def item(number: int, more: str = "") -> str:
    return f"<item><title>Song {number}</title><link>https://aoife.example/{number}</link><guid>{number}</guid>{more}</item>"


@pytest.mark.parametrize("broken", ["", "&nbsp;"])
@pytest.mark.parametrize("upwards", [True, False])
def test_the_newest_of_a_long_feed_are_read_in_whatever_order(upwards: bool, broken: str) -> None:
    numbers = range(600) if upwards else range(599, -1, -1)
    reading = read(*(item(number, DAYS[number] + f"<description>{broken}</description>") for number in numbers))
    titles = {release.title for release in reading.releases}
    assert "Song 599" in titles
    assert "Song 0" not in titles
    assert len(titles) <= 500
    if not broken:
        assert str(reading.notes[0]) == "This feed is very long: we read its newest 500 entries. Older ones are not listed here."


def test_a_long_feed_without_dates_is_read_from_its_beginning() -> None:
    reading = read(*(item(number) for number in range(600)))
    assert [len(reading.releases), reading.releases[0].title, len(reading.notes)] == [500, "Song 0", 1]
    assert read(*(item(number) for number in range(500))).notes == ()


@pytest.mark.parametrize("before", ["\n\n  ", "\r\n", "\ufeff\n"])
def test_blank_lines_before_the_declaration_are_no_damage(before: str) -> None:
    reading = read(item(1), before=before + '<?xml version="1.0" encoding="UTF-8"?>\n')
    assert (len(reading.releases), reading.notes) == (1, ())


def test_an_address_without_its_beginning_is_one_all_the_same() -> None:
    assert read("<item><title>A</title><link>www.aoife.example/a</link></item>").releases[0].url == "https://www.aoife.example/a"


@pytest.mark.parametrize(
    "dot",
    [
        '<img src="https://pixel.wp.com/b.gif?host=aoife">',
        '<img src="https://stats.example/t.gif" width="1" height="1">',
        '<img width=1 height=1 src="https://stats.example/t.gif"/>',
        '<img class="wp-smiley" src="https://s.w.org/images/core/emoji/72x72/1f3b5.png">',
        '<img src="https://s.w.org/i/1f3b5.png" alt="🎵" class="emoji" />',
    ],
)
def test_dots_that_count_readers_and_smileys_are_no_covers(dot: str) -> None:
    text = f'<description><![CDATA[{dot} Out now! <img src="https://aoife.example/cover.jpg" width="1200" height="100">]]></description>'
    assert read(item(1, text)).releases[0].cover_url == "https://aoife.example/cover.jpg"
