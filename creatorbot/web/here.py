"""What a view may ask: the runtime, who is looking, for which artist, in which language. Loaded at the first question, not before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec, cast
from urllib.parse import quote, urlsplit

from flask import current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from creatorbot.artists import members, offered, sessions, signup
from creatorbot.errors import NotAllowed
from creatorbot.links.visitors import client_address
from creatorbot.models import Artist, Person
from creatorbot.runtime import Runtime
from creatorbot.security.proxies import bare_host, read_address
from creatorbot.web.house import hosts

COOKIE = "creatorbot"
P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


@dataclass(frozen=True)
class Present:
    """The logged-in person behind this request. artist: the one chosen in this browser, None when there is none; role: "" then."""

    session_id: int
    person: Person
    artist: Artist | None
    role: str


def runtime() -> Runtime:
    """The runtime this application was made with."""
    return cast(Runtime, current_app.extensions["creatorbot"])


def now() -> datetime:
    """The present by the runtime's clock."""
    return runtime().clock()


def present() -> Present | None:
    """Who is logged in here; None for nobody. Reads the cookie once a request."""
    if "present" not in g:
        g.present = _look_up(request.cookies.get(COOKIE, ""))
    return cast("Present | None", g.present)


def person() -> Person:
    """The logged-in person. Only in views with @needs."""
    return _someone().person


def artist() -> Artist:
    """The artist this browser works for. Only in views with @needs."""
    found = _someone().artist
    if found is None:
        raise NotAllowed("Choose an artist first.")
    return found


def artist_id() -> int:
    """The id of `artist()`."""
    found = artist().id
    assert found is not None
    return found


def role() -> str:
    """The person's role for this artist: owner, manager, viewer."""
    return _someone().role


def session_id() -> int:
    """Which logged-in browser this is."""
    return _someone().session_id


def may(needed: str) -> bool:
    """Whether whoever is looking may do what this role may do."""
    found = present()
    return found is not None and members.reaches(found.role, needed)


def language() -> str:
    """The member's language, else the best one of those the browser asks for that we speak."""
    if "language" not in g:
        found = None if is_public() else present()
        asked = request.accept_languages.best_match(languages()) if request else None
        g.language = found.person.language if found else asked or "en"
    return cast(str, g.language)


def languages() -> list[str]:
    """The languages pages come in."""
    return offered.page_languages()


def address() -> str:
    """Where this request comes from, as `client_address` understands it. Never kept readable."""
    return client_address(request.environ)


def own_root() -> str:
    """Where this person's own browser reaches us, without a final slash: for the way back from a server or a payment page.

    The public address when that is what they have open, else what they have open. Members have only names open that we know; a fan may
    have come by any, also by one that was made up, and a payment service is never told such a name: then it is the public address.
    """
    names, scheme = hosts.of_this_app(), "https" if runtime().settings.behind_https or request.is_secure else "http"
    seen, base = f"{scheme}://{request.host}", names.public_base()
    if base and urlsplit(base).netloc == request.host:
        return base
    if is_public() and not (_on_this_machine() if base else names.knows(request.host)):
        return base or runtime().settings.own_url
    return seen


# Blueprints and paths that never set or read a cookie.
NO_COOKIE = frozenset({"public", "codes", "hooks", "pushes", "stop"})
_NO_COOKIE_PATHS = (
    "/l/",
    "/@",
    "/oembed",
    "/tip/",
    "/thanks/",
    "/hooks/",
    "/push/",
    "/hand-over",
    "/cover/",
    "/answer/",
    "/stop/",
    "/static/",
    "/accent/",
    "/badge/",
)
_OPEN = "open_to_all"  # the mark on a view


def is_public() -> bool:
    """Whether this request is a fan's, a server's or a payment service's: no cookie, nobody logged in."""
    return request.blueprint in NO_COOKIE or request.path.startswith(_NO_COOKIE_PATHS)


def open_to_all(view: View[P]) -> View[P]:
    """Marks a view that needs no log-in. Every view carries this or @needs, else it is refused."""
    setattr(view, _OPEN, True)
    return view


def needs(needed: str, *, artist: bool = True) -> Callable[[View[P]], View[P]]:
    """Only for logged-in members whose role reaches `needed`: viewer, manager or owner. Goes under the route decorator.

    artist=False: for pages about the person, which need no artist.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*given: P.args, **named: P.kwargs) -> ResponseReturnValue:
            found = present()
            if found is None:
                return _to_the_door()
            if artist and found.artist is None:
                return redirect("/artists", 303)
            if artist and not members.reaches(found.role, needed):
                raise NotAllowed("Your role for this artist is to look, not to change things. Ask an owner for more.")
            return view(*given, **named)

        setattr(guarded, _OPEN, False)
        return guarded

    return guard


def is_marked(view: Callable[..., object]) -> bool:
    """Whether the view says who may open it."""
    return hasattr(view, _OPEN)


def forget() -> None:
    """Read the cookie and the rows again at the next question: after a log-in, a switch, a change of language."""
    for name in ("present", "language"):
        g.pop(name, None)


def _someone() -> Present:
    found = present()
    if found is None:
        raise NotAllowed("Log in first.")
    return found


def _on_this_machine() -> bool:
    """Whether this is a browser on this very machine: it says so, and it comes from there."""
    name, peer = bare_host(request.host), read_address(request.remote_addr or "")
    said = read_address("127.0.0.1" if name == "localhost" else name)
    return said is not None and said.is_loopback and peer is not None and peer.is_loopback


def _to_the_door() -> ResponseReturnValue:
    with runtime().reading() as session:
        if signup.nobody_yet(session):
            return redirect("/setup", 303)
    if request.method != "GET":
        return redirect("/login", 303)
    wanted = request.full_path.rstrip("?")
    return redirect(f"/login?next={quote(wanted, safe='/')}" if wanted != "/" else "/login", 303)


def _look_up(secret: str) -> Present | None:
    if not secret or len(secret) > 200:
        return None
    moment = now()
    with runtime().reading() as session:
        row = sessions.find(session, secret, moment)
        if row is None or row.id is None:
            return None
        someone = session.get(Person, row.person_id)
        mine = members.artists_of(session, row.person_id)
    if someone is None:
        return None
    if sessions.wants_care(row, secret, moment):
        with runtime().session() as session:
            g.fresh_cookie = sessions.care(session, row.id, secret, moment)
    chosen = next((pair for pair in mine if pair[0].id == row.artist_id), mine[0] if mine else (None, ""))
    return Present(row.id, someone, *chosen)
