"""A release's life in sentences: "The price went from 5 € to 7 € on 3 November", and what can be done about a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date, format_skeleton
from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from creatorbot.amounts import Money, is_currency
from creatorbot.models import ReleaseChange
from creatorbot.releases.changes import mark_seen
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist, artist_id, language, needs, now, runtime
from creatorbot.web.house.forms import tell
from creatorbot.web.house.showing import locale_for, zone
from creatorbot.wording import N_, licence_name, price_line, say

pages = Blueprint("life", __name__)
Told = Mapping[str, object]
PLAIN: dict[str, str] = {
    "out": N_("It came out on %(day)s."),
    "preorder": N_("It can be ordered ahead since %(day)s."),
    "withdrawn": N_("It was taken away on %(day)s."),
    "back": N_("It came back on %(day)s."),
    "address": N_("It moved to another address on %(day)s."),
    "cover": N_("It got another cover on %(day)s."),
}
OTHER = N_("It changed on %(day)s.")


@dataclass(frozen=True)
class Lived:
    """One change, said. open: the artist has not looked at it yet."""

    id: int
    at: datetime
    said: str
    open: bool


@pages.post("/releases/<int:release_id>/changes/<int:change_id>/leave")
@needs("manager")
def leave(release_id: int, change_id: int) -> ResponseReturnValue:
    """The posts stay as they are."""
    with runtime().session() as session:
        get_release(session, artist_id(), release_id)
        mark_seen(session, artist_id(), change_id)
    tell(N_("Good: the posts stay as they are."))
    return redirect(f"/releases/{release_id}", 303)


def lived(change: ReleaseChange) -> Lived:
    """This change as a line of the release's life."""
    return Lived(change.id or 0, change.at, sentence(change), change.state == "open")


def sentence(change: ReleaseChange) -> str:
    """What changed, from what to what and when, in the reader's language. What was not told is left out."""
    before, after = change.before or {}, change.after or {}
    values: dict[str, object] = {"day": day_of(change.at)}
    if change.what in PLAIN:
        return say(language(), PLAIN[change.what], values)
    pair = {"price": _prices, "licence": _licences, "title": _titles, "tracks": _tracks}.get(change.what)
    if pair is None:
        return say(language(), OTHER, values)
    values["before"], values["after"] = pair(before), pair(after)
    return say(language(), _shape(change.what, bool(values["before"]), bool(values["after"])), values)


def day_of(moment: datetime) -> str:
    """ "3 November", with the year when it is another one."""
    there, locale = moment.astimezone(zone()), locale_for(language())
    if there.year == now().astimezone(zone()).year:
        return format_skeleton("MMMMd", there, locale=locale)
    return format_date(there, "long", locale=locale)


def _shape(what: str, had: bool, has: bool) -> str:
    return {
        ("price", True, True): N_("The price went from %(before)s to %(after)s on %(day)s."),
        ("price", False, True): N_("Its price is told since %(day)s: %(after)s."),
        ("price", True, False): N_("Its price, %(before)s, is no longer told since %(day)s."),
        ("licence", True, True): N_("The licence went from %(before)s to %(after)s on %(day)s."),
        ("licence", False, True): N_("Its licence is told since %(day)s: %(after)s."),
        ("licence", True, False): N_("Its licence, %(before)s, is no longer told since %(day)s."),
        ("title", True, True): N_("It was called “%(before)s” and is called “%(after)s” since %(day)s."),
        ("tracks", True, True): N_("It went from %(before)s to %(after)s songs on %(day)s."),
        ("tracks", False, True): N_("It has %(after)s songs since %(day)s."),
    }.get((what, had, has), OTHER)


def _prices(told: Told) -> str:
    minor, currency = told.get("price_minor"), str(told.get("price_currency") or artist().currency)
    amount = Money(minor, currency) if isinstance(minor, int) and is_currency(currency) else None
    model = str(told.get("price_model") or ("fixed" if amount else "unknown"))
    if model == "not_sold":
        return say(language(), N_("not for sale"))
    line = price_line(language(), model, amount, None)
    return line if model in ("fixed", "minimum") or not line else f"“{line}”"


def _licences(told: Told) -> str:
    spdx = str(told.get("licence") or "")
    if spdx == "all-rights-reserved":
        return say(language(), N_("all rights reserved"))
    return licence_name(spdx) or spdx


def _titles(told: Told) -> str:
    return str(told.get("title") or "")


def _tracks(told: Told) -> str:
    number = told.get("tracks")
    return str(number) if isinstance(number, int) else ""
