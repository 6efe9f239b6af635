"""The source contract, for every kind in the registry: its own pages, others' pages, and whatever strangers send."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput
from creatorbot.sources import REGISTRY, read_page
from creatorbot.sources.base import Fetched
from tests.contracts.source_contract import best, in_order, outcome, survives, without_markup
from tests.sources.examples import EXAMPLES, Example

ALL = [pytest.param(name, example, id=f"{name}-{number}") for name, some in EXAMPLES.items() for number, example in enumerate(some)]
PAGES = [example.page for some in EXAMPLES.values() for example in some]
HTML = b"<!DOCTYPE html><html><head><title>Aoife</title></head><body><rss><channel><item>no</item></channel></rss></body></html>"
OF_EACH = st.sampled_from(PAGES)


def test_every_kind_has_examples_and_a_name_for_people() -> None:
    assert set(EXAMPLES) == set(REGISTRY), "give the new kind its examples in tests/sources/examples.py"
    for name, source in REGISTRY.items():
        assert source.name == name
        assert source.label.strip()
    assert len({source.label for source in REGISTRY.values()}) == len(REGISTRY)


@pytest.mark.parametrize(("name", "example"), ALL)
class TestOwnPages:
    def test_its_page_is_recognised_best_by_itself(self, name: str, example: Example) -> None:
        assert best(example.page) == name

    def test_its_page_is_read(self, name: str, example: Example) -> None:
        reading = read_page(example.page)
        in_order(reading)
        assert reading.source == name
        assert tuple(release.kind for release in reading.releases) == example.kinds
        for release in reading.releases:
            without_markup(f"{release.title} {release.artist} {release.description}")
        if not reading.releases:
            assert reading.notes

    def test_ids_are_different_and_stay(self, name: str, example: Example) -> None:
        first, second = read_page(example.page), read_page(replace(example.page))
        assert first == second
        assert len({release.guid for release in first.releases}) == len(first.releases)

    def test_a_page_made_anew_says_the_same(self, name: str, example: Example) -> None:
        if example.again is not None:
            assert read_page(replace(example.page, body=example.again)) == read_page(example.page)

    def test_the_address_it_came_from_changes_no_id(self, name: str, example: Example) -> None:
        elsewhere = outcome(name, replace(example.page, address="https://mirror.example/copy.xml"))
        assert elsewhere is not None
        assert [one.guid for one in elsewhere.releases] == [one.guid for one in read_page(example.page).releases]

    def test_cut_anywhere_it_is_read_in_part_or_refused(self, name: str, example: Example) -> None:
        body = example.page.body
        whole = {release.guid for release in read_page(example.page).releases}
        for end in range(0, len(body), max(1, len(body) // 60)):
            reading = outcome(name, replace(example.page, body=body[:end]))
            if reading is not None:
                in_order(reading)
                assert len(reading.releases) <= max(len(whole), 1)

    def test_a_wrong_charset_is_survived(self, name: str, example: Example) -> None:
        for charset in ("utf-16", "iso-8859-1", "big5", "no-such-charset", ""):
            for header in ({"content-type": f"text/xml; charset={charset}"}, {"content-type": f"application/json;charset={charset}"}):
                survives(replace(example.page, headers=header))

    def test_other_encodings_are_survived(self, name: str, example: Example) -> None:
        text = example.page.body.decode()
        for encoding in ("utf-16", "utf-16-be", "utf-32", "utf-8-sig"):
            survives(replace(example.page, body=text.encode(encoding)))


@pytest.mark.parametrize("name", REGISTRY)
def test_a_web_page_or_nothing_is_refused_or_shows_nothing(name: str) -> None:
    for body in (HTML, b"", b"   \n", b"{}", b"[]", b"null", b"<", b"\xff\xfe", b"<?xml version='1.0'?>", b'{"version": 1, "items": 2}'):
        reading = outcome(name, Fetched("https://aoife.example/", body))
        assert reading is None or not reading.releases


def test_an_ordinary_web_page_is_nobodys() -> None:
    with pytest.raises(InvalidInput, match="neither a feed nor a Bandcamp page"):
        read_page(Fetched("https://aoife.example/", HTML))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "https://aoife.example/x", "::", "https://[", "x" * 3_000]))
def test_any_bytes_from_anywhere(body: bytes, address: str) -> None:
    survives(Fetched(address, body))
    survives(Fetched(address, b"<rss version='2.0'><channel><item><title>" + body))
    survives(Fetched(address, b'{"version":"https://jsonfeed.org/version/1","items":[' + body + b"]}"))


@settings(max_examples=250, deadline=None)
@given(OF_EACH, st.data())
def test_pages_with_pieces_lost_doubled_or_from_another_page(page: Fetched, data: st.DataObject) -> None:
    body = page.body
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    other = data.draw(OF_EACH).body
    place = data.draw(st.integers(0, len(other)))
    piece = data.draw(st.one_of(st.binary(max_size=40), st.just(other[place : place + 120]), st.just(body[start:end] * 2)))
    survives(replace(page, body=body[:start] + piece + body[end:]))


@settings(max_examples=100, deadline=None)
@given(OF_EACH, st.text(max_size=60))
def test_any_text_in_place_of_every_name(page: Fetched, text: str) -> None:
    written = text.replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "replace")
    survives(replace(page, body=page.body.replace(b"Aoife", written).replace(b"Tall Ships", written)))


@pytest.mark.parametrize("name", [name for name, source in REGISTRY.items() if hasattr(source, "pushed")])
@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=100))
def test_notes_are_read_or_refused(name: str, body: bytes) -> None:
    pushed = getattr(REGISTRY[name], "pushed")  # noqa: B009
    for one in (
        body,
        b'{"type":"STREAM_STARTED","eventData":' + body + b"}",
        b'{"type":"STREAM_STARTED","eventData":{"streamTitle":"' + body + b'"}}',
    ):
        try:
            reading = pushed({}, one)
        except InvalidInput:
            continue
        if reading is not None:
            in_order(reading)
