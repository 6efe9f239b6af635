"""Accounts that cannot post, and the backup account, through the pages."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from selectolax.parser import HTMLParser
from sqlmodel import select

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.models import Account, AccountLook, Artist, Pairing, Post, Release
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from jobs import check_accounts
from tests.conftest import TestClock
from tests.stage import admit, make_release
from tests.web.conftest import House
from tests.web.test_connections import query_of


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """The practice servers."""
    with start(tmp_path / "practice") as running:
        yield running


@pytest.fixture
def admitted(house: House, runtime: Runtime, practice: Practice) -> House:
    """The house, whose first artist reaches them."""
    admit(runtime, house.artist_id, practice)
    return house


def connect(house: House, practice: Practice, base: str) -> str:
    """The whole way through the pages, as bob; the account's page."""
    page = HTMLParser(house.client("bob").post("/connections/mastodon", data={"server": base}).text)
    away = page.css_first("a.button.go")
    assert away is not None, page.text()
    fields = query_of(away.attributes["href"] or "") | {"answer": "yes", "person": "aoife"}
    answer = requests.post(f"{base}/oauth/authorize", data=fields, timeout=5, allow_redirects=False)
    back = urlsplit(answer.headers["Location"])
    return house.client("bob").get(f"{back.path}?{back.query}").location or ""


def fate(practice: Practice, what: str) -> None:
    """What becomes of the first account."""
    requests.post(f"{practice.fediverse_url}/practice/fate", json={"name": "aoife", "what": what}, timeout=5).raise_for_status()


def day_passes(runtime: Runtime, clock: TestClock, days: int = 1) -> None:
    """The daily look, in many rounds."""
    for _ in range(days * 26):
        clock.forward(hours=1)
        check_accounts.run(runtime, clock.at)


@pytest.mark.parametrize(
    ("what", "sentence", "button"),
    [
        ("moved", "Your account moved to @aoife@backup.example.", "Connect @aoife@backup.example"),
        ("suspended", "have suspended this account", "Ask the server’s people"),
        ("gone", "no such account any more", "Take it off"),
    ],
)
def test_one_sentence_and_one_button_everywhere(
    admitted: House, practice: Practice, runtime: Runtime, clock: TestClock, what: str, sentence: str, button: str
) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    fate(practice, what)
    day_passes(runtime, clock, 3)
    for page in (place, "/connections", "/"):
        said = admitted.client("bob").get(page).text
        assert sentence in said, page
        assert button in said, page


def test_a_move_is_followed_by_one_press_and_what_waits_comes_along(
    admitted: House, practice: Practice, runtime: Runtime, clock: TestClock
) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    old = int(place.rpartition("/")[2])
    release = make_release(runtime, admitted.artist_id)
    client = admitted.client("bob")
    with runtime.session() as session:
        draft = new_draft(session, session.get_one(Artist, admitted.artist_id), session.get_one(Release, release), None, clock.at)
    approve(runtime, admitted.artist_id, draft.id or 0, [old], clock.at + timedelta(days=30))
    fate(practice, "moved")
    day_passes(runtime, clock, 2)
    form = HTMLParser(client.get(place).text).css_first('form[action="/connections/mastodon"] input[name="server"]')
    assert form is not None
    with runtime.reading() as session:
        assert session.exec(select(Post.state)).all() == ["held"]
    new = int(connect(admitted, practice, form.attributes["value"] or "").rpartition("/")[2])
    with runtime.reading() as session:
        assert [(post.account_id, post.state) for post in session.exec(select(Post)).all()] == [(new, "waiting")]
        look = session.exec(select(AccountLook).where(AccountLook.account_id == old)).one()
        assert look.carried_to == new
        assert session.get_one(Account, old).state == "removed"
    assert "It follows @aoife@practice.example" in client.get(f"/connections/accounts/{new}").text


def test_pairing_through_the_page(admitted: House, practice: Practice, runtime: Runtime) -> None:
    first = connect(admitted, practice, practice.fediverse_url)
    client = admitted.client("bob")
    assert "Choose a server for it" in client.get(first).text
    second = connect(admitted, practice, practice.second_url)
    form = {"backup": second.rpartition("/")[2], "patience": "20", "rather": "late", "if_absent": "boost", "if_there": "remove"}
    client.post(f"{first}/backup", data=form | {"patience": "2"})
    assert "between 5 minutes and 12 hours" in client.get(first).text
    client.post(f"{first}/backup", data=form)
    assert "After 20 minutes @aoife@backup.example posts instead." in client.get(first).text
    assert "This is the backup of @aoife@practice.example" in client.get(second).text
    assert admitted.client("charlie").post(f"{first}/backup/end").status_code == 403
    assert admitted.client("dora").post(f"{first}/backup", data=form).status_code == 404
    client.post(f"{first}/backup/end")
    with runtime.reading() as session:
        assert session.exec(select(Pairing)).first() is None


def test_the_list_leaves_out_ones_own_server_and_names_its_date(admitted: House, practice: Practice, runtime: Runtime) -> None:
    page = admitted.client("bob").get("/connections/backup/choose").text
    assert "musician.social" in page
    assert "from our list of November 2026" in page
    assert "Look into the directory" in page
    (runtime.settings.data / "servers.json").write_text("broken")
    assert admitted.client("bob").get("/connections/backup/choose").status_code == 200


def test_nothing_is_switched_off_on_real_servers(admitted: House, practice: Practice) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    answer = admitted.client("bob").post(f"{place}/rehearse")
    assert answer.status_code == 403
    assert "for the rehearsal only" in answer.text
