"""The front door: /l/<code>, /@<name>, their pictures and style sheets, answered from memory before Flask is asked anything.

No template, no ORM and no lock here. A visit is one line in the journal, then the answer. `Cache-Control: no-cache` with an ETag lets
browsers and caches in between keep the page but makes every opening reach us: a 304 is a visit too. Pictures and style sheets are
named for their content and kept for ever, by anybody.

    /l/<code>            a page, and a visit               /l/<code>/<word>    a button: counted, and on to a shop
    /l/<code>.<number>   another release, by this link     /l/<code>/play      what plays: counted, and shown
    /@<name>             the artist's page                 /l/<code>/embed     for other people's pages, counted when followed
    /cover/, /assets/    pictures, style sheets            /oembed             what may be embedded
"""

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sqlalchemy import Executable
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from creatorbot.links.codes import split
from creatorbot.links.journal import Journal
from creatorbot.links.pages.parts import Page
from creatorbot.links.pages.shelf import Ready, Shelf, refreshed
from creatorbot.links.visitors import SALT_BYTES, day_salt, forget_salts, visit_line
from creatorbot.models import Artist, Cover, Heartbeat, Link
from creatorbot.runtime import Runtime
from creatorbot.security.proxies import Proxies
from creatorbot.web.front import oembed
from creatorbot.web.front.answers import (
    FOR_EVER,
    ONLY_HTTPS,
    PAGE,
    POLICY,
    SAFE,
    answer,
    encoding_of,
    method_not_allowed,
    sent_on,
    unchanged,
)
from creatorbot.web.front.pictures import Pictures
from creatorbot.wording import N_, say

