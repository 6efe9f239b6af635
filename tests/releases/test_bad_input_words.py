"""Strange feeds: built to be heavy, in the wrong letters, without what every entry has, or with words that pretend to be something."""

from collections.abc import Iterator

import pytest

from creatorbot.announcements.text import harmless
from creatorbot.announcements.wordings.fill import fill
from creatorbot.runtime import Runtime
from tests.releases.rows import feed
from tests.releases.strangers import Strangers, strangers
from tests.servers.scripted import answer
from tests.sources.pages import item, rss

XML_HEAD = '<?xml version="1.0"?>'


@pytest.fixture
def two(runtime: Runtime) -> Iterator[Strangers]:
    """Two sources, both known."""
    with strangers(runtime, names={"inside.example": [["10.0.0.5"]]}) as found:
        yield found.begin()


def laughs(levels: int = 12) -> bytes:
    """Entities made of entities made of entities."""
    named = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))]
    return (
        f"{XML_HEAD}<!DOCTYPE rss [{''.join(named)}]><rss><channel><title>&a{levels - 1};</title>{one(2)}{one(1)}</channel></rss>".encode()
    )


def one(number: int, inside: str = "") -> str:
    return f"<item>{item(number)}{inside}</item>"


def with_entity(declared: str) -> bytes:
    return f"{XML_HEAD}<!DOCTYPE rss [{declared}]><rss><channel><item>{item(2, title='&x; song')}</item>{one(1)}</channel></rss>".encode()


HEAVY = {
    "billion laughs": laughs(),
    "one long entity, often": (
        f'{XML_HEAD}<!DOCTYPE rss [<!ENTITY x "{"ha" * 50_000}">]><rss><channel><title>{"&x;" * 20_000}</title>{one(1)}</channel></rss>'
    ).encode(),
    "ten thousand deep": b"<rss><channel><item><title>" + b"<b>" * 100_000 + b"</title></item></channel></rss>",
    "a tag of fifty thousand names": b"<rss><channel><item "
    + b" ".join(b'a%d="1"' % n for n in range(50_000))
    + b"></item></channel></rss>",
    "very many entries": b"<rss><channel>" + b"<item><title>x</title></item>" * 150_000 + b"</channel></rss>",
    "very many references": b"<rss><channel><title>" + b"&amp;" * 900_000 + b"</title></channel></rss>",
    "a comment without end": b"<rss><channel><!--" + b" " * 3_000_000,
    "brackets only": b"<" * 4_000_000,
    "a JSON feed ten thousand deep": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000,
    "lists in lists": b"[" * 3_000_000,
    "a page of nothing but tables": b"<!doctype html>" + b"<table><tr><td>" * 200_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_built_to_be_heavy_is_put_down_quickly(two: Strangers, name: str) -> None:
    suffering = two.suffer(feed(HEAVY[name]))
    assert "Song 1" in two.titles(two.bad)
    assert suffering.state == "ok" or suffering.sentence.endswith(".")
    assert all(len(title) <= 300 for title in two.titles(two.bad))
    if len(two.titles(two.bad)) == 1:
        two.heal()


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://bad.example/secret">',
        '<!ENTITY x SYSTEM "http://inside.example/secret">',
        '<!ENTITY % y SYSTEM "http://bad.example/secret"> %y;',
        '<!ENTITY x PUBLIC "-//a//b" "http://bad.example/secret">',
    ],
)
def test_a_feed_cannot_make_us_open_anything(two: Strangers, declared: str) -> None:
    two.place.server.on("GET", "/secret", answer(200, b'<!ENTITY x "root:secret">'))
    two.suffer(feed(with_entity(declared)))
    assert two.place.server.times("GET", "/secret") == 0
    told = " ".join(f"{release.title} {release.description}" for release in two.place.releases())
    assert "root:" not in told
    assert set(two.world.resolved) == {"bad.example", "good.example"}


NAME = "Ólafur – þjóðlög №2"
LETTERS = {
    "utf-8, said": ('<?xml version="1.0" encoding="utf-8"?>{}', "utf-8", "application/rss+xml; charset=utf-8"),
    "utf-8, nothing said": ("{}", "utf-8", "application/rss+xml"),
    "utf-8, said to be latin": ('<?xml version="1.0" encoding="iso-8859-1"?>{}', "utf-8", "application/rss+xml; charset=utf-8"),
    "utf-16 with its mark": ("{}", "utf-16", "application/rss+xml"),
    "windows letters, said in the page": ('<?xml version="1.0" encoding="windows-1252"?>{}', "windows-1252", "application/rss+xml"),
    "said as something that is not": ('<?xml version="1.0" encoding="klingon"?>{}', "utf-8", "application/rss+xml; charset=klingon"),
}


@pytest.mark.parametrize("name", LETTERS)
def test_letters_are_read_as_they_were_meant(two: Strangers, name: str) -> None:
    form, letters, kind = LETTERS[name]
    title = NAME if letters != "windows-1252" else NAME.replace("№", "Nr")
    text = form.format(f"<rss version='2.0'><channel>{one(1)}<item>{item(2, title=title)}</item></channel></rss>")
    two.suffer(answer(200, text.encode(letters), {"Content-Type": kind}))
    assert two.titles(two.bad) == ["Song 1", title]


