"""Who may open what: every view says so, viewers change nothing, strangers see nothing, fans get no cookie."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect
from sqlmodel import select

from creatorbot.models import Account, Invitation, Link, LoginSession, Member, PaymentService, Release, Server, Source
from creatorbot.runtime import Runtime
from creatorbot.web import here
from tests.web.conftest import House

# What a viewer may do: about themselves, not about the artist. Everything else that posts needs at least a manager.
ABOUT_ONESELF = {
    "login.enter",
    "login.leave",
    "join.accept",
    "artists.switch",
    "artists.make",
    "you.language",
    "you.password",
    "you.end",
    "mail.save",
    "bad_day.play",
    "rehearsal.start",
    "rehearsal.wipe",
    "setup.artist",
    "setup.finish",
}
FOR_FANS = {"public", "hooks", "pushes", "stop"}


def posting(app: Flask) -> list[tuple[str, str]]:
    """Every endpoint that takes a POST, with an address of it."""
    return [
        (rule.endpoint, re.sub(r"<(?:any\(['\"]?([\w-]+)[^)]*\):)?[^>]*>", lambda found: found.group(1) or "1", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.methods and "POST" in rule.methods
    ]


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    unmarked = [
        name
        for name, view in app.view_functions.items()
        if name != "static" and name.partition(".")[0] not in FOR_FANS and not here.is_marked(view)
    ]
    assert unmarked == []


def test_a_viewer_changes_nothing_anywhere(app: Flask, house: House) -> None:
    routes = [(name, path) for name, path in posting(app) if name not in ABOUT_ONESELF and name.partition(".")[0] not in FOR_FANS]
    assert len(routes) > 8
    for name, path in routes:
        status = house.client("charlie").post(path, data={}).status_code
        assert status in ((403, 404) if name.startswith("practice.") else (403,)), (name, path, status)


def test_strangers_are_sent_to_the_login(app: Flask, house: House, visitor: FlaskClient) -> None:
    for name, path in posting(app):
        if name.partition(".")[0] in FOR_FANS | {"setup", "login", "join"}:
            continue
        answer = visitor.post(path, data={})
        assert (answer.status_code, answer.location) == (303, "/login"), (name, answer.status_code)


def test_the_page_asked_for_comes_after_the_login(house: House, visitor: FlaskClient) -> None:
    assert visitor.get("/settings/people?x=1&y=2").location == "/login?next=/settings/people%3Fx%3D1%26y%3D2"


@pytest.fixture
def rows_of_another(house: House, runtime: Runtime) -> dict[str, int]:
    """One row of each kind that belongs to Somebody Else."""
    now, other = runtime.clock(), house.other_artist_id
    with runtime.session() as session:
        server = Server(network="mastodon", base_url="https://m.example", redirect_uri="https://us.example/back", checked_at=now)
        session.add(server)
        session.flush()
        made = {
            "account_id": Account(
                artist_id=other,
                server_id=server.id or 0,
                network="mastodon",
                remote_id="1",
                handle="@d@m.example",
                name="D",
                url="https://m.example/@d",
                token=b"",
                connected_at=now,
            ),
            "source_id": Source(artist_id=other, kind="feed", address="https://d.example/feed", created_at=now, next_poll_at=now),
            "release_id": Release(artist_id=other, title="Theirs", artist_name="D", first_seen_at=now, changed_at=now),
            "service": PaymentService(artist_id=other, provider="stripe", public_id="p", secrets=b"", connected_at=now),
            "link_id": Link(artist_id=other, code="theirlink", kind="bio", created_at=now),
            "invitation_id": Invitation(artist_id=other, role="owner", token_hash="h", created_by=house.people["dora"], expires_at=now),
        }
        session.add_all(made.values())
        session.flush()
        member = session.exec(select(Member.id).where(Member.artist_id == other)).one()
        login = session.exec(select(LoginSession.id).where(LoginSession.person_id == house.people["dora"])).one()
        ids = {name: inspect(row).identity[0] for name, row in made.items()}
        return ids | {"member_id": member or 0, "other_id": login or 0}


def test_another_artists_rows_are_not_there(app: Flask, house: House, rows_of_another: dict[str, int]) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        if not rule.arguments or not set(rule.arguments) <= set(rows_of_another):
            continue
        address = re.sub(r"<int:(\w+)>", lambda found: str(rows_of_another[found.group(1)]), rule.rule)
        for method in {"GET", "POST"} & (rule.methods or set()):
            status = house.client("alice").open(address, method=method, data={"role": "viewer"}).status_code
            assert status == 404, (method, address, status)
            tried += 1
    assert tried >= 8


def test_fans_pages_set_no_cookie(app: Flask, house: House) -> None:
    visitor = app.test_client()
    for path in ("/l/none", "/tip/none", "/thanks/none", "/cover/none.jpg", "/answer/none", "/static/creatorbot.css", "/accent/b4432e.css"):
        answer = visitor.get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert "Cookie" not in answer.headers.get("Vary", ""), path
    for path in ("/hooks/stripe/none", "/tip/none"):
        assert "Set-Cookie" not in visitor.post(path, data=b"{}").headers, path


def test_a_form_without_its_secret_is_refused(app: Flask, house: House) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = house.client("alice").post("/artists/new", data={"name": "X", "time_zone": "UTC", "currency": "EUR", "language": "en"})
    assert answer.status_code == 400
    assert "Go back, reload the page" in answer.text


def test_every_form_carries_its_secret(app: Flask, house: House) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for path in (
        "/welcome",
        "/artists",
        "/artists/new",
        "/more",
        "/settings",
        "/settings/people",
        "/settings/address",
        "/settings/you",
        "/rehearsal",
    ):
        page = house.client("alice").get(path).text
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)
        assert forms, path
        assert all('name="csrf_token"' in form for form in forms), path


@pytest.mark.parametrize("path", ["/", "/settings", "/nothing-here", "/login"])
def test_headers_keep_strangers_out(house: House, path: str) -> None:
    kept = house.client("alice").get(path).headers
    policy = kept["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert kept["X-Content-Type-Options"] == "nosniff"
    assert kept["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in kept


def test_pages_have_no_inline_style_or_script(house: House) -> None:
    for path in ("/welcome", "/settings", "/settings/people", "/rehearsal", "/artists/new", "/more"):
        page = house.client("alice").get(path).text
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\son\w+=\"", page), path
