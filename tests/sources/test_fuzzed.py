"""What long fuzzing (`python -m bench fuzz`) found: inputs that once broke a reader. Each is refused with a sentence, or read well."""

import pytest

from creatorbot.sources.base import Fetched
from tests.contracts.source_contract import outcome, survives

FOUND = {
    "an end without its beginning": b"<rss><channel></creativeCommons:license></channel></rss>",
    "letters named with a zero": b'<?xml encoding="\x00"?><rss><channel><item><title>x</title></item></channel></rss>',
    "letters named with a zero, alone": b'<?encoding="\x00"?>',
    "declarations by the thousand": b"<!DOCTYPE" * 30_000,
    "a declaration of blanks": b"<!DOCTYPE" + b" " * 100_000,
    "blank lines by the hundred thousand": b"<?xml version='1.0' encoding='latin-1'?>" + b"\n" * 500_000 + b"<rss><channel/></rss>",
    "blank lines of two bytes": ("\ufeff" + "\n" * 200_000 + "<rss><channel/></rss>").encode("utf-16-le"),
    "a declaration that goes on and on": b"<?xml" + b' encoding="a"' * 5_000 + b"?><rss>",
    "a line full of quotes": b"<?xml version='1.0' encoding='latin-1'?><rss><a>encoding='x' " + b"a'" * 200_000 + b"</a></rss>",
    "a name without end": b"<rss version='2.0'><channel><item><title>x</title><dc:creator>Aoif" + b"e" * 400_000,
    "a link of a blank that is none": b"<rss><channel><item><title>x</title><link>:\xa0/</link></item></channel></rss>",
    "a grid within a grid within a grid": b'<meta name="generator" content="Bandcamp"><script data-band="{}"></script><ol id=music-grid>'
    + b"<li data-item-id=album-1><ol class=music-grid>" * 1_000
    + b"<br>" * 15_000,
    "open elements by the ten thousand": b"<rss><channel><item>" + b"<div><p>" * 26_000,
}


@pytest.mark.parametrize("name", FOUND)
def test_what_once_broke_a_reader_is_refused_or_read(name: str) -> None:
    survives(Fetched("https://aoife.example/feed", FOUND[name]))


def bomb(letters: str = "utf-8") -> bytes:
    """Abbreviations of abbreviations of abbreviations, all on one line."""
    named = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    return f"<!DOCTYPE rss [{''.join(named)}]><rss><channel><item><title>Tall &a11; Ships</title></item></channel></rss>".encode(letters)


@pytest.mark.parametrize("letters", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_abbreviations_do_not_grow(letters: str) -> None:
    reading = outcome("feed", Fetched("https://aoife.example/feed", bomb(letters)))
    assert reading is None or all(len(release.title) < 50 for release in reading.releases)


def test_the_abbreviations_of_old_feeds_are_read() -> None:
    old = b'<!DOCTYPE rss [<!ENTITY eacute "&#233;">\n<!ENTITY copy "(c)">]>'
    reading = outcome("feed", Fetched("", old + b"<rss><channel><item><title>Caf&eacute; &copy;</title></item></channel></rss>"))
    assert reading is not None
    assert [release.title for release in reading.releases] == ["Café (c)"]


@pytest.mark.parametrize("letters", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="utf-16"?>', '<?xml version="1.0" encoding="iso-8859-1"?>'])
def test_letters_of_several_bytes_are_told_by_their_bytes(letters: str, declared: str) -> None:
    text = f"{declared}<rss><channel><item><title>Ólafur 東京</title></item></channel></rss>"
    page = Fetched("", text.encode(letters), headers={"content-type": "text/xml; charset=iso-8859-1"})
    reading = outcome("feed", page)
    assert reading is not None
    assert [release.title for release in reading.releases] == ["Ólafur 東京"]


def test_of_a_heavy_feed_that_must_be_read_slowly_the_newest_entries_are_read() -> None:
    entry = "<item><title>Song %d</title>" + "<category>a</category>" * 100 + "</item>"
    body = "<!DOCTYPE rss><rss><channel>" + "".join(entry % number for number in range(400)) + "</channel></rss>"
    reading = outcome("feed", Fetched("https://aoife.example/feed", body.encode()))
    assert reading is not None
    assert [release.title for release in reading.releases[:3]] == ["Song 0", "Song 1", "Song 2"]
    assert len(reading.releases) >= 50
