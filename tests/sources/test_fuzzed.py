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
