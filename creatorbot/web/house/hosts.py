"""Under which names the pages answer: links under every name that points here, the members' pages under those we know.

A page elsewhere can make its own name point to this machine while a member looks at it, and would then be let read what is answered
(DNS rebinding). And what a request calls us must not get into addresses we hand on. So names are known, or they are answered 421. Numbers
and names of the home network are no way in: nobody can buy them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, render_template, request

from creatorbot.artists.offered import page_languages
from creatorbot.artists.signup import nobody_yet
from creatorbot.links.address import public_base
from creatorbot.models import Installation
from creatorbot.runtime import Runtime
from creatorbot.security.proxies import bare_host, is_machine
from creatorbot.web.allowance import Allowance

# Whoever follows an old link, sends us a notice, leaves our mails or checks our address may use any name that leads here.
ANY_NAME = (
    "/l/",
    "/@",
    "/tip/",
    "/thanks/",
    "/cover/",
    "/assets/",
    "/badge/",
    "/oembed",
    "/static/",
    "/hooks/",
    "/push/",
    "/stop/",
    "/answer/",
)
_AT_HOME = (".localhost", ".local", ".lan", ".home.arpa", ".internal")
_GOOD_FOR_S = 5.0
_LOOKS_A_SECOND = 20


@dataclass(frozen=True)
class Names:
    """Those we know besides the home network's. empty: nobody has signed up, so that any name will do. base: the public address, once
    it has answered."""

    known: frozenset[str]
    empty: bool
    base: str


class Hosts:
    """The names one runtime answers to. Known ones are remembered a few seconds; unknown ones ask again, a bounded number of times."""

    def __init__(self, runtime: Runtime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.runtime = runtime
        self._monotonic = monotonic
        self._names: Names | None = None
        self._until = 0.0
        self._looks = Allowance(_LOOKS_A_SECOND, monotonic)

    def knows(self, host: str) -> bool:
        """Whether this Host header is one of our names."""
        if is_at_home(host):
            return True
        name = bare_host(host)
        if self._names is not None and self._until > self._monotonic() and name in self._names.known:
            return True
        return name != "" and name in self.names().known

    def would_know(self, host: str, public_url: str) -> bool:
        """Whether this Host header would be one of our names if that were the public address."""
        return is_at_home(host) or bare_host(host) in self._given() | {name_in(public_url)}

    def public_base(self) -> str:
        """The public address once it has answered, without a final slash; "" while there is none."""
        return self.names().base

    def empty(self) -> bool:
        """Whether nobody has signed up yet, as far as was last seen."""
        return self._names is not None and self._names.empty

    def names(self) -> Names:
        """As they stand in the database now, or stood a moment ago when that was asked for too often."""
        if self._looks.one_more() or self._names is None:
            self._names = self._look()
            self._until = self._monotonic() + _GOOD_FOR_S
        return self._names

    def _look(self) -> Names:
        with self.runtime.reading() as session:
            row, empty = session.get(Installation, 1), nobody_yet(session)
            base = public_base(row)
        return Names(self._given() | {name_in(row.public_url if row else "")}, empty, base or "")

    def _given(self) -> frozenset[str]:
        """The names given from outside, where this is started."""
        settings = self.runtime.settings
        return settings.host_names | {name_in(settings.own_url), name_in(settings.public_url)}


@lru_cache(maxsize=1024)
def is_at_home(host: str) -> bool:
    """Whether this Host header is a number, a name without a dot, or one that means something on the home network alone."""
    return host != "" and (is_machine(host) or bare_host(host).endswith(_AT_HOME))


def install(app: Flask) -> None:
    """Before everything else: a request under a strange name learns nothing and changes nothing."""

    @app.before_request
    def only_under_our_names() -> Response | None:
        if request.path.startswith(ANY_NAME):
            return None
        hosts = of_this_app()
        return None if hosts.knows(request.host) or hosts.empty() else _not_here()


def _not_here() -> Response:
    """What this is and what to do; nobody is looked up, no cookie read."""
    g.present, g.language = None, request.accept_languages.best_match(page_languages()) or "en"
    answer = make_response(render_template("errors/host.html"), 421)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def of_this_app() -> Hosts:
    """Those of the runtime this application works for."""
    runtime = cast(Runtime, current_app.extensions["creatorbot"])
    found = cast("Hosts | None", current_app.extensions.get("creatorbot hosts"))
    if found is None or found.runtime is not runtime:
        found = current_app.extensions["creatorbot hosts"] = Hosts(runtime)
    return found


def name_in(address: str) -> str:
    """The name in an address, as it stands in a request: foreign letters encoded. "" for none."""
    name = (urlsplit(address).hostname or "").lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
