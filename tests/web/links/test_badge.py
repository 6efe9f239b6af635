"""The badge on other people's sites: for anybody, without a cookie, counted as no visit."""

import xml.etree.ElementTree as Tree

import pytest
from sqlmodel import select

from creatorbot.models import Artist, Visit, VisitTotal
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from tests.web.desk import House, open_house
from tests.web.links.rows import code, link, poster

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def house(runtime: Runtime) -> House:
    """Aoife's house."""
    return open_house(runtime)


def test_anybody_gets_it_to_keep_for_a_day_and_no_cookie(house: House) -> None:
    answer = house.app.test_client().get(f"/badge/{code(house, link(house, 'bio'))}.svg")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("title", ["Tall Ships", 'A & B <i>"x"</i>', "Y" * 300, "東京", "]]>&#0;"])
def test_its_words_are_text_with_a_title(house: House, title: str) -> None:
    number = poster(house, house.release(title=title))
    answer = house.app.test_client().get(f"/badge/{code(house, number)}.svg")
    drawn = Tree.fromstring(answer.text)
    assert drawn.findtext(f"{SVG}title") == f"Listen to {title}"
    text = drawn.find(f"{SVG}text")
    assert text is not None
    assert str(text.text).startswith(f"Listen to {title}"[:40])
    assert float(drawn.attrib["width"]) >= float(text.attrib["x"]) + float(text.attrib["textLength"]) + 10
    assert float(drawn.attrib["width"]) < 600
    assert "prefers-color-scheme:dark" in answer.text
    assert not drawn.findall(f".//{SVG}script")


def test_it_speaks_the_artists_language_and_names_the_artist(house: House) -> None:
    with house.runtime.session() as session:
        session.get_one(Artist, house.artist_id).language = "de"
    answer = house.app.test_client().get(f"/badge/{code(house, link(house, 'page'))}.svg")
    assert 'lang="de"' in answer.text
    assert "Music by Aoife Marsh" in answer.text


@pytest.mark.parametrize("name", ["nothing1", "a" * 500, "%00abcdef", "..%2fx", "é"])
def test_unknown_codes_are_not_there(house: House, name: str) -> None:
    assert house.app.test_client().get(f"/badge/{name}.svg").status_code == 404


def test_showing_it_is_nobodys_visit(house: House) -> None:
    number = link(house, "bio")
    front = FrontDoor(house.app, house.runtime)
    environ = {"PATH_INFO": f"/badge/{code(house, number)}.svg", "REQUEST_METHOD": "GET", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    environ |= {"wsgi.url_scheme": "http", "SCRIPT_NAME": "", "QUERY_STRING": ""}
    said: list[str] = []
    body = b"".join(front({**environ, "wsgi.input": None, "wsgi.errors": None}, lambda status, _headers, *_: said.append(status)))  # type: ignore[arg-type, return-value, func-returns-value, misc]
    front.stop()
    assert said == ["200 OK"]
    assert body.startswith(b"<svg")
    assert list(house.runtime.journal.glob("*")) == []
    with house.runtime.reading() as session:
        assert session.exec(select(Visit)).all() == []
        assert session.exec(select(VisitTotal)).all() == []
