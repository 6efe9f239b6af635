"""What follows once the first server has answered: each ending, with its sentence for the artist."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from creatorbot.announcements.look import looks_needed
from creatorbot.announcements.record import record_published
from creatorbot.announcements.removing.wanting import want_removal, why_not
from creatorbot.announcements.states import US, move, settle, unresolved
from creatorbot.announcements.waits import Waits
from creatorbot.announcements.wordings.thread import go_on, length_of
from creatorbot.artists.accounts import server_facts, server_of
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Account, Artist, Attempt, Post, StandIn
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Published
from creatorbot.networks.returning import Boosting
from creatorbot.wording import N_, explain, say

OUT = ("published", "confirmed")
NOWHERE = ("waiting", "due", "held", "failed")
BOOST_TRIES = 6
GIVE_UP = timedelta(days=7)
BACK_AGAIN = N_("Its server is back, and the backup had not posted it yet")
NOT_NEEDED = N_("The first server is back and posts it itself")
IS_THERE = N_("The first server is back, and it is there after all")

ENDINGS: dict[str, str] = {
    "boosted": N_("%(backup)s posted it while the server of %(handle)s was away. When it was back, %(handle)s boosted that post."),
    "removed": N_("It turned out to be on both. As you wished, the one of %(backup)s is being taken down."),
    "both": N_("It turned out to be on both, and stays on both."),
    "left": N_("%(backup)s posted it while the server of %(handle)s was away, and it stays with that."),
    "taken_back": N_("The server of %(handle)s was back before %(backup)s had posted it, so it goes out from %(handle)s after all."),
    "found": N_("The server of %(handle)s was back before %(backup)s had posted it, and it is there after all."),
    "called_off": N_("It was called off on the backup, so nothing more is sent."),
    "lost": N_("%(backup)s posted it, but it is gone there. Look at that post before you try again."),
    "cannot": N_("%(backup)s posted it while the server of %(handle)s was away. %(handle)s could not boost it: %(reason)s"),
    "given_up": N_("%(backup)s took it over. For a week we could not ask the server of %(handle)s, so we stopped asking."),
    "taken_off": N_("%(backup)s took it over. %(handle)s is not connected any more, so it stays with that."),
}


def found(session: Session, stand_in_id: int, there: Published | None, now: datetime, waits: Waits) -> None:
    """The first server has it after all. there: None when that was known already."""
    row, post, sibling = _rows(session, stand_in_id)
    if row.state != "away":
        return
    if there is not None:
        record_published(session, row.post_id, there, now, waits)
        session.refresh(post)
    if sibling.state in NOWHERE and not unresolved(session, sibling):
        if move(session, sibling, "cancelled", now, IS_THERE, sentence=""):
            _end(session, row, "found", now)
            go_on(session, post, now)
            return
        session.refresh(sibling)
    if sibling.state in OUT:
        # A thread went on there: it stays whole.
        if row.if_there == "remove" and length_of(session, sibling) == 1 and not why_not(session, sibling):
            want_removal(session, sibling, US, now)
            _end(session, row, "removed", now)
        else:
            _end(session, row, "both", now)
    elif sibling.state in ("cancelled", "vanished"):
        _end(session, row, "found", now)
    else:
        _later(row, now, waits)


def not_found(session: Session, stand_in_id: int, now: datetime, waits: Waits) -> None:
    """The first server is back and does not have it."""
    row, post, sibling = _rows(session, stand_in_id)
    if row.state != "away" or post.state != "handed_over":
        return
    row.looks += 1
    if row.looks < _looks_needed(session, post):
        row.not_before, row.lease_until = now + waits.second_look, None
        return
    for attempt in unresolved(session, post):
        attempt.outcome, attempt.finished_at = "absent", now
    session.flush()
    if sibling.state in NOWHERE and not unresolved(session, sibling):
        if _take_back(session, row, post, sibling, now):
            return
        session.refresh(sibling)
    if sibling.state in OUT:
        account = session.get_one(Account, post.account_id)
        if row.if_absent == "boost" and isinstance(REGISTRY.get(account.network), Boosting) and sibling.remote_url:
            row.state, row.tries, row.not_before, row.lease_until, row.changed_at = "boosting", 0, now, None, now
        else:
            _end(session, row, "left", now)
    elif sibling.state in ("cancelled", "vanished"):
        _end(session, row, "called_off" if sibling.state == "cancelled" else "lost", now)
    else:
        _later(row, now, waits)


def boosted(session: Session, stand_in_id: int, boost_id: str, now: datetime) -> None:
    """The first account has boosted the backup's post."""
    row, _, _ = _rows(session, stand_in_id)
    if row.state == "boosting":
        row.boost_id = boost_id
        _end(session, row, "boosted", now)


