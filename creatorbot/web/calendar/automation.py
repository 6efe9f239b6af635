"""What happens by itself with news of one source: chosen on the source's own page."""

from dataclasses import dataclass

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.planning.rules import rules_row, slots_of, wanted_accounts
from creatorbot.announcements.planning.settings import automation_of, set_automation
from creatorbot.errors import InvalidInput
from creatorbot.models import SourceAutomation
from creatorbot.releases.queries import get_source
from creatorbot.web.here import artist_id, needs, now, person, runtime
from creatorbot.web.house.forms import tell, typed
from creatorbot.wording import N_

pages = Blueprint("automation", __name__)
MINUTES = (10, 30, 60, 120, 360, 720, 1440)
KEPT: dict[str, str] = {
    "off": N_("Nothing from here is announced by itself."),
    "draft": N_("From now on, a draft waits for you when something new appears here."),
    "post": N_("From now on, what is new here is announced by itself. Until it goes out you can stop it in the Calendar."),
    "slot": N_("From now on, what is new here is announced at your next free hour. Until then you can stop it in the Calendar."),
}


@dataclass(frozen=True)
class Automation:
    """The choice as the page shows it. hours: whether the artist has chosen any. handles: where it would be announced."""

    chosen: SourceAutomation
    hours: bool
    handles: tuple[str, ...]
    minutes: tuple[int, ...]
    yes: bool


def shown(session: Session, source_id: int) -> Automation:
    """What the source's page needs for the choice."""
    chosen, rules = automation_of(session, artist_id(), source_id, now()), rules_row(session, artist_id(), now())
    handles = tuple(account.handle for account in wanted_accounts(session, rules))
    minutes = tuple(sorted({*MINUTES, chosen.minutes}))
    return Automation(chosen, bool(slots_of(session, artist_id())), handles, minutes, rules.owner_yes)


@pages.post("/connections/sources/<int:source_id>/automation")
@needs("manager")
def keep(source_id: int) -> ResponseReturnValue:
    """Keep the choice. What is new there already stays with the artist."""
    form = typed()
    minutes = int(form["minutes"]) if form["minutes"].isascii() and form["minutes"].isdigit() and len(form["minutes"]) < 7 else 0
    try:
        with runtime().session() as session:
            get_source(session, artist_id(), source_id)
            set_automation(session, artist_id(), source_id, form["mode"], minutes, person().name, now())
    except InvalidInput as error:
        tell(error.message, "bad", **error.values)
    else:
        tell(KEPT[form["mode"]])
    return redirect(f"/connections/sources/{source_id}#itself", 303)
