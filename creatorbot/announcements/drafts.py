"""From a release to an approved announcement with one post, and one link, per account."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.announcements.compose import SAMPLE_CODE, check, compose, default_wording, target
from creatorbot.announcements.planning import consent
from creatorbot.announcements.planning.twins import give_way
from creatorbot.announcements.queries import get_announcement
from creatorbot.announcements.states import US, move, settle
from creatorbot.announcements.waits import EXPIRY
from creatorbot.announcements.wordings import kept, thread
from creatorbot.announcements.wordings.keeping import keep, typed_of
from creatorbot.announcements.wordings.typed import OWN, TypedDraft, check_words, mark_for, message, messages_of, wording_with
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.links.codes import new_link
from creatorbot.models import Account, Announcement, Artist, Cover, Person, Post, PostChange, Release
from creatorbot.releases.covers import alt_draft
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_, say

LOOKS = ("card", "picture")
VISIBILITIES = ("public", "unlisted", "private")
MOST_ANSWERS = 10
EXPLICIT = N_("Explicit lyrics")


def new_draft(session: Session, artist: Artist, release: Release, person: Person | None, now: datetime) -> Announcement:
    """A draft with the artist's own first wording, else one we propose. A draft of this release that is still open is taken up again.

    person: None when it is made by itself; then what the feed marks as explicit gets a content warning, for nobody is there to add one.
    """
    open_draft = session.exec(
        select(Announcement)
        .where(Announcement.release_id == release.id, Announcement.state == "draft")
        .order_by(col(Announcement.id).desc())
    ).first()
    if open_draft is not None:
        return open_draft
    draft = Announcement(
        artist_id=release.artist_id,
        release_id=_id(release.id),
        wording=default_wording(artist, release),
        alt_text=alt_draft(release, artist.language),
        language=artist.language,
        content_warning=say(artist.language, EXPLICIT) if release.explicit and person is None else "",
        created_by=person.id if person else None,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    kept.begin(session, draft)
    return draft


def save_draft(session: Session, announcement: Announcement, typed: TypedDraft, now: datetime) -> None:
    """Keep what was typed. Raises InvalidInput for a wording we could not fill in, Conflict once it is approved."""
    session.refresh(announcement, with_for_update=True)
    if announcement.state != "draft":
        raise Conflict("This announcement is already on its way; its words can no longer be changed here.")
    _check_typed(typed)
    keep(session, announcement, typed)
    announcement.changed_at = now
    session.add(announcement)


def approve(
    runtime: Runtime,
    artist_id: int,
    announcement_id: int,
    account_ids: list[int],
    when: datetime | None,
    who: str = US,
    *,
    owner: bool = False,
) -> list[int]:
    """Make one post per account, due now or at `when` (aware). Returns their ids; none where an owner is asked for their yes first.

    owner: whether an owner does this. All or nothing: raises InvalidInput (with its field) when any account could not take it,
    Conflict when it was approved before, so that a second click makes nothing.
    """
    now = runtime.clock()
    door = runtime.door_for(artist_id)
    with runtime.session() as session:
        due = dict.fromkeys(account_ids, when)
        return approve_at(session, runtime.settings.own_url, door, artist_id, announcement_id, due, now, who, owner=owner)


def approve_at(
    session: Session,
    own_url: str,
    door: Door,
    artist_id: int,
    announcement_id: int,
    due: Mapping[int, datetime | None],
    now: datetime,
    who: str,
    *,
    owner: bool = False,
) -> list[int]:
    """As `approve`, with a moment of its own for each account id, None for now."""
    announcement = get_announcement(session, artist_id, announcement_id)
    if not owner and consent.is_needed(session, artist_id):
        check_ready(session, own_url, door, announcement, list(due))
        moments = [moment for moment in due.values() if moment is not None]
        consent.ask(session, announcement, list(due), min(moments) if moments else None, who, now)
        return []
    if owner:
        consent.given(session, announcement_id, who, now)
    return make_posts(session, own_url, door, announcement, due, now, who)


def make_posts(
    session: Session, own_url: str, door: Door, announcement: Announcement, due: Mapping[int, datetime | None], now: datetime, who: str = US
) -> list[int]:
    """One post for each account id in `due`, at its moment, None for now. Raises as `approve` does, before anything is written."""
    accounts = check_ready(session, own_url, door, announcement, list(due))
    moments = [moment for moment in due.values() if moment is not None]
    _claim_draft(session, announcement, min(moments) if moments else None, now)
    typed = typed_of(session, announcement)
    marks = {account.id: mark_for(typed, _id(account.id)) for account in accounts}
    made = [_new_post(session, announcement, account, marks[account.id], due[_id(account.id)] or now, now, who) for account in accounts]
    give_way(session, now)
    return made


def check_ready(session: Session, own_url: str, door: Door, announcement: Announcement, account_ids: Sequence[int]) -> list[Account]:
    """The accounts, when each of them could take it as it stands. Raises InvalidInput, with its field, when one could not."""
    if not account_ids:
        raise InvalidInput("Choose at least one account to post on.", field="accounts")
    artist = session.get_one(Artist, announcement.artist_id)
    release = session.get_one(Release, announcement.release_id)
    cover = session.get(Cover, release.cover_id) if release.cover_id else None
    typed = typed_of(session, announcement)
    check_words(typed)
    accounts = _chosen(session, announcement.artist_id, list(account_ids))
    for account in accounts:
        to = target(session, own_url, door, account)
        mark = mark_for(typed, _id(account.id))
        try:
            for part in range(len(messages_of(wording_with(typed, mark)[0]))):
                words = message(typed, mark, part)
                check(words, release, cover, to, compose(artist, release, words, to, SAMPLE_CODE))
        except InvalidInput as error:
            if error.field == "wording" and mark not in ("", OWN):
                error.field = f"wording_{mark}"
            raise
    return accounts


def cancel(session: Session, announcement: Announcement, now: datetime, who: str) -> None:
    """Throw a draft away, or call off the posts of an approved announcement that have not gone out yet."""
    session.refresh(announcement, with_for_update=True)
    if announcement.state == "draft":
        announcement.state, announcement.changed_at = "cancelled", now
        session.add(announcement)
        return
    posts = session.exec(select(Post).where(Post.announcement_id == announcement.id)).all()
    going_on = [post for post in posts if thread.has_more(session, post)]
    if not going_on and not any(post.state in ("waiting", "due") for post in posts):
        raise Conflict("There is nothing left to call off: every post is on its way or already out.")
    for post in posts:
        if post.state in ("waiting", "due"):
            move(session, post, "cancelled", now, N_("Called off"), who=who)
        elif post in going_on:
            thread.call_off(session, post, now, who)
    settle(session, _id(announcement.id), now)


def _claim_draft(session: Session, announcement: Announcement, when: datetime | None, now: datetime) -> None:
    claimed = session.execute(
        update(Announcement)
        .where(col(Announcement.id) == announcement.id, col(Announcement.state) == "draft")
        .values(state="approved", when_at=when, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("This announcement was already sent on its way. Nothing was posted a second time.")
    session.refresh(announcement)


def _chosen(session: Session, artist_id: int, account_ids: list[int]) -> list[Account]:
    found = session.exec(
        select(Account).where(Account.artist_id == artist_id, col(Account.id).in_(account_ids)).order_by(col(Account.id))
    ).all()
    if len(found) != len(set(account_ids)):
        raise InvalidInput("One of the accounts is no longer connected. Look at your accounts and choose again.", field="accounts")
    for account in found:
        if account.state not in ("ok", "unreachable"):
            raise InvalidInput("%(handle)s needs to be connected again before it can post.", field="accounts", handle=account.handle)
    return list(found)


def _new_post(session: Session, announcement: Announcement, account: Account, wording: str, due: datetime, now: datetime, who: str) -> int:
    state = "due" if due <= now else "waiting"
    post = Post(
        artist_id=announcement.artist_id,
        announcement_id=_id(announcement.id),
        account_id=_id(account.id),
        wording=wording,
        state=state,
        due_at=due,
        not_before=due,
        expires_at=due + EXPIRY,
        changed_at=now,
    )
    session.add(post)
    session.flush()
    session.add(PostChange(post_id=_id(post.id), at=now, before="", after=state, why=N_("Approved"), who=who))
    new_link(session, artist_id=announcement.artist_id, release_id=announcement.release_id, post_id=post.id, now=now)
    return _id(post.id)


def _check_typed(typed: TypedDraft) -> None:
    check_words(typed)
    if typed.look not in LOOKS:
        raise InvalidInput("Choose how it looks: card or picture.", field="look")
    if typed.visibility not in VISIBILITIES:
        raise InvalidInput("Choose who may see it.", field="visibility")
    for language in (typed.language, *(other.language for other in typed.others if other.language)):
        if not language.replace("-", "").isalnum() or len(language) > 12:
            raise InvalidInput("Choose the language it is written in.", field="language")
    sizes = {"alt_text": 5_000, "content_warning": 500}
    for field, most in sizes.items():
        if len(getattr(typed, field)) > most:
            raise InvalidInput("That is far too long.", field=field)
    if typed.poll and (len(typed.poll.options) > MOST_ANSWERS or any(len(option) > 500 for option in typed.poll.options)):
        raise InvalidInput("That is far too long.", field="poll")


def _id(value: int | None) -> int:
    if value is None:
        raise ValueError("the row has not been stored yet")
    return value
