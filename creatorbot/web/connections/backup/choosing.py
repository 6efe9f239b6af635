"""Help with choosing a server for a backup account, for somebody who has only ever known one."""

from datetime import date

from babel.dates import format_skeleton
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists.accounts import accounts_of, server_facts, server_of
from creatorbot.artists.backup import directory
from creatorbot.artists.backup.servers import AS_OF, OURS, Suggestion
from creatorbot.models import Account
from creatorbot.networks.base import ServerFacts
from creatorbot.web import here
from creatorbot.web.house import showing
from creatorbot.wording import N_

pages = Blueprint("choosing", __name__)
SHOWN = 9  # the others on demand
JOINS = {
    "open": N_("You can join at once."),
    "asks": N_("You write a few words about yourself, and somebody looks at them first."),
    "check": N_("Some days it takes new people, some days it does not."),
}


@pages.get("/connections/backup/choose")
@here.needs("manager")
def choose() -> ResponseReturnValue:
    """The public directory's servers for music and ours of other software; our whole list while the directory does not answer."""
    runtime = here.runtime()
    with runtime.reading() as rows:
        mine = [(account, server_facts(server_of(rows, account))) for account in accounts_of(rows, here.artist_id())]
    first = _first(mine)
    domains, software = {facts.domain for _, facts in mine}, first.software if first else "mastodon"
    listed = directory.look(runtime.door, runtime.settings.data / "servers.json", here.now()).servers
    ours = directory.best_first(directory.elsewhere(OURS, domains), software, here.artist().language)
    return render_template(
        "connections/backup/choose.html",
        first=first,
        listed=directory.best_first(directory.elsewhere(listed, domains), "", here.artist().language) if listed else None,
        ours=[one for one in ours if one.software != software] if listed else ours,
        as_of=format_skeleton("yMMMM", date(*AS_OF, 1), locale=showing.locale_for(here.language())),
        joins=JOINS,
        spoken=_spoken,
        shown=SHOWN,
        active="connections",
    )


def _spoken(one: Suggestion) -> str:
    """The names of its languages, for whoever reads the page; "" where they are unknown."""
    names = showing.locale_for(here.language()).languages
    return ", ".join(str(names[code]) for code in one.languages[:3] if code in names)


def _first(mine: list[tuple[Account, ServerFacts]]) -> ServerFacts | None:
    """The server of the account whose backup is looked for."""
    by_id = {str(account.id): facts for account, facts in mine}
    return by_id.get(request.args.get("for", "")) or next(iter(by_id.values()), None)
