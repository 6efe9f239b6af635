"""The front door: /l/<code>, its pictures and style sheets, answered from memory before Flask is asked anything.

No template, no ORM and no lock here. A visit is one line in the journal, then the answer. `Cache-Control: no-cache` with an ETag lets
browsers keep the page but makes every opening reach us: a 304 is a visit too. Pictures and style sheets are named for their
content and kept for ever, by anybody.
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
from sqlmodel import select

from creatorbot.links.journal import Journal
from creatorbot.links.shelf import Shelf, refreshed
from creatorbot.links.visitors import SALT_BYTES, day_salt, forget_salts, visit_line
from creatorbot.models import Cover, Heartbeat, Link
from creatorbot.releases.covers import card_file
from creatorbot.runtime import Runtime
from creatorbot.security.proxies import Proxies
from creatorbot.wording import N_, say

_log = logging.getLogger(__name__)
_OURS = ("/l/", "/cover/", "/assets/")
_NAME = re.compile(r"[A-Za-z0-9]{4,128}")
_MOST_UNKNOWN = 10_000
_LOOKUPS_A_SECOND = 100
_MOST_PICTURES = 200
_BEFORE_MIDNIGHT = timedelta(minutes=5)
HEARTBEAT = "visit_journal"

_SAFE = (("X-Content-Type-Options", "nosniff"),)
_FOR_EVER = (*_SAFE, ("Cache-Control", "public, max-age=31536000, immutable"), ("Cross-Origin-Resource-Policy", "cross-origin"))
_ONLY_HTTPS = (("Strict-Transport-Security", "max-age=31536000"),)
_PAGE = (
    *_SAFE,
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "public, no-cache"),
    ("Vary", "Accept-Encoding"),
    ("Referrer-Policy", "unsafe-url"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
)


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
        self._pictures: dict[str, bytes] = {}
        self._unknown: dict[str, float] = {}
        self._lookups = (0, 0)
        self._told = (0, False)
        self._page = _PAGE + (_ONLY_HTTPS if runtime.settings.behind_https else ())
        self._working = threading.Lock()
        self._started = False
        self._ended = threading.Event()
        self.journal = Journal(runtime.journal)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._proxies.look_through(environ)
        path = environ["PATH_INFO"]
        if not path.startswith(_OURS):
            return self._app(environ, start_response)
        if not self._started:
            self.start()
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _method_not_allowed(start_response)
        if path.startswith("/l/"):
            code, _, word = path[3:].partition("/")
            return self._link(code, word, environ, start_response)
        asset = self._picture(path) if path.startswith("/cover/") else self.shelf.styles.get(path)
        if asset is None:
            return self._app(environ, start_response)
        kind = "image/jpeg" if path.startswith("/cover/") else "text/css; charset=utf-8"
        return _answer(environ, start_response, asset, [*_FOR_EVER, ("Content-Type", kind)])

    def _link(self, code: str, word: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        shelf = self.shelf
        page = shelf.page_of(code)
        if page is None:
            shelf = self._look_again(code, select(Link.id).where(Link.code == code))
            page = shelf.page_of(code)
            if page is None:
                return self._app(environ, start_response)
        now = self._runtime.clock()
        salt = self._salts.get(now.date(), self._own_salt)
        exit_ = page.exits.get(word, "")
        if word and not exit_:  # of an older page, or made up
            return _sent_on(start_response, f"/l/{code}", self._page)
        behind_https = self._runtime.settings.behind_https
        self.journal.append(visit_line(environ, code, now, salt, behind_https=behind_https, button=word), now)
        if word:
            return _sent_on(start_response, exit_, self._page)
        headers = [*self._page, ("ETag", f'W/"{page.tag}"')]
        if page.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return []
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            headers.append(("Content-Encoding", "gzip"))
            return _answer(environ, start_response, shelf.compressed(code, page), headers)
        return _answer(environ, start_response, page.body(code), headers)

    def _picture(self, path: str) -> bytes | None:
        name = path[7:].removesuffix(".jpg")
        cover = self.shelf.covers.get(name)
        if cover is None:
            cover = self._look_again(name, select(Cover.id).where(Cover.content_hash == name)).covers.get(name)
        if cover is None or not path.endswith(".jpg"):
            return None
        found = self._pictures.get(name)
        if found is None:
            try:
                found = card_file(self._runtime.covers, cover).read_bytes()
            except OSError:
                _log.warning("the picture %s is not in the data folder", name)
                return None
            if len(self._pictures) >= _MOST_PICTURES:
                self._pictures.clear()
            self._pictures[name] = found
        return found

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


def _answer(environ: WSGIEnvironment, start_response: StartResponse, body: bytes, headers: list[tuple[str, str]]) -> list[bytes]:
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _sent_on(start_response: StartResponse, address: str, policy: Iterable[tuple[str, str]]) -> list[bytes]:
    """On to a shop, and to none but those on the page. The shop still sees our page as where its visitor came from."""
    kept = [header for header in policy if header[0] in ("Referrer-Policy", "X-Content-Type-Options", "Strict-Transport-Security")]
    start_response("303 See Other", [*kept, ("Location", address), ("Cache-Control", "no-store"), ("Content-Length", "0")])
    return []


def _method_not_allowed(start_response: StartResponse) -> list[bytes]:
    body = b"This address can only be looked at."
    start_response(
        "405 Method Not Allowed",
        [*_SAFE, ("Allow", "GET, HEAD"), ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
