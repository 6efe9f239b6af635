"""How a trouble looks from outside: what is really sent instead of the right answer."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.http import http_date

from creatorbot.rehearsal.faults import cut
from creatorbot.rehearsal.fediverse.access import REVOKED, token_sent
from creatorbot.rehearsal.fediverse.manners import manner
from creatorbot.rehearsal.fediverse.manners.ids import number_of
from creatorbot.rehearsal.fediverse.text import as_html
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import world

Answer = Callable[[Response, float], Response]
WRONG_CLOCK_S = 2400.0
FLOOD = 100 * 1_000_000  # bytes
SPARSE = ("id", "created_at", "content", "visibility", "url", "uri", "account", "media_attachments", "acct", "username", "display_name")


def said(code: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    """This in JSON."""
    return lambda _right, _seconds: Response(json.dumps(body), code, mimetype="application/json", headers=dict(headers or {}))


def error(code: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A refusal in words."""
    return said(code, {"error": message}, headers)


def html(code: int, words: str) -> Answer:
    """A page for people, from a machine in between or the server itself."""
    body = f"<!DOCTYPE html><html lang=en><title>{words}</title><h1>{words}</h1>"
    return lambda _right, _seconds: Response(body, code, mimetype="text/html")


def slow(right: Response, seconds: float) -> Response:
    """The right answer, late."""
    world().ended.wait(seconds)
    return right


def drip(right: Response, seconds: float) -> Response:
    """The answer comes in single bytes, for so many seconds in all."""
    body, ended = right.get_data(), world().ended
    pause = seconds / max(1, len(body))

    def bytes_slowly() -> Iterator[bytes]:
        for place in range(len(body)):
            if ended.is_set():
                return
            time.sleep(pause)
            yield body[place : place + 1]

    return Response(bytes_slowly(), right.status_code, mimetype=right.mimetype)


