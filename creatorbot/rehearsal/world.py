"""What every page and answer of a practice server can reach, and the Flask app they share the making of."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, render_template, request, send_from_directory
from werkzeug.middleware.proxy_fix import ProxyFix

from creatorbot.rehearsal.state import State

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PAGES = Path(__file__).parent / "pages"
_PLACE = "creatorbot.practice"  # where a request keeps its world
POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'self'"


@dataclass
class World:
    """state: what is remembered. domain: as handles show it. neighbour: the other practice server, where there is one.

    base: our own address without a final slash, known once we listen. ended: set when we stop.
    more_work: wakes the worker in the background. go_away(seconds): refuse all connections for a while.
    """

    state: State
    base: str = ""
    domain: str = "practice.example"
    neighbour: "World | None" = None
    ended: threading.Event = field(default_factory=threading.Event)
    more_work: threading.Event = field(default_factory=threading.Event)
    go_away: Callable[[float], None] = field(default=lambda _seconds: None)


def world() -> World:
    """The world of the request being answered."""
    return cast(World, request.environ[_PLACE])


def placed(app: Flask, here: World) -> "WSGIApplication":
    """The app, answering from this world."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> "Iterable[bytes]":
        environ[_PLACE] = here
        return app(environ, start)

    return answer


def new_app(name: str) -> Flask:
    """An app with our pages, our look and our policy; links follow the prefix under which we are shown. It serves every world alike."""
    app = Flask(name, template_folder=str(PAGES), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 40_000_000
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=0, x_prefix=1)  # type: ignore[method-assign]

    @app.get("/practice.css")
    def look() -> Response:
        return send_from_directory(PAGES, "practice.css", max_age=300)

    @app.after_request
    def policy(answer: Response) -> Response:
        if answer.mimetype == "text/html":
            answer.headers.setdefault("Content-Security-Policy", POLICY)
            answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        return answer

    return app


def from_a_form() -> bool:
    """Whether a person pressed a button, rather than a program asked: then the answer is a page to go to, not JSON."""
    return not request.is_json and request.accept_mimetypes.best != "application/json"


def page(name: str, status: int = 200, **values: object) -> Response:
    """One of our pages, filled in."""
    return Response(render_template(name, **{"domain": world().domain, **values}), status=status, mimetype="text/html")
