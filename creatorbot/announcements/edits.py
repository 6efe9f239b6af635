"""A new text for a post that is out: what we propose when its release has changed, and writing down what the artist wants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.announcements import text as texts
from creatorbot.announcements.editing.proposing import About, about_post, carried, harmless_edit, left_to_do, proposed
from creatorbot.announcements.wordings.fill import brackets
from creatorbot.artists.accounts import server_facts
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import Announcement, Artist, Post, PostEdit, Release, ReleaseChange
from creatorbot.networks import REGISTRY
from creatorbot.wording import N_, say

OUT = ("published", "confirmed")
OPEN = ("wanted", "claimed")
LONGEST = 20_000


@dataclass(frozen=True)
class EditOffer:
    """What a post says and what it could say. length: of `after`, by its server's own rule.

    possible: False where it cannot be changed; then the first sentence says why. sentences: in the artist's language.
    """

    post_id: int
    handle: str
    domain: str
    before: str
    after: str
    length: int
    limit: int
    possible: bool
    sentences: tuple[str, ...]
    change_id: int | None = None

    @property
    def fits(self) -> bool:
        """Whether its server takes a text this long."""
        return self.length <= self.limit

    @property
    def differs(self) -> bool:
        """Whether there is anything to change."""
        return self.before != self.after


def offer(session: Session, post: Post, release: Release, change: ReleaseChange | None = None, typed: str | None = None) -> EditOffer:
    """The post's text made anew from its announcement's wording and the release as it is now; its link stays the one it carries.

    A text the artist has changed by hand since is kept, with only what changed put in place. typed: what stands in the form instead.
    """
    about = about_post(session, post)
    facts = server_facts(about.server)
    after = harmless_edit(post, texts.plain(typed).strip(), about) if typed is not None else proposed(session, post, release, change, about)
    reason = why_not(post, about)
    said = [reason] if reason else []
    if typed is None and change is not None:
        said += left_to_do(post.text, after, release, change, about)
    network = REGISTRY[about.account.network]
    length = network.length(after, about.warning, facts.limits, facts.software)
    return EditOffer(
        post_id=_id(post.id),
        handle=about.account.handle,
        domain=facts.domain,
        before=post.text,
        after=after,
        length=length,
        limit=facts.limits.characters,
        possible=reason is None,
        sentences=tuple(say(about.artist.language, message, values) for message, values in said),
        change_id=change.id if change else None,
    )


def offers_for(session: Session, release_id: int, change: ReleaseChange | None = None) -> list[EditOffer]:
    """One offer for each post about this release that is out, oldest first."""
    release = session.get_one(Release, release_id)
    posts = session.exec(
        select(Post)
        .join(Announcement, col(Post.announcement_id) == Announcement.id)
        .where(Announcement.release_id == release_id, col(Post.state).in_(OUT), Post.remote_id != "")
        .order_by(col(Post.id))
    ).all()
    return [offer(session, post, release, change) for post in posts]


def want_edit(session: Session, post: Post, text: str, who: str, now: datetime, change_id: int | None = None) -> PostEdit:
    """Write down that the post shall say this. A newer wish takes the place of one that has not gone out yet; the same again is the same.

    Raises InvalidInput (field "text") for a text its server would refuse or that lost the post's own link, Conflict when it cannot be
    changed at all, NotFound for a change that is not this artist's.
    """
    session.refresh(post, with_for_update=True)
    about = about_post(session, post)
    if reason := why_not(post, about):
        raise Conflict(reason[0], **reason[1])
    if change_id is not None:
        get_change(session, post.artist_id, change_id)
    text = harmless_edit(post, texts.plain(text).strip(), about)
    _check(post, text, about)
    waiting = session.exec(
        select(PostEdit).where(PostEdit.post_id == post.id, col(PostEdit.state).in_(OPEN)).order_by(col(PostEdit.id))
    ).all()
    if waiting and waiting[-1].text == text:
        return waiting[-1]
    if not waiting and text == post.text:
        raise InvalidInput("These are the words it has already.", field="text")
    for older in waiting:
        if older.state == "wanted":
            _supersede(session, older, now)
    edit = PostEdit(
        artist_id=post.artist_id,
        post_id=_id(post.id),
        change_id=change_id,
        before=post.text,
        text=text,
        who=who,
        created_at=now,
        not_before=now,
    )
    session.add(edit)
    session.flush()
    return edit


def cancel_edit(session: Session, edit: PostEdit, now: datetime) -> None:
    """Not to be changed after all, or a failure seen. Raises Conflict while it is on its way, and once it is done."""
    if edit.state != "cancelled" and not _move(session, edit, ("wanted", "failed"), now, state="cancelled", sentence=""):
        raise Conflict("This change is on its way or already made; it cannot be called back. You can change the text once more.")


def edits_of(session: Session, post_id: int) -> list[PostEdit]:
    """Every change ever wanted of this post, newest first."""
    return list(session.exec(select(PostEdit).where(PostEdit.post_id == post_id).order_by(col(PostEdit.id).desc())).all())


def get_edit(session: Session, artist_id: int, edit_id: int) -> PostEdit:
    """One of this artist's. Raises NotFound for another's as for none."""
    found = session.get(PostEdit, edit_id)
    if found is None or found.artist_id != artist_id:
        raise NotFound("There is no such change.")
    return found


def get_change(session: Session, artist_id: int, change_id: int) -> ReleaseChange:
    """A change in the life of one of this artist's releases. Raises NotFound for another's as for none."""
    found = session.get(ReleaseChange, change_id)
    if found is None or found.artist_id != artist_id:
        raise NotFound("There is no such change.")
    return found


def failed_edits(session: Session, artist_id: int) -> list[PostEdit]:
    """Changes that could not be made, that nobody has looked at and no later one has replaced; newest first."""
    later = select(PostEdit.post_id, PostEdit.id).subquery()
    wanted = (
        select(PostEdit)
        .outerjoin(later, (later.c.post_id == PostEdit.post_id) & (later.c.id > PostEdit.id))
        .where(PostEdit.artist_id == artist_id, PostEdit.state == "failed", later.c.id.is_(None))
    )
    return list(session.exec(wanted.order_by(col(PostEdit.id).desc())).all())


def reason_against(session: Session, post: Post) -> tuple[str, dict[str, object]] | None:
    """Why this post's text cannot be changed: a message and its values; None when it can."""
    return why_not(post, about_post(session, post))


