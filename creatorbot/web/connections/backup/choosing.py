"""Help with choosing a server for a backup account, for somebody who has only ever known one."""

from datetime import date

from babel.dates import format_skeleton
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists.accounts import accounts_of, server_facts, server_of
from creatorbot.artists.backup import directory
from creatorbot.artists.backup.servers import AS_OF, OURS
from creatorbot.errors import CreatorbotError
from creatorbot.models import Account
from creatorbot.networks.base import ServerFacts
from creatorbot.web import here
from creatorbot.web.house import showing
from creatorbot.wording import N_, explain

pages = Blueprint("choosing", __name__)
JOINS = {
    "open": N_("You can join at once."),
    "asks": N_("You write a few words about yourself, and somebody looks at them first."),
    "check": N_("Some days it takes new people, some days it does not."),
}


@pages.get("/connections/backup/choose")
@here.needs("manager")
def choose() -> ResponseReturnValue:
    """Our list at once; the public directory's when asked for, or asked for within the last day."""
    runtime = here.runtime()
    kept, now = runtime.settings.data / "servers.json", here.now()
    with runtime.reading() as rows:
        mine = [(account, server_facts(server_of(rows, account))) for account in accounts_of(rows, here.artist_id())]
    first = _first(mine)
    wrong, listed = "", directory.remembered(kept, now)
    if listed is None and request.args.get("ask"):
        try:
            listed = directory.ask(runtime.door, kept, now)
        except CreatorbotError as error:
            wrong = explain(here.language(), error)
    domains, software = {facts.domain for _, facts in mine}, first.software if first else ""
    return render_template(
        "connections/backup/choose.html",
        first=first,
        ours=directory.elsewhere(OURS, domains, software),
        listed=directory.elsewhere(listed, domains, "") if listed is not None else None,
        wrong=wrong,
        as_of=format_skeleton("yMMMM", date(*AS_OF, 1), locale=showing.locale_for(here.language())),
        joins=JOINS,
        active="connections",
    )


def _first(mine: list[tuple[Account, ServerFacts]]) -> ServerFacts | None:
    """The server of the account whose backup is looked for."""
    by_id = {str(account.id): facts for account, facts in mine}
    return by_id.get(request.args.get("for", "")) or next(iter(by_id.values()), None)