def flood(right: Response, _seconds: float) -> Response:
    """The right answer, followed by a hundred megabytes of nothing."""
    body, ended = right.get_data(), world().ended

    def bytes_without_end() -> Iterator[bytes]:
        yield body
        for _ in range(FLOOD // 1_000_000):
            if ended.is_set():
                return
            yield b" " * 1_000_000

    return Response(bytes_without_end(), right.status_code, mimetype=right.mimetype)


def half(right: Response, seconds: float) -> Response:
    """The connection ends in the middle of the answer."""
    body = right.get_data()

    def first_half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        cut(right, seconds)

    return Response(first_half(), right.status_code, mimetype=right.mimetype, headers={"Content-Length": str(len(body))})


def sent_on(code: int, host: str = "") -> Answer:
    """To another address: of the same server by another name, or of another server."""

    def answer(_right: Response, _seconds: float) -> Response:
        there = f"https://{host}" if host else world().base.replace("127.0.0.1", "localhost")
        return Response("", code, headers={"Location": f"{there}{request.path}"})

    return answer


def revoked(_right: Response, _seconds: float) -> Response:
    """The permission really ends: only connecting again helps."""
    world().state.do("UPDATE token SET revoked = 1 WHERE token = ?", token_sent())
    code, words = manner().bad_token
    return Response(json.dumps({"error": REVOKED if code == 401 else words}), code, mimetype="application/json")


def limited(until: Callable[[float], str] | None = None) -> Answer:
    """Too many requests. until(seconds since 1970) -> how the end of it is written; None: it is not told."""

    def answer(_right: Response, seconds: float) -> Response:
        told = {} if until is None else {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
        if until is not None:
            told["X-RateLimit-Reset"] = until(world().state.now() + seconds)
        return Response(json.dumps({"error": "Too many requests"}), 429, mimetype="application/json", headers=told)

    return answer


def iso(moment: float) -> str:
    """A moment as Mastodon's headers write it."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def of_status(change: Callable[[Doc, int], Doc | None]) -> Answer:
    """A good answer that holds a status, changed: change(what it says, its number) -> what it says now, None for the same."""

    def answer(right: Response, _seconds: float) -> Response:
        body = right.get_json(silent=True)
        if right.status_code == 200 and isinstance(body, dict) and "id" in body:
            changed = change(body, number_of(str(body["id"])))
            if changed is not None:
                right.set_data(json.dumps(changed))
        return right

    return answer


def unlisted(body: Doc, number: int) -> Doc | None:
    """A limited account's public posts become quiet ones."""
    if body.get("visibility") != "public":
        return None
    world().state.do("UPDATE status SET visibility = 'unlisted' WHERE id = ?", number)
    return {**body, "visibility": "unlisted"}


def dropped(_body: Doc, number: int) -> None:
    """A plausible answer for a post that was never kept."""
    world().state.do("UPDATE status SET deleted = 1, previewed = 1 WHERE id = ?", number)


def rewritten(body: Doc, number: int) -> Doc:
    """The server's own words instead: addresses are taken out."""
    words = "This post was shortened by the server."
    world().state.do("UPDATE status SET text = ? WHERE id = ?", words, number)
    return {**body, "content": as_html(words, world().base), "card": None}


def without_picture(body: Doc, number: int) -> Doc:
    """The picture is left out."""
    world().state.do("DELETE FROM media WHERE status_id = ?", number)
    return {**body, "media_attachments": []}


def unchanged(body: Doc, number: int) -> Doc | None:
    """As servers do that answer from a store of their own: the words before the change, and they stay."""
    here = world().state
    first = here.row("SELECT text FROM edition WHERE status_id = ? ORDER BY id DESC LIMIT 1 OFFSET 1", number)
    if first is None:
        return None
    here.do("UPDATE status SET text = ? WHERE id = ?", first["text"], number)
    return {**body, "content": as_html(first["text"], world().base)}


def preparing(looks: int, *, fails: bool) -> Answer:
    """A picture that is accepted, and takes so many looks until it is ready or no good."""

    def answer(right: Response, _seconds: float) -> Response:
        body = right.get_json(silent=True)
        if right.status_code == 200 and isinstance(body, dict):
            world().state.set(f"preparing {number_of(str(body['id']))}", {"looks": looks, "fails": fails})
            right.set_data(json.dumps({**body, "url": None}))
            right.status_code = 202
        return right

    return answer


def lag(right: Response, seconds: float) -> Response:
    """What is younger than so many seconds is not in the list yet."""
    body = right.get_json(silent=True)
    if not isinstance(body, list):
        return right
    old = datetime.fromtimestamp(world().state.now() - seconds, UTC)
    right.set_data(json.dumps([one for one in body if datetime.fromisoformat(one["created_at"]) <= old]))
    right.headers.pop("Link", None)
    return right


def one_a_page(right: Response, _seconds: float) -> Response:
    """A page of the list holds a single post, however many are asked for."""
    body = right.get_json(silent=True)
    if isinstance(body, list) and body:
        right.set_data(json.dumps(body[:1]))
        onward = urlencode({"limit": 1, "max_id": body[0]["id"]})
        right.headers["Link"] = f'<{world().base}{request.path}?{onward}>; rel="next"'
    return right


def clock(offset: float) -> Answer:
    """The server's clock is wrong by so many seconds: in the header, and in what it dates."""

    def answer(right: Response, _seconds: float) -> Response:
        now = parsedate_to_datetime(right.headers["Date"]).timestamp() if "Date" in right.headers else world().state.now()
        right.headers["Date"] = http_date(now + offset)
        body = right.get_json(silent=True)
        for one in body if isinstance(body, list) else [body]:
            if isinstance(one, dict) and "T" in str(one.get("created_at", "")):
                one["created_at"] = iso(datetime.fromisoformat(one["created_at"]).timestamp() + offset)
        if isinstance(body, list | dict):
            right.set_data(json.dumps(body))
        return right

    return answer


def sparse(right: Response, _seconds: float) -> Response:
    """Only the barest of what a status or an account should hold."""
    body = right.get_json(silent=True)
    if right.status_code == 200 and isinstance(body, list | dict):
        right.set_data(json.dumps(_thinned(body)))
    right.headers.pop("Link", None)
    return right


def _thinned(body: object) -> object:
    if isinstance(body, list):
        return [_thinned(one) for one in body]
    return {name: value for name, value in body.items() if name in SPARSE} if isinstance(body, dict) else body
