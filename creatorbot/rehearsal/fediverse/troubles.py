"""The practice fediverse's table of troubles. To add one: one row here, and it is on the page and in the control address."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from flask import Request, Response

from creatorbot.rehearsal.faults import Fault, cut
from creatorbot.rehearsal.fediverse.access import REVOKED, token_sent
from creatorbot.rehearsal.fediverse.text import as_html
from creatorbot.rehearsal.world import world


def _change(asked: Request) -> bool:
    return asked.method == "PUT" and re.fullmatch(r"/api/v1/statuses/\d+", asked.path) is not None


def _publish(asked: Request) -> bool:
    return _change(asked) or (asked.method == "POST" and asked.path == "/api/v1/statuses")


def _with_token(asked: Request) -> bool:
    return asked.path.startswith("/api/") and bool(token_sent())


def _upload(asked: Request) -> bool:
    return asked.method == "POST" and asked.path in ("/api/v1/media", "/api/v2/media")


def _list(asked: Request) -> bool:
    return asked.method == "GET" and asked.path.startswith("/api/v1/accounts/") and asked.path.endswith("/statuses")


def _any(asked: Request) -> bool:
    return asked.path.startswith(("/api/", "/oauth/token", "/.well-known/", "/nodeinfo/"))


def _slow(right: Response, seconds: float) -> Response:
    """The right answer, late."""
    world().ended.wait(seconds)
    return right


def _json(code: int, body: object) -> Callable[[Response, float], Response]:
    return lambda _right, _seconds: Response(json.dumps(body), code, mimetype="application/json")


def _error(code: int, message: str) -> Callable[[Response, float], Response]:
    return _json(code, {"error": message})


def _html(code: int, words: str) -> Callable[[Response, float], Response]:
    body = f"<!DOCTYPE html><html lang=en><title>{words}</title><h1>{words}</h1>"
    return lambda _right, _seconds: Response(body, code, mimetype="text/html")


def _revoke(_right: Response, _seconds: float) -> Response:
    """The permission really ends: only connecting again helps."""
    world().state.do("UPDATE token SET revoked = 1 WHERE token = ?", token_sent())
    return Response(json.dumps({"error": REVOKED}), 401, mimetype="application/json")


def _limited(_right: Response, seconds: float) -> Response:
    until = datetime.fromtimestamp(world().state.now() + seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return Response(
        json.dumps({"error": "Too many requests"}),
        429,
        mimetype="application/json",
        headers={"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": until},
    )


def _unlisted(right: Response, _seconds: float) -> Response:
    """A limited account's public posts become quiet ones."""
    body = right.get_json(silent=True)
    if right.status_code == 200 and isinstance(body, dict) and body.get("visibility") == "public":
        world().state.do("UPDATE status SET visibility = 'unlisted' WHERE id = ?", int(body["id"]))
        right.set_data(json.dumps({**body, "visibility": "unlisted"}))
    return right


def _drop(right: Response, _seconds: float) -> Response:
    """A plausible answer for a post that was never kept."""
    body = right.get_json(silent=True)
    if right.status_code == 200 and isinstance(body, dict):
        world().state.do("UPDATE status SET deleted = 1, previewed = 1 WHERE id = ?", int(body["id"]))
    return right


def _unchanged(right: Response, _seconds: float) -> Response:
    """As servers do that answer from a store of their own: the words before the change, and they stay."""
    body, here = right.get_json(silent=True), world().state
    if right.status_code != 200 or not isinstance(body, dict):
        return right
    first = here.row("SELECT text FROM edition WHERE status_id = ? ORDER BY id DESC LIMIT 1 OFFSET 1", int(body["id"]))
    if first is not None:
        here.do("UPDATE status SET text = ? WHERE id = ?", first["text"], int(body["id"]))
        right.set_data(json.dumps({**body, "content": as_html(first["text"], world().base)}))
    return right


