"""Accounts that cannot post, and the backup account, through the pages."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from selectolax.parser import HTMLParser
from sqlmodel import col, select

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.models import Account, AccountLook, Artist, Pairing, Post, Rehearsal, Release
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from jobs import check_accounts, send_posts
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


def test_a_server_is_chosen_from_our_list_while_the_directory_is_away(admitted: House, practice: Practice, runtime: Runtime) -> None:
    page = admitted.client("bob").get("/connections/backup/choose").text
    assert "The public directory did not answer just now." in page
    assert "From our own list of November 2026." in page
    assert "musician.social" in page
    (runtime.settings.data / "servers.json").write_text("broken")
    assert admitted.client("bob").get("/connections/backup/choose").status_code == 200


def test_a_server_is_chosen_from_the_directory_and_other_software_from_our_list(
    admitted: House, practice: Practice, runtime: Runtime
) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    told = [
        {"domain": domain, "description": about, "languages": ["de"], "categories": ["music"], "total_users": 12345}
        for domain, about in (("choir.example", "Sing <b>along</b>"), ("sub.practice.example", "next door"))
    ]
    kept = {"at": runtime.clock().timestamp(), "body": json.dumps(told)}
    (runtime.settings.data / "servers.json").write_text(json.dumps(kept))
    page = admitted.client("bob").get(f"/connections/backup/choose?for={place.rpartition('/')[2]}").text
    assert "choir.example" in page
    assert "Sing &lt;b&gt;along" in page
    assert "12,345" in page
    assert "German" in page
    assert "sub.practice.example" not in page
    assert "Of other software" in page
    assert "venera.social" in page
    assert "musician.social" not in page


def trouble(practice: Practice, behaviour: str) -> None:
    """Something goes wrong at the first server until it is mended."""
    wanted = {"behaviour": behaviour, "times": 0}
    requests.post(f"{practice.fediverse_url}/practice/faults", json=wanted, timeout=5).raise_for_status()


def due_now(house: House, runtime: Runtime, account_id: int) -> None:
    """A post that is due on this account."""
    release = make_release(runtime, house.artist_id)
    with runtime.session() as session:
        draft = new_draft(session, session.get_one(Artist, house.artist_id), session.get_one(Release, release), None, runtime.clock())
    approve(runtime, house.artist_id, draft.id or 0, [account_id], None)


@pytest.mark.parametrize(
    ("behaviour", "sentence", "button"),
    [
        ("revoked", "no longer accepts our permission", "Connect again"),
        ("forbidden_disabled", "does not let you log in at present", "Log in there"),
    ],
)
def test_a_permission_taken_back_and_a_log_in_switched_off(
    admitted: House, practice: Practice, runtime: Runtime, clock: TestClock, behaviour: str, sentence: str, button: str
) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    trouble(practice, behaviour)
    day_passes(runtime, clock, 2)
    for page in (place, "/connections", "/"):
        said = admitted.client("bob").get(page).text
        assert sentence in said, page
        assert button in said, page


def test_a_server_that_is_away_for_days_disconnects_nobody(admitted: House, practice: Practice, runtime: Runtime, clock: TestClock) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    trouble(practice, "down")
    day_passes(runtime, clock, 3)
    said = admitted.client("bob").get(place).text
    assert "does not answer at present" in said
    assert "Connect again" not in said
    trouble(practice, "none")
    day_passes(runtime, clock)
    assert "Posts can go out from here." in admitted.client("bob").get(place).text


def test_a_permission_that_never_reached_to_posting_holds_the_post_until_it_does(
    admitted: House, practice: Practice, runtime: Runtime, clock: TestClock
) -> None:
    place = connect(admitted, practice, practice.fediverse_url)
    account_id = int(place.rpartition("/")[2])
    narrow_tokens(practice)
    due_now(admitted, runtime, account_id)
    send_posts.run(runtime, clock.at)
    for page in (place, "/connections", "/"):
        said = admitted.client("bob").get(page).text
        assert "You did not let us post" in said, page
        assert "Connect again" in said, page
    day_passes(runtime, clock, 2)
    assert "You did not let us post" in admitted.client("bob").get(place).text
    clock.forward(minutes=1)
    with runtime.reading() as session:
        assert session.exec(select(Post.state)).all() == ["held"]
    connect(admitted, practice, practice.fediverse_url)
    with runtime.reading() as session:
        assert session.get_one(Account, account_id).state == "ok"


def narrow_tokens(practice: Practice) -> None:
    """Every permission given so far reaches to reading only."""
    practice.state.do("UPDATE token SET scope = 'read:accounts read:statuses'")


def test_people_are_told_of_a_move_by_a_post_they_can_look_at_first(
    admitted: House, practice: Practice, runtime: Runtime, clock: TestClock
) -> None:
    connect(admitted, practice, practice.fediverse_url)
    make_release(runtime, admitted.artist_id)
    new = connect(admitted, practice, practice.second_url)
    fate(practice, "moved")
    day_passes(runtime, clock, 2)
    client = admitted.client("bob")
    assert "Tell people about the move?" in client.get(new).text
    desk = client.post(f"{new}/tell-of-move").location or ""
    assert "We have moved: from now on you find us at" in client.get(desk).text
    assert client.post(f"{new}/tell-of-move").location == desk
    assert admitted.client("charlie").post(f"{new}/tell-of-move").status_code == 403
    assert "now @aoife@backup.example" not in client.get("/results").text


def test_the_rehearsal_of_the_bad_day_leaves_real_accounts_alone(admitted: House, practice: Practice, runtime: Runtime) -> None:
    first = connect(admitted, practice, practice.fediverse_url)
    second = connect(admitted, practice, practice.second_url)
    form = {"backup": second.rpartition("/")[2], "patience": "20", "rather": "twice", "if_absent": "leave", "if_there": "leave"}
    client = admitted.client("bob")
    client.post(f"{first}/backup", data=form)
    with runtime.session() as session:
        row = session.get(Rehearsal, 1) or Rehearsal(id=1, changed_at=runtime.clock())
        ports = [int(url.rpartition(":")[2]) for url in (practice.fediverse_url, practice.shop_url, practice.second_url)]
        row.state, (row.fediverse_port, row.shop_port, row.second_port) = "running", ports
        session.add(row)
    requests.post(f"{practice.fediverse_url}/practice/fate", json={"name": "you", "what": "moved"}, timeout=5).raise_for_status()
    post = client.post("/rehearsal/bad-day", data={"like": first.rpartition("/")[2]}).location or ""
    assert post.startswith("/posts/")
    with runtime.reading() as session:
        played = session.get_one(Post, int(post.rpartition("/")[2]))
        assert session.get_one(Artist, played.artist_id).badge == "Rehearsal"
        pairs = session.exec(select(Pairing).order_by(col(Pairing.id))).all()
        assert [(one.artist_id, one.patience, one.rather, one.if_absent) for one in pairs] == [
            (admitted.artist_id, 20, "twice", "leave"),
            (played.artist_id, 0, "twice", "leave"),
        ]
        assert [one.artist_id for one in session.exec(select(Post)).all()] == [played.artist_id]
    assert "This is the rehearsal" in client.get(post).text
    practice.return_()


def test_a_backup_is_not_ticked_where_the_first_account_posts(admitted: House, practice: Practice, runtime: Runtime) -> None:
    first = connect(admitted, practice, practice.fediverse_url)
    second = connect(admitted, practice, practice.second_url)
    release = make_release(runtime, admitted.artist_id)
    with runtime.session() as session:
        artist = session.get_one(Artist, admitted.artist_id)
        draft = new_draft(session, artist, session.get_one(Release, release), None, runtime.clock())

    def ticked() -> list[str]:
        page = HTMLParser(admitted.client("bob").get(f"/announcements/{draft.id}").text)
        return [one.attributes["value"] or "" for one in page.css('input[name="accounts"][checked]')]

    first_id, second_id = (place.rpartition("/")[2] for place in (first, second))
    assert ticked() == [first_id, second_id]
    form = {"backup": second_id, "patience": "20", "rather": "late", "if_absent": "boost", "if_there": "remove"}
    admitted.client("bob").post(f"{first}/backup", data=form)
    assert ticked() == [first_id]
