"""Which posts are boosted, by which account, when: wanted by a member, or planned by itself. The job does the rest."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from creatorbot.announcements.boosting.polite import Chosen, Manners, polite_at
from creatorbot.announcements.planning.rules import NOTHING_OUT, USABLE, rules_row
from creatorbot.announcements.states import US
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import Account, Announcement, Artist, Boost, Pairing, Post, PostingRules, PostRemoval, Release, StandIn
from creatorbot.networks import REGISTRY
from creatorbot.networks.returning import Boosting
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, explain

OUT = ("published", "confirmed")
PUBLIC = ("public", "unlisted")
FAR = timedelta(days=365)

NOT_OUT = N_("Only a post that is out can be boosted.")
NOT_PUBLIC = N_("Only a post that everybody may see can be boosted.")
NO_BOOSTS = N_("This network does not let us boost.")
NOT_CONNECTED = N_("The account that would boost it has to be connected again first.")


def booster_of(session: Session, post: Post, rules: PostingRules) -> Account:
    """The account that boosts this post: its own, or its backup where the artist wishes that and there is one."""
    own = session.get_one(Account, post.account_id)
    pairing = session.exec(select(Pairing).where(Pairing.account_id == post.account_id)).first() if rules.boost_by == "backup" else None
    backup = session.get(Account, pairing.backup_id) if pairing else None
    return backup if backup is not None and backup.state in USABLE else own


def why_not(session: Session, post: Post, booster: Account) -> str:
    """Why this account cannot boost this post, a gettext id; "" when it can."""
    announcement = session.get_one(Announcement, post.announcement_id)
    own = session.get_one(Account, post.account_id)
    if post.state not in OUT or not post.remote_url:
        return NOT_OUT
    if session.exec(select(PostRemoval.id).where(PostRemoval.post_id == post.id, PostRemoval.state != "failed")).first():
        return NOT_OUT
    if announcement.visibility not in PUBLIC:
        return NOT_PUBLIC
    if not all(isinstance(REGISTRY.get(account.network), Boosting) for account in (own, booster)):
        return NO_BOOSTS
    if booster.state not in USABLE:
        return NOT_CONNECTED
    return ""


def when_polite(session: Session, artist: Artist, account_id: int, earliest: datetime, now: datetime, boost_id: int = 0) -> Chosen:
    """The first polite moment from `earliest` on. boost_id: the boost itself, which is not in its own way."""
    row, since = rules_row(session, artist.id or 0, now), earliest - timedelta(days=30)
    boosts = select(Boost).where(Boost.account_id == account_id, col(Boost.state).in_(("planned", "done")), Boost.id != boost_id)
    posts = select(Post).where(
        Post.account_id == account_id, Post.part == 0, col(Post.state).not_in(NOTHING_OUT), col(Post.due_at) >= since - timedelta(days=2)
    )
    return polite_at(
        max(earliest, now),
        Manners(artist.time_zone, row.quiet_from, row.quiet_until, row.boost_week, timedelta(hours=row.boost_gap)),
        [found for one in session.exec(boosts) if (found := one.done_at or one.due_at) >= since],
        [one.published_at or one.due_at for one in session.exec(posts)],
    )


def want(session: Session, artist: Artist, post: Post, earliest: datetime, who: str, now: datetime) -> Boost:
    """Plan a boost at the first polite moment from `earliest` on. A boost that is planned moves; one that is done stays the only one.

    Raises Conflict with the reason where it cannot be, and InvalidInput (field "when") for a moment that has passed or is too far away.
    """
    _one_at_a_time(session, artist)
    booster = booster_of(session, post, rules_row(session, artist.id or 0, now))
    if reason := why_not(session, post, booster):
        raise Conflict(reason)
    boost = _row(session, post, booster, now)
    if boost.state == "done":
        raise Conflict("%(handle)s has boosted this post already. Nothing is boosted twice.", handle=booster.handle)
    _give_time(session, artist, boost, earliest, now)
    boost.state, boost.who, boost.tries = "planned", who, 0
    session.add(boost)
    session.flush()
    return boost


def move_boost(session: Session, artist: Artist, boost: Boost, earliest: datetime, now: datetime) -> None:
    """Give it another time: the first polite one from `earliest` on. Raises Conflict when it is not waiting any more."""
    _one_at_a_time(session, artist)
    session.refresh(boost, with_for_update=True)
    _must_wait(boost, now)
    _give_time(session, artist, boost, earliest, now)
    session.add(boost)


def call_off(session: Session, boost: Boost, who: str, now: datetime) -> None:
    """Not to be boosted after all; also leaves a failed one alone. Raises Conflict while it is under way, or once it is done."""
    session.refresh(boost, with_for_update=True)
    if boost.state == "cancelled":
        return
    if boost.state != "failed":
        _must_wait(boost, now)
    boost.state, boost.who, boost.changed_at = "cancelled", who, now
    session.add(boost)


def call_off_own(session: Session, artist_id: int, now: datetime) -> None:
    """Boosting by itself was switched off: what we planned and nobody asked for is called off."""
    for boost in session.exec(select(Boost).where(Boost.artist_id == artist_id, Boost.state == "planned", Boost.who == US)):
        if boost.lease_until is None or boost.lease_until < now:
            boost.state, boost.changed_at = "cancelled", now
            session.add(boost)


def get_boost(session: Session, artist_id: int, boost_id: int) -> Boost:
    """One boost of this artist. Raises NotFound for another's as for none."""
    found = session.get(Boost, boost_id)
    if found is None or found.artist_id != artist_id:
        raise NotFound("There is no such boost.")
    return found