_log = logging.getLogger(__name__)
_OURS = ("/l/", "/@", "/cover/", "/assets/", "/oembed")
_NAME = re.compile(r"[A-Za-z0-9-]{1,128}")
_MOST_UNKNOWN = 10_000
_LOOKUPS_A_SECOND = 100
_BEFORE_MIDNIGHT = timedelta(minutes=5)
_EMBEDDED = (("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "public, max-age=600"))
_LOOKING = ("GET", "HEAD")
HEARTBEAT = "visit_journal"


class FrontDoor:
    """A WSGI callable in front of the application. Its refresher thread starts with the first request, after any fork."""

    def __init__(
        self, app: WSGIApplication, runtime: Runtime, *, refresh_s: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._runtime = runtime
        self._proxies = Proxies(runtime.settings.proxies)
        self._refresh_s = refresh_s
        self._monotonic = monotonic
        self.shelf = Shelf()
        self._salts: Mapping[date, bytes] = {}
        self._own_salt = secrets.token_bytes(SALT_BYTES)
        self._pictures = Pictures(runtime)
        self._unknown: dict[str, float] = {}
        self._lookups = (0, 0)
        self._told = (0, False)
        self._page = PAGE + (ONLY_HTTPS if runtime.settings.behind_https else ())
        self._working = threading.Lock()
        self._started = False
        self._ended = threading.Event()
        self.journal = Journal(runtime.journal)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._proxies.look_through(environ)
        path = environ["PATH_INFO"]
        ready = self.shelf.ready.get((path, environ.get("HTTP_ACCEPT_ENCODING", "")))
        if ready is not None and environ["REQUEST_METHOD"] in _LOOKING:
            return self._again(ready, environ, start_response)
        if not path.startswith(_OURS):
            return self._app(environ, start_response)
        if not self._started:
            self.start()
        if environ["REQUEST_METHOD"] not in _LOOKING:
            return method_not_allowed(start_response)
        if path.startswith("/l/"):
            code, _, word = path[3:].partition("/")
            return self._link(code, word, environ, start_response)
        if path.startswith("/@"):
            return self._artist(path, environ, start_response)
        if path == "/oembed":
            return self._embedding(environ, start_response)
        asset = self._picture(path) if path.startswith("/cover/") else self.shelf.styles.get(path)
        if asset is None:
            return self._app(environ, start_response)
        kind = "image/jpeg" if path.startswith("/cover/") else "text/css; charset=utf-8"
        return answer(environ, start_response, asset, [*FOR_EVER, ("Content-Type", kind)])

    def _link(self, code: str, word: str, environ: WSGIEnvironment, start_response: StartResponse, own: str = "") -> Iterable[bytes]:
        shelf = self.shelf
        page = shelf.page_of(code)
        if page is None:
            root, number = split(code)
            shelf = self._look_again(root, select(Link.id).where(Link.code == root))
            page = shelf.page_of(code)
            if page is None:
                known = number is not None and shelf.page_of(root) is not None
                # A release that is shown no more: what the link itself opens is.
                return sent_on(start_response, f"/l/{root}", self._page) if known else self._app(environ, start_response)
        if word and word not in page.exits and word not in page.below:  # of an older page, or made up
            return sent_on(start_response, f"/l/{code}", self._page)
        if word != "embed":
            self._count(environ, code, word)
        if word in page.exits:
            return sent_on(start_response, page.exits[word], self._page)
        return self._shown(shelf, code, page, word, own, environ, start_response)

    def _again(self, ready: Ready, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A page as it was answered before, and is still."""
        self._count(environ, ready.code, "")
        if ready.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return unchanged(start_response, [*ready.headers])
        start_response("200 OK", [*ready.headers, *ready.about_body])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [ready.body]

    def _count(self, environ: WSGIEnvironment, code: str, word: str) -> None:
        now = self._runtime.clock()
        root, number = split(code) if "." in code else (code, None)
        salt = self._salts.get(now.date(), self._own_salt)
        self.journal.append(visit_line(environ, root, now, salt, button=word, item=number), now)

    def _shown(
        self, shelf: Shelf, code: str, page: Page, word: str, own: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        below = page.below.get(word)
        tag = below.tag if below else shelf.tag(page)
        headers = [*self._page, ("Content-Security-Policy", below.policy if below else POLICY), ("ETag", f'W/"{tag}"')]
        if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return unchanged(start_response, headers)
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = encoding_of(accepted)
        body = shelf.answer(code, page, encoding, below=word, own=own)
        about_body = [("Content-Length", str(len(body))), *([("Content-Encoding", encoding)] if encoding else [])]
        if not below:
            shelf.remember((environ["PATH_INFO"], accepted), Ready(code, tag, tuple(headers), tuple(about_body), body))
        start_response("200 OK", [*headers, *about_body])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _artist(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The artist's page, by the name in its address; capitals do not matter."""
        name = path[2:].lower()
        code = self.shelf.links.named.get(name)
        if code is None:
            asked = select(Artist.id).where(col(Artist.slug) == name)
            code = self._look_again(name, asked).links.named.get(name)
        if code is None:
            return self._app(environ, start_response)
        return self._link(code, "", environ, start_response, own=f"/@{name}")

    def _embedding(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query, shelf = environ.get("QUERY_STRING", ""), self.shelf
        path, wanted = oembed.asked_for(query)
        code = path[3:] if path.startswith("/l/") else shelf.links.named.get(path[2:].lower(), "") if path.startswith("/@") else ""
        page = shelf.page_of(code)
        if page is None or "embed" not in page.below:
            return self._app(environ, start_response)
        if wanted != "json":
            start_response("501 Not Implemented", [*SAFE, ("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        body = oembed.described(page, f"/l/{code}", shelf.base, query)
        return answer(environ, start_response, body, [*SAFE, *_EMBEDDED, ("Access-Control-Allow-Origin", "*")])

    def _picture(self, path: str) -> bytes | None:
        name = path[7:].removesuffix(".jpg")
        cover = self.shelf.covers.get(name)
        if cover is None:
            cover = self._look_again(name, select(Cover.id).where(Cover.content_hash == name)).covers.get(name)
        return None if cover is None or not path.endswith(".jpg") else self._pictures.bytes_of(cover)

    # Beside the hot path ------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Fill the shelf and begin to follow the database. Done by the first request, in the process that answers."""
        with self._working:
            if self._started:
                return
            self._follow()
            threading.Thread(target=self._keep_following, name="front door", daemon=True).start()
            self._started = True

    def stop(self) -> None:
        """Follow the database no more."""
        self._ended.set()

    def refresh(self) -> None:
        """Bring the shelf and the salts up to date with the database."""
        with self._working:
            self._follow()

    def _keep_following(self) -> None:
        while not self._ended.wait(self._refresh_s):
            try:
                self.refresh()
                self.tell_dropped()
            except (SQLAlchemyError, OSError):
                _log.exception("the prepared pages could not follow the database; trying again")

    def _follow(self) -> None:
        with self._runtime.reading() as session:
            self.shelf = refreshed(session, self.shelf, self._runtime.settings.own_url)
        now = self._runtime.clock()
        wanted = {now.date(), (now + _BEFORE_MIDNIGHT).date()}
        if self._salts.keys() != wanted:
            with self._runtime.session() as session:
                salts = {day: day_salt(session, day) for day in sorted(wanted)}
                forget_salts(session, now)
            self._salts = salts

    def _look_again(self, name: str, asked: Executable) -> Shelf:
        """The shelf, brought up to date first if this row was made a moment ago. Bounded, so that guessing names costs little."""
        now = self._monotonic()
        second, used = self._lookups if self._lookups[0] == int(now) else (int(now), 0)
        if not _NAME.fullmatch(name) or used >= _LOOKUPS_A_SECOND or self._unknown.get(name, 0.0) > now:
            return self.shelf
        self._lookups = (second, used + 1)
        with self._runtime.reading() as session:
            known = session.execute(asked).first() is not None
        if known:
            self.refresh()
            return self.shelf
        if len(self._unknown) >= _MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown[name] = now + 1.0
        return self.shelf

    def tell_dropped(self) -> None:
        """Say in the heartbeat when visits cannot be written down, and when they can be again."""
        told = (self.journal.dropped, self.journal.failing)
        if told == self._told:
            return
        sentence = say("en", N_("%(count)s visits were answered but could not be counted: the disk was full."), {"count": told[0]})
        now = self._runtime.clock()
        with self._runtime.session() as session:
            session.merge(Heartbeat(job=HEARTBEAT, started_at=now, finished_at=now, sentence=sentence, failed=told[1]))
        self._told = told
