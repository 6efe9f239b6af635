"""The practice fediverse: one server with Mastodon's client API, its pages as a follower sees them, and a dozen followers' servers."""

import threading
from datetime import UTC, datetime
from functools import cache

from flask import Flask, Response, request
from werkzeug.http import http_date

from creatorbot.rehearsal import faults
from creatorbot.rehearsal.fediverse import access
from creatorbot.rehearsal.fediverse.control import control
from creatorbot.rehearsal.fediverse.echoes import echoes
from creatorbot.rehearsal.fediverse.editing import editing
from creatorbot.rehearsal.fediverse.elsewhere import elsewhere
from creatorbot.rehearsal.fediverse.followers import watch
from creatorbot.rehearsal.fediverse.instance import instance
from creatorbot.rehearsal.fediverse.manners import manner
from creatorbot.rehearsal.fediverse.manners.ids import RemoteId
from creatorbot.rehearsal.fediverse.media import media
from creatorbot.rehearsal.fediverse.oauth import oauth
from creatorbot.rehearsal.fediverse.pages import pages
from creatorbot.rehearsal.fediverse.people import accounts
from creatorbot.rehearsal.fediverse.statuses import statuses
from creatorbot.rehearsal.fediverse.troubles import TABLE
from creatorbot.rehearsal.fediverse.writing import writing
from creatorbot.rehearsal.world import World, new_app, world

WINDOW = 300  # seconds in which a caller has 300 requests, by Mastodon's headers


@cache
def build() -> Flask:
    """The practice server as an app. Made once: the worlds are what differs."""
    app = new_app(__name__)
    app.url_map.converters["remote"] = RemoteId
    access.install(app)
    faults.install(app, "fediverse", TABLE)
    for part in (oauth, accounts, instance, media, statuses, writing, editing, elsewhere, echoes, control, pages):
        app.register_blueprint(part)

    @app.after_request
    def limits(answer: Response) -> Response:
        if request.path.startswith("/api/"):
            now = world().state.now()
            until = datetime.fromtimestamp(now - now % WINDOW + WINDOW, UTC)
            answer.headers.setdefault("Date", http_date(now))
            if manner().limit_headers:
                answer.headers.setdefault("X-RateLimit-Limit", "300")
                answer.headers.setdefault("X-RateLimit-Remaining", "299")
                answer.headers.setdefault("X-RateLimit-Reset", until.isoformat(timespec="microseconds").replace("+00:00", "Z"))
        return answer

    return app


def workers(here: World) -> list[threading.Thread]:
    """The followers' servers, at work in the background."""
    return [threading.Thread(target=watch, args=(here,), daemon=True)]
