"""What needs the artist now: at most a few things, each with the one button that helps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from creatorbot.announcements.edits import failed_edits
from creatorbot.announcements.handover.pausing import paused
from creatorbot.announcements.planning.automatic import standing
from creatorbot.announcements.planning.consent import unanswered
from creatorbot.announcements.queries import asking
from creatorbot.announcements.removing.wanting import failed_removals
from creatorbot.artists.accounts import accounts_of
from creatorbot.artists.telling import carrier, outbox, wishes
from creatorbot.ledger.services import services_of
from creatorbot.models import Release, Source
from creatorbot.providers import REGISTRY
from creatorbot.releases.changes import open_changes
from creatorbot.releases.holding import sources_asking
from creatorbot.releases.merging import suggestions_of
from creatorbot.releases.queries import sources_of
from creatorbot.web import here
from creatorbot.web.connections.backup.helps import help_for
from creatorbot.web.connections.watched import words
from creatorbot.web.connections.watched.handed import host_of
from creatorbot.web.releases.life import sentence
from creatorbot.wording import N_, say

AT_MOST = 3
MAIL_LOST = N_("The last mail to you did not arrive. %(reason)s What it said is under “All that happened”.")


@dataclass(frozen=True)
class Ask:
    """about: the tag. message, values: the sentence, a gettext id or said already. href, button: what to press."""

    about: str
    message: str
    href: str
    button: str
    values: Mapping[str, object] = field(default_factory=dict)


def asks(session: Session, artist_id: int) -> list[Ask]:
    """The most pressing first: money, accounts, posts; then sources, changes of what was announced, what is held, and twins."""
    found: list[Ask] = []
    for service in services_of(session, artist_id):
        if service.state == "ok":
            continue
        label = REGISTRY[service.provider].label if service.provider in REGISTRY else service.provider
        found.append(Ask(label, service.sentence, f"/connections/payments/{service.provider}", N_("Mend it")))
    explained: set[int | None] = set()  # posts that wait for an account which is asked about itself
    for account in accounts_of(session, artist_id):
        help = help_for(session, account)
        if help is not None and account.state != "ok":
            explained |= {post.id for post in paused(session, account)}
            button = say(here.language(), help.words, help.values or None)
            found.append(Ask(account.handle, help.sentence, f"/connections/accounts/{account.id}", button))
    for post in (one for one in asking(session, artist_id) if one.id not in explained):
        message = post.sentence or N_("A post did not go out. Its text is kept.")
        found.append(Ask(N_("Post"), message, f"/posts/{post.id}", N_("Look at it")))
    for edit in failed_edits(session, artist_id):
        message = edit.sentence or N_("A post could not be changed. It keeps its words.")
        found.append(Ask(N_("Post"), message, f"/posts/{edit.post_id}#changes", N_("Look at it")))
    for removal in failed_removals(session, artist_id):
        found.append(Ask(N_("Post"), removal.sentence, f"/posts/{removal.post_id}", N_("Look at it")))
    found += _announcing(session, artist_id)
    found += _sources(session, artist_id) + _changes(session, artist_id) + _held(session, artist_id)
    found += _mails(session, artist_id)
    pairs = len(suggestions_of(session, artist_id))
    if pairs:
        message = N_("A release turned up in two places. Is it one, or are they two?")
        found.append(Ask(N_("Releases"), message, "/releases/same", N_("Look at both")))
    return found[:AT_MOST]


def _sources(session: Session, artist_id: int) -> list[Ask]:
    """Only what somebody has to mend, what is merely tired wakes up by itself; several at once are one line, so that there is room."""
    broken = [one for one in sources_of(session, artist_id) if words.HEALTH.get(one.state, "broken") == "broken"]
    if len(broken) > 1:
        message = N_("%(count)s of the places we watch need you. What we know of them is safe.")
        return [Ask(N_("Where your music is"), message, "/connections", N_("Look at them"), {"count": len(broken)})]
    return [_mend(source) for source in broken]


def _mend(source: Source) -> Ask:
    message = source.sentence or words.LEADS.get(source.state) or N_("We could not read it. What we know of it is safe.")
    button, _where = words.HELPS.get(source.state, (N_("Look at it"), ""))
    return Ask(source.title or host_of(source.address), message, f"/connections/sources/{source.id}#help", button)


def _announcing(session: Session, artist_id: int) -> list[Ask]:
    """An owner's yes that is waited for; and what could not be announced by itself."""
    asked = [told for row, told in unanswered(session, artist_id) if row.state == "asked"] if here.may("owner") else []
    found = [
        Ask(N_("Your yes"), N_("An announcement waits for your yes."), f"/announcements/{told.id}/yes", N_("Look at it")) for told in asked
    ]
    for row, release in standing(session, artist_id):
        if row.state == "asks":
            found.append(Ask(release.title, row.sentence, "/calendar", N_("Look at it"), row.values))
    return found


def _mails(session: Session, artist_id: int) -> list[Ask]:
    """Mails that do not come: to whoever looks, and for the keeper those of everybody."""
    row, person = carrier.carrier(session), here.person()
    member_id = wishes.member_of(session, artist_id, person.id or 0).id or 0
    wish, last = wishes.wish_of(session, member_id), outbox.last_mail(session, member_id)
    if row is not None and row.sentence and person.keeper:
        return [Ask(N_("Mail"), say(here.language(), row.sentence, row.values or None), "/settings/mail#server", N_("Look at it"))]
    if row is not None and wish is not None and wish.address and last is not None and last.state == "failed" and last.kind != "test":
        message = say(here.language(), MAIL_LOST, {"reason": say(here.language(), last.sentence, last.values or None)})
        return [Ask(N_("Mail"), message, "/settings/mail", N_("Look at it"))]
    return []


def _changes(session: Session, artist_id: int) -> list[Ask]:
    """Releases that changed after they were announced: one line a release."""
    found: dict[int, Ask] = {}
    for change in open_changes(session, artist_id):
        release = session.get(Release, change.release_id)
        if release is not None and release.state == "announced" and change.release_id not in found:
            said = f"{release.title}: {sentence(change)}"
            found[change.release_id] = Ask(N_("Changed"), said, f"/releases/{change.release_id}#life", N_("Change the post?"))
    return list(found.values())


def _held(session: Session, artist_id: int) -> list[Ask]:
    return [
        Ask(
            source.title or host_of(source.address),
            N_("%(count)s releases appeared here at once. Are they new, or were they already out?"),
            f"/connections/sources/{source.id}#held",
            N_("Answer"),
            {"count": count},
        )
        for source, count in sources_asking(session, artist_id)
    ]