@pytest.mark.parametrize("letters", ["latin-1", "koi8-r", "big5", "utf-16-be", "utf-7"])
def test_wrong_letters_lose_no_release(two: Strangers, letters: str) -> None:
    text = f"<rss version='2.0'><channel>{one(1)}<item>{item(2, title='Song Zwei')}</item></channel></rss>"
    suffering = two.suffer(answer(200, text.encode(letters) + b"\xff\xfe\x80", {"Content-Type": "text/xml; charset=utf-8"}))
    assert two.titles(two.bad)[0] == "Song 1"
    assert suffering.state == "ok" or suffering.sentence


MISSING = {
    "no id": "<title>Two</title><link>https://aoife.example/2</link>",
    "no link": "<title>Two</title><guid>two</guid>",
    "no title": "<guid>two</guid><description>Two and a half songs</description>",
    "only a title": "<title>Two</title>",
    "only a text": "<description>Two</description>",
    "nothing at all": "",
    "a date that is none": "<title>Two</title><guid>two</guid><pubDate>yesterday, at noon</pubDate>",
    "a day that does not exist": "<title>Two</title><guid>two</guid><pubDate>Wed, 31 Feb 2026 25:61:61 +9999</pubDate>",
    "the year 99999": "<title>Two</title><guid>two</guid><pubDate>Wed, 01 Jan 99999 00:00:00 GMT</pubDate>",
    "an address that is none": "<title>Two</title><guid>two</guid><link>javascript:alert(1)</link>",
    "an address into the house": "<title>Two</title><guid>two</guid><link>http://192.168.1.1/reboot</link>",
    "an id of a megabyte": f"<title>Two</title><guid>{'x' * 1_000_000}</guid>",
    "a picture that is none": "<title>Two</title><guid>two</guid><enclosure url='ftp://x/y' type='image/png' length='-1'/>",
}


@pytest.mark.parametrize("name", MISSING)
def test_an_entry_that_lacks_something_is_found_once(two: Strangers, name: str) -> None:
    body = rss(item(1), MISSING[name])
    for _ in range(3):
        assert two.suffer(feed(body)).state == "ok"
    assert two.titles(two.bad)[0] == "Song 1"
    assert len(two.titles(two.bad)) == 2
    release = [release for release in two.place.releases() if release.source_id == two.bad][1]
    assert release.title.strip()
    assert release.url == "" or release.url.startswith(("http://", "https://"))


def test_the_same_id_on_every_entry_makes_no_flood(two: Strangers) -> None:
    body = rss(*(item(number, guid="same") for number in range(1, 4)))
    two.suffer(feed(body))
    first = two.titles(two.bad)
    two.suffer(feed(body))
    assert two.titles(two.bad) == first
    assert first[0] == "Song 1"


TITLES = {
    "markup": ("&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;Tall&lt;/b&gt; Ships", "Tall Ships"),
    "markup, escaped twice": ("&amp;lt;b&amp;gt;Tall&amp;lt;/b&amp;gt; Ships", "Tall Ships"),
    "a picture that runs something": ("Tall &lt;img src=x onerror=alert(1)&gt; Ships", "Tall Ships"),
    "letters turned around": ("Tall \u202espihS\u202c", "Tall spihS"),
    "islands of direction": ("Tall \u2066Ships\u2069", "Tall Ships"),
    "lines": ("Tall\n\n\tShips\u2028now", "Tall Ships now"),
    "a heart": ("I &lt;3 Ships", "I <3 Ships"),
    "signs nobody sees": ("Tall\u200b \ufeffShi\u00adps\u2060", "Tall Ships"),
    "letters of their own": ("Ships 👩\u200d🎤", "Ships 👩\u200d🎤"),
    "control": ("Tall\x7f Ships", "Tall Ships"),
}


@pytest.mark.parametrize("name", TITLES)
def test_titles_are_plain_words(two: Strangers, name: str) -> None:
    written, read = TITLES[name]
    two.suffer(feed(rss(item(1), item(2, title=written))))
    assert two.titles(two.bad) == ["Song 1", read]


def test_a_title_that_nobody_can_see_gets_a_name(two: Strangers) -> None:
    two.suffer(feed(rss(item(1), item(2, title="\u200b\u2060\u3164\u2800\u00ad"))))
    assert two.titles(two.bad) == ["Song 1", "Untitled"]


POSTED = {
    "a mention": ("Thanks @bob@server.example and @carol!", ("@bob", "@carol")),
    "a mention behind a sign nobody sees": ("Hi @\u200bbob@server.example", ("@bob", "@server")),
    "mail": ("Write to aoife@mail.example", ("aoife@mail",)),
    "a link": ("Free money: https://evil.example/x HTTP://evil.example", ("http://", "https://", "HTTP://")),
    "a link within a link": ("hthttps://tps://evil.example", ("https://", "http://")),
    "turned around": ("\u202eevil\u2066", ("\u202e", "\u2066")),
    "lines": ("one\n@bob\r\ntwo\u0085three", ("\n", "\r", "\u0085", "@bob")),
}


@pytest.mark.parametrize("name", POSTED)
def test_a_posts_words_from_outside_call_nobody_and_lead_nowhere_else(name: str) -> None:
    title, never = POSTED[name]
    values = {"title": harmless(title), "artist": harmless(title), "link": "https://a.example/l/abc"}
    said = fill("{title} by {artist}\n{link}", values)
    assert said.count("\n") == 1
    assert said.count("://") == 1
    first_line = said.split("\n")[0]
    assert not any(part in first_line for part in never)


def test_words_that_look_like_ours_are_not_filled_in() -> None:
    said = fill("{title}\n{link}", {"title": harmless("{link}{artist}"), "artist": "Aoife", "link": "https://a.example/l/abc"})
    assert said == "{link}{artist}\nhttps://a.example/l/abc"
