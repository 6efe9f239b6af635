"""Every call, with what is to go wrong with it; the posts' own page; and the orders that tests give."""

import html
import os
import socket
import time

from flask import Flask, Response, jsonify, request

from tests.servers.threads import calls
from tests.servers.threads.calls import Call, Failed, Given
from tests.servers.threads.state import USERNAME, State, stamp, written

REFUSED = {  # ordered refusals: nothing is done
    "busy": Failed(4, "Application request limit reached"),
    "trouble": Failed(2, "Service temporarily unavailable", status=500),
    "transient": Failed(24, "An unexpected error", transient=True),
    "not yet": calls.absent("1"),
    "spam": Failed(368, "The action attempted has been deemed abusive"),
}


def build(state: State) -> Flask:
    """The application."""
    app = Flask(__name__)
    _ordered(app, state)

    @app.get("/@aoife/post/<number>")
    def page(number: str) -> str:
        post = state.posts.get(number)
        words = html.escape(post["text"]).replace("\n", "<br>") if post else "Nothing is here."
        to = html.escape(post["link_attachment_url"] or "") if post else ""
        card = f'<aside><a href="{to}">A card</a></aside>' if to else ""
        picture = f'<img alt="{html.escape(post["alt_text"] or "")}" src="data:,">' if post and post["image"] else ""
        return f"<!doctype html><html lang=en><title>A post</title><main><h1>aoife</h1><p id=text>{words}</p>{card}{picture}</main></html>"

    @app.get("/refresh_access_token")
    def refresh() -> Response:
        return _done(state, "refresh", lambda key, _given: calls.renew(state, key))

    @app.route("/v1.0/me/threads", methods=["POST"])
    def create() -> Response:
        return _done(state, "create", lambda _key, given: calls.create(state, given), "threads_content_publish")

    @app.route("/v1.0/me/threads_publish", methods=["POST"])
    def publish() -> Response:
        return _done(state, "publish", lambda _key, given: calls.publish(state, given), "threads_content_publish")

    @app.get("/v1.0/me/threads")
    def threads() -> Response:
        return _done(state, "list", lambda _key, given: calls.listed(state, given, answers=False))

    @app.get("/v1.0/me/replies")
    def own_replies() -> Response:
        return _done(state, "answers", lambda _key, given: calls.listed(state, given, answers=True), "threads_read_replies")

    @app.get("/v1.0/<number>/insights")
    def insights(number: str) -> Response:
        return _done(state, "insights", lambda _key, given: calls.insights(state, number, given), "threads_manage_insights")

    @app.get("/v1.0/<number>/replies")
    def replies(number: str) -> Response:
        return _done(state, "replies", lambda _key, given: calls.replies(state, number, given), "threads_read_replies")

    @app.route("/v1.0/<number>", methods=["GET", "DELETE"])
    def one(number: str) -> Response:
        return _one(state, number)

    return app


def _one(state: State, number: str) -> Response:
    if number == "me":
        return _done(state, "me", lambda _key, given: calls.me(state, given))
    if number == "debug_token":
        return _done(state, "about", lambda _key, given: calls.about(state, given))
    if request.method == "DELETE":
        return _done(state, "delete", lambda _key, _given: calls.delete(state, number), "threads_delete")
    if number in state.containers:
        return _done(state, "status", lambda _key, _given: calls.status(state, number))
    return _done(state, "show", lambda _key, given: calls.show(state, number, given))


def _done(state: State, name: str, call: Call, needs: str = "threads_basic") -> Response:
    behaviour = state.order(name)
    if behaviour == "die before":
        os._exit(1)
    if behaviour == "maintenance":
        return Response("<!doctype html><title>Sorry, something went wrong</title>", 503)
    try:
        if behaviour in REFUSED:
            raise REFUSED[behaviour]
        given: Given = {**request.args.to_dict(), **request.form.to_dict()}
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        with state.lock:
            if name != "about":
                calls.let_in(state, key, needs)
            made = call(key, given)
            state.keep()
    except Failed as failed:
        return Response(calls.document({"error": failed.error}), failed.status, content_type="application/json")
    return _after(behaviour, made)


def _after(behaviour: str, made: object) -> Response:
    """It was done; what of it reaches the one who asked?"""
    if behaviour == "die after":
        os._exit(1)
    if behaviour == "lost":
        stream: socket.socket = request.environ["werkzeug.socket"]
        stream.shutdown(socket.SHUT_RDWR)
    if behaviour == "slow answer":
        time.sleep(2)
    if behaviour == "gateway":
        return Response("<html><title>502</title>", 502)
    if behaviour == "garbled":
        return Response("<html><title>Hello</title>", 200)
    if behaviour == "empty":
        return jsonify({})
    return Response(calls.document(made), 200, content_type="application/json")


def _ordered(app: Flask, state: State) -> None:
    @app.post("/counterpart/orders")
    def orders() -> Response:
        state.orders.append(request.get_json())
        return jsonify({})

    @app.post("/counterpart/practice")
    def practice() -> Response:
        state.practice |= request.get_json()
        state.keep()
        return jsonify({})

    @app.post("/counterpart/keys")
    def keys() -> Response:
        for key, what in request.get_json().items():
            state.keys[key] = state.keys.get(key, {}) | what
        state.keep()
        return jsonify({})

    @app.post("/counterpart/fill")
    def fill() -> Response:
        for _ in range(request.get_json()["number"]):
            number = state.number()
            known = {
                "id": number,
                "text": "Tea again",
                "username": USERNAME,
                "reply_to": None,
                "at": stamp(),
                "timestamp": written(stamp()),
            }
            state.posts[number] = known | {"media_type": "TEXT_POST", "link_attachment_url": None, "image": None}
        state.keep()
        return jsonify({})

    @app.get("/counterpart/state")
    def all_of_it() -> Response:
        return jsonify({"posts": list(state.posts.values()), "containers": state.containers, "keys": state.keys})
