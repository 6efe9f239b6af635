"""The family's own interface as its source has it: /api/NAME, MiAuth, NodeInfo; and the orders that tests give it."""

import html
import os
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, Response, jsonify, redirect, request

from tests.servers.misskey import calls
from tests.servers.misskey.calls import Failed
from tests.servers.misskey.state import State

Reply = Response | tuple[Response, int]
# Refusals that can be ordered: status, code.
REFUSALS = {
    "prohibited": (400, "CONTAINS_PROHIBITED_WORDS"),
    "busy": (429, "RATE_LIMIT_EXCEEDED"),
    "full": (400, "NO_FREE_SPACE"),
    "role": (403, "ROLE_PERMISSION_DENIED"),
    "broken": (500, "INTERNAL_ERROR"),
    "processing": (202, "PROCESSING"),
}


def build(state: State) -> Flask:
    """The application."""
    app = Flask(__name__)
    _about(app, state)
    _permission(app, state)
    _ordered(app, state)

    @app.route("/api/<path:name>", methods=["POST"])
    def api(name: str) -> Reply:
        return _answer(state, name)

    @app.get("/notes/<note_id>")
    def page(note_id: str) -> str:
        note = state.notes.get(note_id)
        written = html.escape(note["text"] or "").replace("\n", "<br>") if note else "Nothing is here."
        return f"<!doctype html><html lang=en><title>A note</title><main><h1>A note</h1><p id=text>{written}</p></main>"

    return app


def _about(app: Flask, state: State) -> None:
    @app.get("/.well-known/nodeinfo")
    def links() -> Response:
        rel = "http://nodeinfo.diaspora.software/ns/schema/"
        return jsonify({"links": [{"rel": rel + one, "href": f"{state.base}/nodeinfo/{one}"} for one in ("2.1", "2.0")]})

    @app.get("/nodeinfo/<one>")
    def nodeinfo(one: str) -> Response:
        return jsonify({"version": one, "software": {"name": state.software, "version": state.version}, "metadata": {}})

    @app.post("/api/meta")
    def meta() -> Response:
        return jsonify(
            {
                "name": "The counterpart",
                "uri": state.base,
                "version": state.version,
                "maxNoteTextLength": 3000,
                "maxFileSize": 262144000,
                "serverRules": ["Be kind.", "No robots without a name."],
                "features": {"miauth": True},
                "policies": {"canPublicNote": True},
            }
        )


def _permission(app: Flask, state: State) -> None:
    @app.get("/miauth/<session>")
    def ask(session: str) -> str:
        fields = "".join(f'<input type="hidden" name="{html.escape(k)}" value="{html.escape(v)}">' for k, v in request.args.items())
        return (
            "<!doctype html><html lang=en><title>Let it in?</title><main><h1>Let "
            f"{html.escape(request.args.get('name', ''))} in?</h1><form method=post>{fields}"
            "<button name=answer value=accept>Accept</button><button name=answer value=deny>Deny</button></form></main>"
        )

    @app.post("/miauth/<session>")
    def answer(session: str) -> Any:
        if request.form.get("answer") != "accept":
            return "<!doctype html><title>Denied</title><p>You said no."
        token = f"t{state.new_id()}{os.urandom(8).hex()}"
        state.tokens[token] = request.form.get("permission", "").split(",")
        state.sessions[session] = {"token": token, "fetched": False}
        state.keep()
        back = urlsplit(request.form.get("callback", ""))
        query = urlencode([*parse_qsl(back.query), ("session", session)])
        return redirect(urlunsplit(back._replace(query=query)))

    @app.post("/api/miauth/<session>/check")
    def check(session: str) -> Response:
        found = state.sessions.get(session)
        if found is None or found["fetched"]:
            return jsonify({"ok": False})
        found["fetched"] = True
        state.keep()
        return jsonify({"ok": True, "token": found["token"], "user": calls.user(state)})


def _ordered(app: Flask, state: State) -> None:
    @app.post("/counterpart/orders")
    def orders() -> Response:
        state.orders.append(request.get_json())
        return jsonify({})

    @app.post("/counterpart/account")
    def account() -> Response:
        state.account |= request.get_json()
        state.keep()
        return jsonify({})

    @app.get("/counterpart/notes")
    def notes() -> Response:
        return jsonify([state.notes[key] for key in sorted(state.notes)])


def _answer(state: State, name: str) -> Reply:
    behaviour = (state.order(name) or {}).get("behaviour", "")
    if behaviour == "die before":
        os._exit(1)
    if behaviour in REFUSALS:
        return _error(*REFUSALS[behaviour])
    if behaviour == "maintenance":
        return Response("<!doctype html><title>Back soon</title>", 503), 503
    try:
        made = _do(state, name)
    except Failed as failed:
        return _error(failed.status, failed.code, failed.info)
    if isinstance(made, dict) and behaviour == "words changed":
        next(iter(made.values()))["text"] = "Something else"
    return _after(behaviour, made)


def _after(behaviour: str, made: object) -> Reply:
    """It was done; what of it reaches the one who asked?"""
    if behaviour == "die after":
        os._exit(1)
    if behaviour == "lost":
        _hang_up()
    if behaviour == "gateway":
        return Response("<html><title>502</title>", 502), 502
    if behaviour == "garbled":
        return Response("<html><title>Hello</title>", 200), 200
    if behaviour == "empty":
        return jsonify({}), 200
    return (Response(status=204), 204) if made is None else (jsonify(made), 200)


def _hang_up() -> None:
    stream: socket.socket = request.environ["werkzeug.socket"]
    stream.shutdown(socket.SHUT_RDWR)
    stream.close()


def _do(state: State, name: str) -> object:
    call: Callable[[State, dict[str, Any]], object] | None = calls.CALLS.get(name)
    if call is None or (name == "notes/edit" and state.software == "misskey"):
        raise Failed(404, "UNKNOWN_API_ENDPOINT")
    given: dict[str, Any] = dict(request.form) if request.files else request.get_json(silent=True) or {}
    if request.files:
        given["file"] = request.files["file"].read()
    with state.lock:
        calls.let_in(state, name, given)
        made = call(state, given)
        state.keep()
    return made


def _error(status: int, code: str, info: object = None) -> Reply:
    words = code.replace("_", " ").capitalize() + "."
    kind = "server" if status >= 500 else "client"
    body = {"message": words, "code": code, "id": "0", "kind": kind} | ({"info": info} if info else {})
    answer = jsonify({"error": body})
    if status == 429:
        answer.headers["Retry-After"] = "7"
    return answer, status
