"""What is wrong with an account, in one sentence, and the one button that helps: the same on its page, on Connections and on Home."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlmodel import Session, select

from creatorbot.artists.accounts import server_facts, server_of
from creatorbot.artists.connect import WITHOUT
from creatorbot.artists.health.decide import BROKEN
from creatorbot.models import Account, AccountLook
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import ByBrowser
from creatorbot.runtime import browser_address
from creatorbot.web import here
from creatorbot.wording import N_, say

# state -> (what the tag says, its kind)
ACCOUNT_STATES = {
    "ok": (N_("connected"), "good"),
    "unreachable": (N_("server does not answer"), "warn"),
    "reconnect": (N_("needs you"), "bad"),
    "disabled": (N_("locked there"), "bad"),
    "suspended": (N_("suspended there"), "bad"),
    "moved": (N_("moved away"), "warn"),
    "gone": (N_("gone"), "bad"),
}
SENTENCES = {
    "unreachable": N_("The server does not answer at present. What is due waits and goes out when it is back."),
    "reconnect": N_("%(handle)s does not let us post any more. What waits is kept until you connect it again."),
    "disabled": N_("The server does not let you log in at present. What waits is kept."),
    "suspended": N_("The people who run the server have suspended this account. What waits is kept."),
    "moved": N_("This account says it has moved. Connect the new one."),
    "gone": N_("The server says that there is no such account any more. What was posted stays in your results."),
}


@dataclass(frozen=True)
class Help:
    """sentence: in the reader's language. words, values: the button. action, fields: of a form; else href: where a link leads.

    away: to another site.
    """

    sentence: str
    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    action: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    href: str = ""
    away: bool = False


def help_for(session: Session, account: Account) -> Help | None:
    """None for an account of which nothing is wanted: it can post, or will by itself."""
    lacks = account.state == "ok" and account.sentence in WITHOUT.values()
    if account.state not in BROKEN and not lacks:
        return None
    if account.sentence:
        sentence = say(here.language(), account.sentence)
    else:
        sentence = say(here.language(), SENTENCES[account.state], {"handle": account.handle})
    base = server_facts(server_of(session, account)).base_url
    if account.state == "gone":
        return Help(sentence, N_("Take it off"), action=f"/connections/accounts/{account.id}/disconnect")
    if account.state in ("suspended", "disabled"):
        words = N_("Ask the server’s people") if account.state == "suspended" else N_("Log in there")
        page = browser_address(session, account.artist_id, base + ("/about" if account.state == "suspended" else "/"))
        return Help(sentence, words, href=page, away=True)
    look = session.exec(select(AccountLook).where(AccountLook.account_id == account.id)).first()
    if account.state == "moved" and look is not None and look.moved_to:
        parts = urlsplit(look.moved_url)
        where = f"{parts.scheme}://{parts.netloc}" if parts.netloc else look.moved_to
        return _connect(account, sentence, where, N_("Connect %(there)s"), {"there": look.moved_to})
    return _connect(account, sentence, base, N_("Connect again"), {})


def _connect(account: Account, sentence: str, where: str, words: str, values: Mapping[str, object]) -> Help:
    network = REGISTRY.get(account.network)
    page = f"/connections/{account.network}"
    if network is None:
        return Help(sentence, words, values, href="/connections/networks")
    name = network.connecting.where.name if network.connecting.where else ""
    if isinstance(network, ByBrowser) and name:
        return Help(sentence, words, values, action=page, fields={name: where})
    return Help(sentence, words, values, href=page)