def why_not(post: Post, about: About) -> tuple[str, dict[str, object]] | None:
    """`reason_against`, for one whose neighbours were read already."""
    facts = server_facts(about.server)
    if post.state not in OUT or not post.remote_id:
        return N_("Only a post that is out can be changed."), {}
    if about.account.state not in ("ok", "unreachable"):
        return N_("%(handle)s needs to be connected again before its posts can be changed."), {"handle": about.account.handle}
    if not REGISTRY[about.account.network].profile(facts.software).can_edit(facts.version):
        return N_("%(domain)s does not let posts be changed once they are out."), {"domain": facts.domain}
    if about.words.poll is not None:
        return N_("A post with a question stays as it is: a change would take away the answers given so far."), {}
    return None


def _check(post: Post, text: str, about: About) -> None:
    """Raises InvalidInput, field "text"."""
    facts = server_facts(about.server)
    if not text:
        raise InvalidInput("Write a few words first.", field="text")
    if len(text) > LONGEST:
        raise InvalidInput("That is far too long.", field="text")
    if found := brackets(text):
        raise InvalidInput("%(word)s is not filled in here any more: write what it should say.", field="text", word=found[0])
    own = carried(post, about.code)
    if own and own not in texts.addresses(text):
        raise InvalidInput("The post’s own link has to stay in it, or nobody could come: %(link)s", field="text", link=own)
    if post.carries == "shop" and not texts.addresses(text):
        raise InvalidInput("Leave the shop’s address in it, or nobody finds the way there.", field="text")
    strange = [address for address in texts.private_addresses(text) if address not in post.text]
    if strange:
        raise InvalidInput(
            "%(address)s cannot be opened from outside your network, so it must not go out in a post.", field="text", address=strange[0]
        )
    length = REGISTRY[about.account.network].length(text, about.warning, facts.limits, facts.software)
    if length > facts.limits.characters:
        raise InvalidInput(
            "Too long for %(domain)s: %(length)s of %(limit)s characters. Take out %(over)s.",
            field="text",
            domain=facts.domain,
            length=length,
            limit=facts.limits.characters,
            over=length - facts.limits.characters,
        )


def _supersede(session: Session, edit: PostEdit, now: datetime) -> None:
    artist = session.get_one(Artist, edit.artist_id)
    said = say(artist.language, N_("A newer text took its place."))
    _move(session, edit, ("wanted",), now, state="cancelled", sentence=said)


def _move(session: Session, edit: PostEdit, states: tuple[str, ...], now: datetime, **values: object) -> bool:
    """Only from one of these states. False when somebody was quicker."""
    moved = session.execute(
        update(PostEdit)
        .where(col(PostEdit.id) == edit.id, col(PostEdit.state).in_(states))
        .values(done_at=now, lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(edit)
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _id(value: int | None) -> int:
    if value is None:
        raise ValueError("the row has not been stored yet")
    return value
