"""What a kind of server cannot do, and what our side was tried with, is said before and after an account on it is connected."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from selectolax.parser import HTMLParser

from creatorbot.models import Admission
from creatorbot.networks import profiles
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from tests.web.conftest import House


@pytest.fixture
def practice(house: House, runtime: Runtime, tmp_path: Path) -> Iterator[Practice]:
    """A practice server that the first artist may reach."""
    with start(tmp_path / "practice") as running:
        with runtime.session() as session:
            session.add(Admission(artist_id=house.artist_id, host="127.0.0.1", port=int(running.fediverse_url.rpartition(":")[2])))
        yield running


@pytest.mark.parametrize("kind", ["pixelfed", "takahe", "quillpad", "glitch"])
def test_it_is_said_on_the_way_there_and_on_the_accounts_page(house: House, practice: Practice, kind: str) -> None:
    requests.post(f"{practice.fediverse_url}/practice/manner", json={"name": kind}, timeout=20).raise_for_status()
    known, bob = profiles.profile(kind), house.client("bob")
    found = bob.post("/connections/mastodon", data={"server": practice.fediverse_url.removeprefix("http://")})
    away = HTMLParser(found.text).css_first("a.button.go")
    assert away is not None
    address = away.attributes["href"] or ""
    said = requests.post(address, data=dict(parse_qsl(urlsplit(address).query)) | {"answer": "yes"}, timeout=20, allow_redirects=False)
    place = bob.get(said.headers["Location"].removeprefix("http://localhost")).location
    for page in (found, bob.get(place)):
        main = HTMLParser(page.text).css_first("main")
        assert main is not None
        shown = " ".join(main.text().split())
        assert all(sentence in shown for sentence in (*known.cannot, known.tried))
        assert ("What is different there" in shown) == bool(known.cannot)
        assert f"{known.label or 'Quillpad'} " in shown
        assert ("23 of them" in shown) == (known.counting == "weighted")