def boosts_of(session: Session, artist_id: int, which: ColumnElement[bool]) -> list[tuple[Boost, Account, Post, str]]:
    """Those of the artist's boosts with who boosts, what, and its release's title; the soonest first."""
    rows = session.exec(
        select(Boost, Account, Post, Release.title)
        .join(Account, col(Account.id) == Boost.account_id)
        .join(Post, col(Post.id) == Boost.post_id)
        .join(Announcement, col(Announcement.id) == Post.announcement_id)
        .join(Release, col(Release.id) == Announcement.release_id)
        .where(Boost.artist_id == artist_id, which)
        .order_by(col(Boost.due_at), col(Boost.id))
    )
    return [(boost, account, post, title) for boost, account, post, title in rows]


def boosts_about(session: Session, post_id: int) -> list[tuple[Boost, Account]]:
    """What is planned for a post, was done, or failed."""
    wanted = select(Boost, Account).join(Account, col(Account.id) == Boost.account_id).where(Boost.post_id == post_id)
    return [(boost, account) for boost, account in session.exec(wanted.where(Boost.state != "cancelled").order_by(col(Boost.id)))]


def waits_for_itself(session: Session, now: datetime) -> list[int]:
    """Posts whose boost is to be planned by itself: of artists who wish that, whose day comes after they began to."""
    known, stand_ins, going = select(Boost.post_id), select(StandIn.sibling_id), select(PostRemoval.post_id)
    wanted = (
        select(Post, PostingRules)
        .join(PostingRules, col(PostingRules.artist_id) == Post.artist_id)
        .join(Announcement, col(Announcement.id) == Post.announcement_id)
        .join(Account, col(Account.id) == Post.account_id)
        .where(
            PostingRules.boost_after > 0,
            col(Post.state).in_(OUT),
            Post.part == 0,
            Post.remote_url != "",
            col(Post.published_at) > now - timedelta(days=120),
            col(Announcement.visibility).in_(PUBLIC),
            col(Account.state).in_(USABLE),
            col(Account.network).in_([name for name, network in REGISTRY.items() if isinstance(network, Boosting)]),
            *(col(Post.id).not_in(one) for one in (known, stand_ins, going)),
        )
        .order_by(col(Post.published_at))
        .limit(500)
    )
    return [
        post.id
        for post, rules in session.exec(wanted)
        if post.id and post.published_at and post.published_at + timedelta(days=rules.boost_after) > (rules.boost_since or now)
    ]


def plan_by_itself(session: Session, post_id: int, now: datetime) -> None:
    """Plan the boost of one post that waits for it. One that cannot be has its reason written down, and is not tried again."""
    post = session.get_one(Post, post_id)
    artist = session.get_one(Artist, post.artist_id)
    rules = rules_row(session, post.artist_id, now)
    _one_at_a_time(session, artist)
    known = session.exec(select(Boost.id).where(Boost.post_id == post_id)).first()
    if known or post.published_at is None or rules.boost_after < 1:
        return
    try:
        want(session, artist, post, max(now, post.published_at + timedelta(days=rules.boost_after)), US, now)
    except (Conflict, InvalidInput) as error:
        row = _row(session, post, booster_of(session, post, rules), now)
        if row.state == "cancelled" and row.who == US:
            row.state, row.sentence = "failed", explain(artist.language, error)
            session.add(row)


def _row(session: Session, post: Post, booster: Account, now: datetime) -> Boost:
    """The row to go on with: one that is planned, whoever is to do it, else this account's; made, as not wanted yet, when there is none."""
    fresh = Boost(artist_id=post.artist_id, post_id=post.id or 0, account_id=booster.id or 0, state="cancelled")
    fresh.due_at = fresh.not_before = fresh.created_at = fresh.changed_at = now
    rows = session.exec(select(Boost).where(Boost.post_id == post.id).with_for_update()).all()
    found = next((row for row in rows if row.state == "planned"), None) or next((row for row in rows if row.account_id == booster.id), None)
    if found is None:
        insert_once(session, fresh)
        found = session.exec(select(Boost).where(Boost.post_id == post.id, Boost.account_id == booster.id)).one()
    return found


def _give_time(session: Session, artist: Artist, boost: Boost, earliest: datetime, now: datetime) -> None:
    if earliest < now - timedelta(minutes=1):
        raise InvalidInput("That time has already passed. Choose a later one.", field="when")
    if earliest > now + FAR:
        raise InvalidInput("That is more than a year away. Choose an earlier time.", field="when")
    chosen = when_polite(session, artist, boost.account_id, earliest, now, boost.id or 0)
    if chosen.at is None:
        raise InvalidInput("Your rules leave no room for this boost in the weeks after that. Choose another day.", field="when")
    why = chosen.reasons[-1] if chosen.reasons else None
    boost.due_at = boost.not_before = chosen.at
    boost.sentence, boost.values, boost.changed_at = (why.message, dict(why.values), now) if why else ("", {}, now)


def _must_wait(boost: Boost, now: datetime) -> None:
    if boost.state != "planned" or (boost.lease_until is not None and boost.lease_until >= now):
        raise Conflict("This boost is not waiting any more: it is on its way, done, or called off. Nothing was changed.")


def _one_at_a_time(session: Session, artist: Artist) -> None:
    """Two plans at once would take the same hour."""
    session.get_one(Artist, artist.id, with_for_update={"key_share": True})