def trouble(session: Session, stand_in_id: int, error: CreatorbotError, now: datetime, waits: Waits) -> None:
    """It could not be asked. It is asked again, for a week; a boost that is refused is not."""
    row, post, sibling = _rows(session, stand_in_id)
    if row.state == "done":
        return
    row.tries, row.looks = row.tries + 1, 0
    if row.state == "away" and sibling.state == "cancelled" and post.state == "handed_over":
        _end(session, row, "called_off", now)
        return
    final = isinstance(error, ServiceError) and error.kind == "refused" and (error.status != 404 or row.tries >= BOOST_TRIES)
    if row.state == "boosting" and final:
        language = session.get_one(Artist, row.artist_id).language
        _end(session, row, "cannot", now, explain(language, error))
    elif now - row.created_at > GIVE_UP:
        _end(session, row, "given_up", now)
    else:
        _later(row, now, waits)


def cannot_ask(session: Session, stand_in_id: int, now: datetime, waits: Waits) -> None:
    """The first account has no permission at present: nothing is asked until it has. One that was taken off never will."""
    row, post, sibling = _rows(session, stand_in_id)
    if row.state == "done":
        return
    if sibling.state == "cancelled" and post.state == "handed_over":
        _end(session, row, "called_off", now)
    elif session.get_one(Account, post.account_id).state == "removed":
        _end(session, row, "taken_off", now)
    elif now - row.created_at > GIVE_UP:
        _end(session, row, "given_up", now)
    else:
        row.tries, row.looks = row.tries + 1, 0
        _later(row, now, waits)


def _take_back(session: Session, row: StandIn, post: Post, sibling: Post, now: datetime) -> bool:
    """The backup has posted nothing yet: it goes out from the first account after all. Both moves or none."""
    if not move(session, sibling, "cancelled", now, NOT_NEEDED, sentence=""):
        return False
    post.due_at = post.not_before = now
    post.tries = post.looks = 0
    session.flush()
    move(session, post, "due", now, BACK_AGAIN, sentence="")
    _end(session, row, "taken_back", now)
    return True


def _looks_needed(session: Session, post: Post) -> int:
    """One look, where every try was kept from being sent at all; else as many as after every try of which nobody knows."""
    tries = session.exec(select(Attempt.outcome).where(Attempt.post_id == post.id)).all()
    if all(outcome == "unreached" for outcome in tries):
        return 1
    account = session.get_one(Account, post.account_id)
    return looks_needed(account.network, server_facts(server_of(session, account)).software)


def _later(row: StandIn, now: datetime, waits: Waits) -> None:
    row.not_before, row.lease_until = now + waits.return_look(row.tries), None


def _end(session: Session, row: StandIn, outcome: str, now: datetime, reason: str = "") -> None:
    post, sibling = session.get_one(Post, row.post_id), session.get_one(Post, row.sibling_id)
    language = session.get_one(Artist, row.artist_id).language
    values = {
        "handle": session.get_one(Account, post.account_id).handle,
        "backup": session.get_one(Account, sibling.account_id).handle,
        "reason": reason,
    }
    row.state, row.outcome, row.lease_until, row.changed_at = "done", outcome, None, now
    row.sentence = say(language, ENDINGS[outcome], values)
    if post.state in ("handed_over", *OUT):
        post.sentence = row.sentence
    session.flush()
    settle(session, post.announcement_id, now)


def _rows(session: Session, stand_in_id: int) -> tuple[StandIn, Post, Post]:
    """The hand-over and its two posts; whoever else decides about it waits."""
    row = session.get_one(StandIn, stand_in_id, with_for_update=True)
    return row, session.get_one(Post, row.post_id), session.get_one(Post, row.sibling_id)
