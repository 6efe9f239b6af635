"""The release page: what a fan reads, what a server draws a card from, and how it looks up to date."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from creatorbot.links.licence import read_licence
from creatorbot.links.pages import colour, parts, shops
from creatorbot.links.pages import release as page
from creatorbot.links.pages.parts import ArtistFacts
from creatorbot.models import Cover, Release

NOW = datetime(2026, 11, 20, tzinfo=UTC)
AOIFE = ArtistFacts(1, "Aoife Marsh", "en", "EUR", "#b4432e", 700, 100, byline="@aoife@music.example", takes_tips=True)
BASE = "https://music.example.org"
COVER = Cover(
    id=1, content_hash="ab" * 20, mime="image/png", width=1400, height=1400, card_width=630, card_height=630, bytes=9, created_at=NOW
)


def release(**more: object) -> Release:
    given_facts: dict[str, object] = {
        "id": 1,
        "artist_id": 1,
        "title": "Tall Ships",
        "artist_name": "Aoife Marsh",
        "kind": "album",
        "tracks": 8,
        "url": "https://aoife.bandcamp.com/album/tall-ships",
        "released_on": date(2026, 6, 12),
        "price_model": "pay_what_you_want",
        "price_currency": "EUR",
        "licence": "CC-BY-SA-4.0",
        "tags": [],
        "first_seen_at": NOW,
        "changed_at": NOW,
        **more,
    }
    return Release(**given_facts)


def built(artist: ArtistFacts = AOIFE, cover: Cover | None = COVER, shop_kind: str = "bandcamp", **more: object) -> bytes:
    made = release(**more)
    return page.build(artist, made, cover, base=BASE, shops=[(made.url, shop_kind)]).body("abcd2345")


def tree(body: bytes) -> LexborHTMLParser:
    return LexborHTMLParser(body.decode())


def meta(body: bytes) -> dict[str, str]:
    return {
        str(node.attributes.get("property") or node.attributes.get("name")): str(node.attributes.get("content"))
        for node in tree(body).css("head meta")
        if "content" in node.attributes
    }


def test_a_fan_reads_what_it_is_what_it_costs_and_what_they_may_do() -> None:
    text = " ".join(tree(built()).body.text(separator=" ").split())  # type: ignore[union-attr]
    assert "Tall Ships Aoife Marsh · 8 songs · June 12, 2026" in text
    assert "Pay what you want – we suggest €7" in text
    assert "€3 €7 €12 Other" in text
    assert "Give €7 to Aoife Marsh" in text
    assert "Get it on Bandcamp" in text
    assert "CC BY-SA 4.0 : You may share and change it" in text
    assert "Say “Tall Ships by Aoife Marsh”." in text
    assert "This page sets no cookie" in text


def test_servers_find_a_whole_card() -> None:
    body = built()
    found = meta(body)
    assert found["og:type"] == "article"
    assert found["og:title"] == "Tall Ships, by Aoife Marsh"
    assert found["og:url"] == f"{BASE}/l/abcd2345"
    assert found["og:image"] == f"{BASE}/cover/{'ab' * 20}.jpg"
    assert (found["og:image:width"], found["og:image:height"]) == ("630", "630")
    assert found["og:image:alt"] == "Cover of Tall Ships by Aoife Marsh"
    assert found["og:description"] == "Pay what you want – we suggest €7 · Aoife Marsh · 8 songs · June 12, 2026 · CC BY-SA 4.0"
    assert found["twitter:card"] == "summary_large_image"
    assert found["fediverse:creator"] == "@aoife@music.example"
    canonical = tree(body).css_first('link[rel="canonical"]')
    assert canonical is not None
    assert canonical.attributes["href"] == f"{BASE}/l/abcd2345"


def test_every_link_carries_its_own_code_and_the_shop_sees_the_whole_address() -> None:
    hrefs = {node.attributes["href"]: node.attributes for node in tree(built()).css("main a")}
    assert {"/tip/abcd2345", "/tip/abcd2345?amount=300", "/tip/abcd2345?amount=700", "/tip/abcd2345?amount=1200"} <= hrefs.keys()
    shop = hrefs[f"/l/abcd2345/{shops.exit_word('https://aoife.bandcamp.com/album/tall-ships')}"]
    assert (shop["referrerpolicy"], shop["rel"]) == ("unsafe-url", "noopener")
    assert hrefs["https://creativecommons.org/licenses/by-sa/4.0/"]["referrerpolicy"] == "no-referrer"


def test_every_place_has_its_button_and_no_two_are_called_the_same() -> None:
    own = ("https://aoife.bandcamp.com/album/tall-ships", "bandcamp")
    mirlo, label = ("https://mirlo.space/aoife/release/tall-ships", "mirlo"), ("https://label.bandcamp.com/album/tall-ships", "bandcamp")
    made = page.build(AOIFE, release(), COVER, base=BASE, shops=[own, mirlo, ("javascript:alert(1)", "hand")])
    buttons = {str(node.attributes["href"]): node.text() for node in tree(made.body("abcd2345")).css(".pay a.button")[1:]}
    led = {made.exits[href.removeprefix("/l/abcd2345/")]: text for href, text in buttons.items()}
    assert led == {own[0]: "Get it on Bandcamp", mirlo[0]: "Get it on Mirlo"}
    twice = tree(page.build(AOIFE, release(), COVER, base=BASE, shops=[own, label]).body("abcd2345"))
    labels = [node.text() for node in twice.css(".pay a.button")][1:]
    assert labels == ["Get it on aoife.bandcamp.com", "Get it on label.bandcamp.com"]


def test_without_a_payment_service_there_is_nothing_to_tap_but_the_shop() -> None:
    body = built(replace(AOIFE, takes_tips=False))
    assert b"/tip/" not in body
    assert b'class="button go" href="/l/abcd2345/' in body


@pytest.mark.parametrize(
    ("more", "says", "not_says"),
    [
        ({"price_model": "fixed", "price_minor": 900, "price_currency": "USD"}, "$9", "we suggest"),
        ({"price_model": "minimum", "price_minor": 500}, "€5 or more – we suggest €7", None),
        ({"price_model": "unknown"}, None, "we suggest"),
        ({"suggested_minor": 0}, "Pay what you want<", "we suggest"),
        ({"licence": ""}, None, "You may"),
        ({"licence": "all-rights-reserved"}, "All rights reserved.", "creativecommons"),
        ({"licence": "CC-BY-NC-3.0-DE"}, "https://creativecommons.org/licenses/by-nc/3.0/de/", None),
        ({"url": ""}, None, "Get it"),
        ({"url": "javascript:alert(1)"}, None, "javascript"),
        ({"tracks": 1}, "1 song ·", "songs"),
        ({"released_on": None}, None, "published_time"),
    ],
)
def test_only_what_is_true_is_said(more: dict[str, object], says: str | None, not_says: str | None) -> None:
    text = built(**more).decode()
    assert says is None or says in text
    assert not_says is None or not_says not in text


def test_without_a_cover_there_is_a_small_card() -> None:
    body = built(cover=None)
    assert meta(body)["twitter:card"] == "summary"
    assert "og:image" not in meta(body)
    assert b"<img" not in body


@pytest.mark.parametrize(
    ("url", "kind", "label"),
    [
        ("https://shop.example.org/tall", "feed", "Get it on shop.example.org"),
        ("https://ko-fi.com/s/1", "feed", "Get it on Ko-fi"),
        ("https://own-domain.example/album/x", "bandcamp", "Get it on Bandcamp"),
        ("/rehearsal/shop/album/x", "", "Get it in the shop"),
    ],
)
def test_the_button_names_the_shop(url: str, kind: str, label: str) -> None:
    assert label in built(url=url, shop_kind=kind).decode()


def test_in_german_numbers_and_dates_are_german() -> None:
    body = built(replace(AOIFE, language="de")).decode()
    assert '<html lang="de">' in body
    assert "12. Juni 2026" in body
    assert "7\u00a0€" in body


NASTY = st.text(alphabet=st.sampled_from("<>&\"'{}%\u202e\ue000 aé\x00/CODE"), min_size=1, max_size=30)


@settings(deadline=None)
@given(NASTY, NASTY, st.integers(0, 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_title_and_any_amount_give_a_small_page_that_holds_them_harmlessly(
    title: str, name: str, suggested: int, currency: str
) -> None:
    body = built(replace(AOIFE, currency=currency, suggested_minor=suggested, minimum_minor=0), title=title, artist_name=name)
    assert len(body) < 30_000
    assert body.count(b"abcd2345") == 4 + 6 - (0 if suggested else 1)
    assert len(tree(body).css("style, [style], [onclick]")) == 0
    (data,) = tree(body).css("script")
    assert data.attributes == {"type": "application/ld+json"}, "data, which nothing runs"
    assert str(json.loads(data.text())["headline"]).split() == f"{title}, by {name}".split()
    heading = tree(body).css_first("h1")
    assert heading is not None
    assert heading.text().replace("\ufffd", "").split() == title.replace("\x00", "").replace("\ufffd", "").split()


def test_the_page_asks_nobody_else_for_anything() -> None:
    body = built()
    loaded = [
        str(node.attributes.get("src") or node.attributes.get("href"))
        for node in tree(body).css('img, script[src], link[rel="stylesheet"]')
    ]
    assert loaded
    assert all(address.startswith("/") for address in loaded)
    assert not re.search(rb"url\(|@import|https?:", parts.style("#b4432e"))


def test_the_tag_follows_the_content_and_is_the_same_in_every_process() -> None:
    one, again = (page.build(AOIFE, release(), COVER, base=BASE) for _ in range(2))
    other = page.build(AOIFE, release(title="Small Boats"), COVER, base=BASE)
    assert one.tag == again.tag
    assert one.tag != other.tag


@settings(deadline=None)
@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_every_accent_can_be_read_in_light_and_dark(accent: str) -> None:
    for paper in (colour.LIGHT_PAPER, colour.DARK_PAPER):
        assert colour.contrast(colour.readable(accent, paper), paper) >= 4.5


def test_a_broken_accent_falls_back() -> None:
    assert parts.style('red;} body{background:url("//evil.example")') == parts.style("#b4432e")


@pytest.mark.parametrize(("spdx", "name"), [("CC0-1.0", "CC0"), ("CC-BY-4.0", "CC BY 4.0"), ("CC-BY-NC-ND-3.0-DE", "CC BY-NC-ND 3.0 DE")])
def test_licences_have_their_usual_names(spdx: str, name: str) -> None:
    found = read_licence(spdx)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("spdx", ["", "MIT", "CC-BY", "CC-SA-4.0", "CC-BY-4.0-"])
def test_an_unknown_licence_says_nothing(spdx: str) -> None:
    assert read_licence(spdx) is None


@pytest.mark.parametrize(
    ("description", "at_once", "opened"),
    [
        ("", 0, 0),
        ("Short.", 6, 0),
        ("word " * 110, 549, 0),
        ("word " * 400, 479, 1519),
        (f"{'First words. ' * 20}\n\n{'Then more. ' * 200}", 259, 2199),
        ("x" * 900, 900, 0),
        ("word " * 5000, 479, 5521),
    ],
)
def test_what_the_artist_says_is_shown_in_two_parts(description: str, at_once: int, opened: int) -> None:
    found = [node.text() for node in tree(built(description=description)).css(".words p")]
    assert [len(part) for part in found] == [length for length in (at_once, opened) if length]
    assert "".join("".join(found).split()).removesuffix("…") in "".join(description.split())
