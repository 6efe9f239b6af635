"""What needs the artist now: at most a few things, each with the one button that helps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from creatorbot.announcements.queries import asking
from creatorbot.artists.accounts import accounts_of
from creatorbot.ledger.services import service_of
from creatorbot.releases.queries import sources_of
from creatorbot.wording import N_

AT_MOST = 3


@dataclass(frozen=True)
class Ask:
    """about: the tag. message, values: the sentence, a gettext id or said already. href, button: what to press."""

    about: str
    message: str
    href: str
    button: str
    values: Mapping[str, object] = field(default_factory=dict)


def asks(session: Session, artist_id: int) -> list[Ask]:
    """The most pressing first: money, then accounts, then posts, then sources."""
    found: list[Ask] = []
    service = service_of(session, artist_id)
    if service is not None and service.state != "ok":
        found.append(Ask(service.provider.capitalize(), service.sentence, f"/connections/payments/{service.provider}", N_("Mend it")))
    for account in accounts_of(session, artist_id):
        if account.state in ("reconnect", "moved"):
            message = account.sentence or N_("%(handle)s does not let us post any more. What waits is kept until you connect it again.")
            address, values = f"/connections/accounts/{account.id}", {"handle": account.handle}
            found.append(Ask(account.handle, message, address, N_("Connect again"), {} if account.sentence else values))
    for post in asking(session, artist_id):
        message = post.sentence or N_("A post did not go out. Its text is kept.")
        found.append(Ask(N_("Post"), message, f"/posts/{post.id}", N_("Look at it")))
    for source in sources_of(session, artist_id):
        if source.state not in ("ok", "new"):
            message = source.sentence or N_("We could not read it. What we know of it is safe.")
            found.append(Ask(source.title or source.address, message, f"/connections/sources/{source.id}", N_("Look at it")))
    return found[:AT_MOST]