def _elsewhere(_right: Response, _seconds: float) -> Response:
    return Response("", 301, headers={"Location": world().base.replace("127.0.0.1", "localhost") + "/api/v1/statuses"})


def _lag(right: Response, seconds: float) -> Response:
    """What is younger than so many seconds is not in the list yet."""
    body = right.get_json(silent=True)
    if not isinstance(body, list):
        return right
    old = datetime.fromtimestamp(world().state.now() - seconds, UTC)
    right.set_data(json.dumps([one for one in body if datetime.fromisoformat(one["created_at"]) <= old]))
    right.headers.pop("Link", None)
    return right


def _drip(right: Response, seconds: float) -> Response:
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


OUT, NOTHING, ACCOUNT, SERVER = "The post goes out, but …", "Nothing goes out, because …", "The account", "The server"

TABLE: dict[str, Fault] = {
    "executed_answer_lost": Fault("the answer gets lost", _publish, True, cut, 0, OUT),
    "executed_slow": Fault("the answer takes very long", _publish, True, _slow, 40, OUT),
    "executed_504": Fault("a machine in between gives up", _publish, True, _html(504, "Gateway Time-out"), 0, OUT),
    "executed_html_200": Fault("the answer cannot be read", _publish, True, _html(200, "Just a moment"), 0, OUT),
    "executed_drip": Fault("the answer comes drop by drop", _publish, True, _drip, 60, OUT),
    "downgraded": Fault("more quietly than asked for", _publish, True, _unlisted, 0, OUT),
    "not_executed_503": Fault("the server is overloaded", _publish, False, _html(503, "Service Unavailable"), 0, NOTHING),
    "answer_lost": Fault("the connection ends too early", _publish, False, cut, 0, NOTHING),
    "cloudflare_520": Fault("a machine in between answers nonsense", _publish, False, _html(520, "Unknown error"), 0, NOTHING),
    "rate_limited": Fault("there were too many posts; it says to wait a little", _publish, False, _limited, 60, NOTHING),
    "html_200": Fault("of maintenance, and a page says so", _publish, False, _html(200, "Down for maintenance"), 0, NOTHING),
    "id_less_200": Fault("of an error it does not call one", _publish, False, _error(200, "Something went wrong"), 0, NOTHING),
    "empty_list_200": Fault("of an error, and the answer is an empty list", _publish, False, _json(200, []), 0, NOTHING),
    "vanished": Fault("it is thrown away, and the server says it was posted", _publish, True, _drop, 0, NOTHING),
    "too_long_422": Fault(
        "the server finds the post too long",
        _publish,
        False,
        _error(422, "Validation failed: Text character limit of 500 exceeded"),
        0,
        NOTHING,
    ),
    "media_refused_422": Fault(
        "the server refuses the picture",
        _upload,
        False,
        _error(422, "Validation failed: File content type is invalid, File is invalid"),
        0,
        NOTHING,
    ),
    "revoked": Fault("Its permission for creatorbot was taken back", _with_token, False, _revoke, 0, ACCOUNT),
    "forbidden_disabled": Fault(
        "It is locked, or has moved away", _with_token, False, _error(403, "Your login is currently disabled"), 0, ACCOUNT
    ),
    "search_lags": Fault("New posts appear late among its own posts", _list, True, _lag, 30, ACCOUNT),
    "edits_off": Fault(
        "It lets nobody change a post", _change, False, _error(404, "Post editing is not enabled on this server."), 0, SERVER
    ),
    "edit_ignored": Fault("It says yes to a change and keeps the old words", _change, True, _unchanged, 0, SERVER),
    "redirect_301": Fault("It has moved to another address", _publish, False, _elsewhere, 0, SERVER),
    "down": Fault("It hangs up at once, whatever it is asked", _any, False, cut, 0, SERVER),
    "refused": Fault("It is switched off for a while", lambda _asked: False, False, cut, 20, SERVER),
}
