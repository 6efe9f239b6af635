"""An account moved: the one that follows it takes over what belongs to it and its waiting posts. What was posted stays and counts on."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.announcements.handover.belongings import hand_on
from creatorbot.announcements.handover.pausing import follow, paused
from creatorbot.announcements.states import move, settle, unresolved
from creatorbot.artists.accounts import disconnect
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, AccountLook, Pairing, Post
from creatorbot.security.secrets import Vault
from creatorbot.wording import N_

FOLLOWS = N_("Its account moved; the new one takes it over")
THERE_ALREADY = N_("Its account moved; the new one posts this announcement anyway")


def arrive(session: Session, vault: Vault, account: Account, now: datetime) -> int:
    """An account has just been connected: what was paused goes on, and if another said that it moved here, that one is carried over.

    Returns how many posts it took over. Twice is the same as once.
    """
    follow(session, account, now)
    return sum(carry_over(session, vault, old, account, now) for old in predecessors(session, account))


def onward(session: Session, vault: Vault, old: Account, now: datetime) -> Account | None:
    """The account that a moved one went to, when it is connected already: it takes over at once. None when it has to be connected."""
    if old.state != "moved":
        return None
    for other in successors(session, old):
        if any(one.id == old.id for one in predecessors(session, other)):
            carry_over(session, vault, old, other, now)
            return other
    return None


def predecessors(session: Session, account: Account) -> list[Account]:
    """Accounts of the same artist whose server says that they moved to this one."""
    rows = session.exec(
        select(Account, AccountLook)
        .join(AccountLook, col(AccountLook.account_id) == Account.id)
        .where(Account.artist_id == account.artist_id, Account.state == "moved", Account.id != account.id)
    ).all()
    wanted = _plain(account.handle)
    return [
        old
        for old, look in rows
        if look.carried_to is None
        and (_plain(look.moved_to) == wanted or (look.moved_url != "" and look.moved_url.rstrip("/") == account.url.rstrip("/")))
    ]


def successors(session: Session, account: Account) -> list[Account]:
    """Connected accounts that could follow this one, as its owner may say."""
    wanted = select(Account).where(Account.artist_id == account.artist_id, col(Account.state).in_(("ok", "unreachable")))
    return [other for other in session.exec(wanted.order_by(col(Account.id))).all() if other.id != account.id]


def carry_over(session: Session, vault: Vault, old: Account, new: Account, now: datetime) -> int:
    """Let the new account take over: backup, part as a backup, waiting posts. The old one is taken off; its posts and links stay.

    Returns how many posts wait on the new one now. Raises InvalidInput when they do not belong together.
    """
    if old.artist_id != new.artist_id or old.id == new.id or new.state not in ("ok", "unreachable"):
        raise InvalidInput("Choose a connected account of the same artist.", field="successor")
    look = session.exec(select(AccountLook).where(AccountLook.account_id == old.id).with_for_update()).first()
    if look is not None and look.carried_to is not None:
        return 0
    _pairings(session, old, new)
    hand_on(session, old, new, now)
    taken = 0
    on_hold = {post.id for post in paused(session, old)}
    posts = session.exec(select(Post).where(Post.account_id == old.id, col(Post.state).in_(("waiting", "due", "held")))).all()
    for post in posts:
        if post.state != "held" or post.id in on_hold:
            taken += _take_over(session, post, new, now)
    if look is None:
        look = AccountLook(account_id=old.id or 0, next_at=now)
    look.carried_to, look.carried_at, look.carried = new.id, now, taken
    session.add(look)
    disconnect(session, vault, old, now)
    session.flush()
    return taken


def carried_from(session: Session, account: Account) -> list[tuple[Account, AccountLook]]:
    """Which accounts this one follows, the latest first."""
    rows = session.exec(
        select(Account, AccountLook)
        .join(AccountLook, col(AccountLook.account_id) == Account.id)
        .where(AccountLook.carried_to == account.id)
        .order_by(col(AccountLook.carried_at).desc())
    )
    return list(rows.all())


def _take_over(session: Session, post: Post, new: Account, now: datetime) -> bool:
    """Move one post that is nowhere yet. Nothing is moved that somebody has in hand."""
    if unresolved(session, post):
        return False
    key = (Post.announcement_id == post.announcement_id, Post.account_id == new.id, Post.part == post.part)
    if session.exec(select(Post.id).where(*key)).first() is not None:
        move(session, post, "cancelled", now, THERE_ALREADY, sentence="")
        settle(session, post.announcement_id, now)
        return False
    before = post.state
    moved = session.execute(
        update(Post)
        .where(col(Post.id) == post.id, col(Post.state) == before)
        .values(account_id=new.id, text="", carries="", tries=0, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        return False
    session.refresh(post)
    if before == "held":
        late = now > post.expires_at
        if not late:
            post.not_before = max(post.due_at, now)
            session.flush()
            move(session, post, "waiting" if post.due_at > now else "due", now, FOLLOWS, sentence="")
    return True


def _pairings(session: Session, old: Account, new: Account) -> None:
    """The old one's place in pairs; a pair that the new one has itself stays as it is."""
    own = session.exec(select(Pairing).where(Pairing.account_id == new.id)).first()
    for pairing in session.exec(select(Pairing).where((Pairing.account_id == old.id) | (Pairing.backup_id == old.id))).all():
        if pairing.backup_id == old.id and pairing.account_id != new.id:
            pairing.backup_id = new.id or 0
        elif pairing.account_id == old.id and pairing.backup_id != new.id and own is None:
            pairing.account_id = new.id or 0
        else:
            session.delete(pairing)
    session.flush()


def _plain(handle: str) -> str:
    return handle.strip().lstrip("@").lower()
