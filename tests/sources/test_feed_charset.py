"""Feeds that do not say in which encoding they are written, in the alphabets of the world."""

import pytest

from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_charset import as_utf8

WORDS = {
    "koi8_r": "Новый альбом уже вышел",
    "cp1251": "Весна священная",
    "big5": "我們的新專輯今天發行",
    "gb2312": "我们的新专辑今天发行",
    "shift_jis": "新しいアルバムが今日発売されます",
    "euc_jp": "新しいアルバムが今日発売されます",
    "euc_kr": "새 앨범이 오늘 나왔습니다",
    "cp1253": "Το νέο μας άλμπουμ κυκλοφόρησε σήμερα",
    "cp1255": "האלבום החדש שלנו יצא היום",
}


def feed(title: str, declaration: str = "") -> str:
    """Two entries."""
    items = "".join(f"<item><title>{title}</title><link>https://aoife.example/{number}</link></item>" for number in (1, 2))
    return f'{declaration}<rss version="2.0"><channel><title>Aoife</title>{items}</channel></rss>'


def title(body: bytes, content_type: str = "application/rss+xml") -> str:
    return read_page(Fetched("https://aoife.example/feed", body, 200, {"content-type": content_type})).releases[0].title


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-8"?>'])
@pytest.mark.parametrize("encoding", WORDS)
def test_letters_tell_an_encoding_that_nobody_tells(encoding: str, declaration: str) -> None:
    assert title(feed(WORDS[encoding], declaration).encode(encoding)) == WORDS[encoding]


@pytest.mark.parametrize("words", ["Für Élise – déjà vu", "Sólstafir: Ísland, þú ert það", "Œuvre «été» à Nîmes, où l’été naît"])
def test_western_letters_stay_what_they_were(words: str) -> None:
    assert title(feed(words).encode("cp1252")) == words


def test_what_is_told_is_believed() -> None:
    declared = feed("Весна", '<?xml version="1.0" encoding="koi8-r"?>').encode("koi8-r")
    told = feed("Весна").encode("koi8-r")
    assert title(declared) == "Весна"
    assert title(told, "text/xml; charset=koi8-r") == "Весна"
    assert as_utf8(declared) is declared
    assert as_utf8(told, "text/xml; charset=koi8-r") is told


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss>",
        feed("Новый альбом").encode(),
        feed("Новый альбом").encode()[:-1] + b"\xff",
        feed("Новый альбом уже вышел").encode().replace(b"</title>", b"\xe0</title>"),
        feed("Новый альбом").encode("utf-16"),
        b"\x80" * 50_000,
        bytes(range(256)) * 100,
    ],
)
def test_utf_8_and_nonsense_stay_as_they_are(body: bytes) -> None:
    assert as_utf8(body) == body or b"<title>" not in body
