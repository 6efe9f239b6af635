"""What happens when the same Idempotency-Key comes a second time: five habits of real servers, one at a time."""

import json
import threading
from collections.abc import Callable

from flask import Response, request

from creatorbot.rehearsal.fediverse.access import Refused, refuse
from creatorbot.rehearsal.fediverse.manners import key_mode
from creatorbot.rehearsal.world import world

SECONDS = {"same": 3600.0, "error500": 3600.0, "refused400": 3600.0, "replay": 6 * 3600.0}
_one_at_a_time = threading.Lock()

Written = Callable[[], tuple[int, Response]]


def answered_once(account_id: int, write: Written) -> Response:
    """Carry out `write` unless this key was seen, then answer by the present mode. write() -> (status id, its answer)."""
    key, mode = request.headers.get("Idempotency-Key", ""), key_mode()
    if not key or mode == "ignored":
        return write()[1]
    with _one_at_a_time:
        owner = 0 if mode == "replay" else account_id  # Akkoma remembers the key alone, for all its people
        here = world().state
        here.do("DELETE FROM answer WHERE place = 'status' AND made < ?", here.now() - SECONDS[mode])
        known = here.row("SELECT * FROM answer WHERE place = 'status' AND key = ? AND account_id = ?", key, owner)
        if known is not None:
            return _repeated(mode, known["status_id"], known["code"], known["body"])
        return _first(mode, key, owner, write)


def _repeated(mode: str, status_id: int | None, code: int, body: str) -> Response:
    if mode == "refused400":
        refuse(400, "Duplicate idempotency key.")
    if mode == "error500":
        return Response(
            "<!DOCTYPE html><title>500</title><h1>We're sorry, but something went wrong on our end.</h1>", 500, mimetype="text/html"
        )
    if mode == "same" and world().state.row("SELECT 1 FROM status WHERE id = ? AND NOT deleted", status_id) is None:
        refuse(404, "Record not found")
    answer = Response(body, code, mimetype="application/json")
    if mode == "replay":
        answer.headers["idempotent-replayed"] = "true"
    return answer


def _first(mode: str, key: str, owner: int, write: Written) -> Response:
    """Carry it out and remember it. Pixelfed remembers the key before it looks at the post; Akkoma remembers refusals too."""
    here = world().state

    def remember(status_id: int | None, code: int, body: str) -> None:
        here.do("INSERT OR REPLACE INTO answer VALUES ('status', ?, ?, ?, ?, '', ?, ?)", key, owner, status_id, code, body, here.now())

    if mode == "refused400":
        remember(None, 200, "")
        return write()[1]
    try:
        with here.transaction():
            status_id, answer = write()
            remember(status_id, answer.status_code, answer.get_data(as_text=True))
    except Refused as why:
        if mode == "replay":
            remember(None, why.code, json.dumps({"error": why.message}))
        raise
    return answer
