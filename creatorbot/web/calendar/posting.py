"""How the artist posts: hours, quiet hours, how often, who has to agree, and what is boosted later."""

from babel.dates import get_day_names
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.boosting.wanting import call_off_own
from creatorbot.announcements.planning.rules import add_slot, etiquette_for, keep_rules, remove_slot, rules_row, slots_of
from creatorbot.announcements.planning.wall import clock_text
from creatorbot.artists.accounts import accounts_of, server_facts, server_of
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, PostingRules
from creatorbot.networks.etiquette import Etiquette
from creatorbot.web.here import artist_id, language, may, needs, now, runtime
from creatorbot.web.house import showing
from creatorbot.web.house.forms import Form, tell, typed
from creatorbot.wording import N_

pages = Blueprint("posting", __name__)
NUMBERS = ("most_a_day", "gap", "boost_after", "boost_week", "boost_gap")


@pages.get("/settings/posting")
@needs("viewer")
def show() -> ResponseReturnValue:
    """What holds now."""
    return _page(None)


@pages.post("/settings/posting")
@needs("manager")
def keep() -> ResponseReturnValue:
    """Keep what was typed. Only an owner decides whether owners have to agree."""
    form = typed()
    try:
        with runtime().session() as session:
            row = rules_row(session, artist_id(), now())
            wanted = PostingRules(
                artist_id=artist_id(),
                quiet_from=_minute(form, "quiet_from"),
                quiet_until=_minute(form, "quiet_until"),
                owner_yes=form["owner_yes"] == "yes" if may("owner") else row.owner_yes,
                account_ids=_chosen(),
                boost_by=form["boost_by"] or "own",
                changed_at=now(),
            )
            for name in NUMBERS:
                setattr(wanted, name, _number(form, name))
            if row.boost_after and not wanted.boost_after:
                call_off_own(session, artist_id(), now())
            keep_rules(session, artist_id(), wanted, now())
    except InvalidInput as error:
        form.refuse(error)
        return _page(form), 422
    tell(N_("Kept. It holds for what is planned from now on."))
    return redirect("/settings/posting", 303)


@pages.post("/settings/posting/hours")
@needs("manager")
def add_hour() -> ResponseReturnValue:
    """An hour on one or several days of the week."""
    form = typed()
    chosen = [int(one) for one in request.form.getlist("weekday") if one in tuple("0123456")]
    try:
        with runtime().session() as session:
            if not chosen:
                raise InvalidInput("Choose at least one day of the week.", field="hour")
            for weekday in chosen:
                add_slot(session, artist_id(), weekday, _minute(form, "hour"), now())
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, chosen), 422
    return redirect("/settings/posting#hours", 303)


@pages.post("/settings/posting/hours/<int:slot_id>/remove")
@needs("manager")
def remove_hour(slot_id: int) -> ResponseReturnValue:
    """Take an hour out."""
    with runtime().session() as session:
        remove_slot(session, artist_id(), slot_id)
    return redirect("/settings/posting#hours", 303)


def _page(form: Form | None, chosen: list[int] | None = None) -> str:
    with runtime().reading() as session:
        row = rules_row(session, artist_id(), now())
        accounts = [account for account in accounts_of(session, artist_id()) if account.state != "removed"]
        about = {
            "rules": row,
            "slots": [(slot, weekdays()[slot.weekday], clock_text(slot.minute)) for slot in slots_of(session, artist_id())],
            "accounts": accounts,
            "manners": [_manners(session, account) for account in accounts],
        }
    form = form or Form()
    kept = {name: str(getattr(row, name)) for name in NUMBERS} | {"boost_by": row.boost_by}
    whole = "most_a_day" in form.values  # the rules were typed, not an hour
    about |= {"owner_yes": form["owner_yes"] == "yes" if whole else row.owner_yes, "ticked": _chosen() if whole else row.account_ids}
    kept |= {name: clock_text(getattr(row, name)) for name in ("quiet_from", "quiet_until")}
    return render_template(
        "calendar/posting.html", form=form, kept=kept, weekdays=weekdays(), chosen=chosen or [], active="settings", **about
    )


def weekdays() -> list[str]:
    """Monday first, in the reader's language."""
    names = get_day_names("wide", locale=showing.locale_for(language()))
    return [names[number] for number in range(7)]


def _manners(session: Session, account: Account) -> tuple[Account, str, Etiquette, tuple[str, ...]]:
    """What the account's server asks of those who post by themselves, as far as we know, and its own rules."""
    domain, etiquette = etiquette_for(session, account)
    return account, domain, etiquette, server_facts(server_of(session, account)).rules


def _chosen() -> list[int]:
    return [int(one) for one in request.form.getlist("account_ids") if one.isascii() and one.isdigit() and len(one) < 11]


def _number(form: Form, name: str) -> int:
    text = form[name]
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidInput("“%(typed)s” is not a whole number.", field=name, typed=text[:20])
    return int(text)


def _minute(form: Form, name: str) -> int:
    """ "19:05", seconds allowed, as a minute of the day."""
    parts = form[name].split(":")
    if len(parts) in (2, 3) and all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        hour, minute = int(parts[0]), int(parts[1])
        if hour < 24 and minute < 60:
            return hour * 60 + minute
    raise InvalidInput("“%(typed)s” is not a time of day, as 19:00 is.", field=name, typed=form[name][:20])
