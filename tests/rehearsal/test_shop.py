"""The practice shop's pages and feed: shaped as Bandcamp's, and able to fail."""

import html
import json
import re
from xml.etree import ElementTree

import pytest
import requests

from creatorbot.rehearsal.serve import Practice


def get(practice: Practice, path: str, **headers: str) -> requests.Response:
    return requests.get(practice.shop_url + path, headers=headers, timeout=5, allow_redirects=False)


def data(page: str, name: str) -> dict[str, object]:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found
    return dict(json.loads(html.unescape(found[1])))


def test_the_artist_page_has_the_grid(practice: Practice) -> None:
    page = get(practice, "/music").text
    assert '<ol id="music-grid"' in page
    assert '<meta name="generator" content="Bandcamp">' in page
    items = re.findall(r'<li data-item-id="(\w+)-(\d+)"[^>]*><a href="(/\w+/[\w-]+)"', page)
    assert [(kind, path) for kind, _number, path in items] == [
        ("album", "/album/tall-ships"),
        ("track", "/track/a-song-for-the-last-tram"),
        ("album", "/album/harbour-lights"),
    ]
    assert data(page, "band")["name"] == "Aoife Marsh"
    for _kind, _number, path in items:
        assert get(practice, path).status_code == 200


@pytest.mark.parametrize(
    ("path", "pref", "floor", "licence"),
    [
        ("/album/tall-ships", 2, 0, ""),
        ("/track/a-song-for-the-last-tram", 2, 5, ""),
        ("/album/harbour-lights", 1, 0, "https://creativecommons.org/licenses/by-sa/4.0/"),
    ],
)
def test_a_release_page_carries_price_and_licence(practice: Practice, path: str, pref: int, floor: int, licence: str) -> None:
    page = get(practice, path).text
    tralbum = data(page, "tralbum")
    current = tralbum["current"]
    assert isinstance(current, dict)
    assert (current["download_pref"], current["is_set_price"], current["minimum_price"]) == (pref, None, floor)
    linked = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    entries = linked.get("albumRelease") or linked["inAlbum"]["albumRelease"]
    assert entries[0]["offers"]["priceCurrency"] == "EUR"
    assert entries[0]["offers"]["priceSpecification"]["minPrice"] == floor
    assert (f'class="cc-icons" rel="license" href="{licence}"' in page) is bool(licence)
    picture = requests.get(linked["image"], timeout=5)
    assert (picture.headers["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")


def test_the_feed_lists_the_same_and_says_when_nothing_is_new(practice: Practice) -> None:
    first = get(practice, "/feed.xml")
    items = ElementTree.fromstring(first.content).findall("channel/item")
    assert [one.findtext("title") for one in items] == ["Tall Ships", "A Song for the Last Tram", "Harbour Lights"]
    assert get(practice, "/feed.xml", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    requests.post(f"{practice.shop_url}/practice/new-release", json={}, timeout=5).raise_for_status()
    newer = get(practice, "/feed.xml", **{"If-None-Match": first.headers["ETag"]})
    assert newer.status_code == 200
    assert ElementTree.fromstring(newer.content).findtext("channel/item/title") == "Winter Letters"


def test_release_day_comes_until_all_is_out(practice: Practice) -> None:
    for number in range(4):
        answer = requests.post(
            f"{practice.shop_url}/practice/new-release", timeout=5, headers={"X-Forwarded-Prefix": "/rehearsal/shop"}, allow_redirects=False
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "/rehearsal/shop/music")
        assert get(practice, "/music").text.count("data-item-id") == min(6, 4 + number)


def test_the_shop_says_where_a_visitor_came_from(practice: Practice) -> None:
    assert "did not see where" in get(practice, "/album/tall-ships").text
    page = get(practice, "/album/tall-ships", Referer="http://127.0.0.1:8080/l/abc?x=1", **{"User-Agent": "Mozilla/5.0"}).text
    assert "came from <b>127.0.0.1:8080/l/abc</b>" in page
    assert "127.0.0.1:8080/l/abc" in get(practice, "/practice").text
    assert "did not see where" in get(practice, "/album/tall-ships", Referer=f"{practice.shop_url}/music").text


def test_what_is_not_there(practice: Practice) -> None:
    for path in ("/album/unknown", "/img/a1_10.jpg", "/img/a1618033995_99.jpg", "/pay/cs_test_unknown"):
        assert get(practice, path).status_code == 404


@pytest.mark.parametrize(
    ("behaviour", "path", "words"),
    [("robot_check", "/music", "<title>Client Challenge</title>"), ("feed_html", "/feed.xml", "<!DOCTYPE html>")],
)
def test_the_shop_can_answer_the_wrong_thing(practice: Practice, behaviour: str, path: str, words: str) -> None:
    requests.post(f"{practice.shop_url}/practice/faults", json={"behaviour": behaviour}, timeout=5).raise_for_status()
    assert words in get(practice, path).text
    assert words not in get(practice, path).text


def test_the_feed_can_end_in_the_middle(practice: Practice) -> None:
    requests.post(f"{practice.shop_url}/practice/faults", json={"behaviour": "feed_cut"}, timeout=5).raise_for_status()
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(get(practice, "/feed.xml").content)
