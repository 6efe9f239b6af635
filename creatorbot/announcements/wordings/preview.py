"""A post as followers will see it, before it goes out: every message of it, and what the artist should know."""

from dataclasses import dataclass

from creatorbot.announcements import text as texts
from creatorbot.announcements.compose import SAMPLE_CODE, Composed, Target, compose, look_for, poll_of, target, warning_of
from creatorbot.announcements.wordings.keeping import typed_of
from creatorbot.announcements.wordings.mentions import Mention, mentions_in
from creatorbot.announcements.wordings.typed import OWN, TypedDraft, mark_for, message, messages_of, wording_with
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Announcement, Artist, Cover, Release
from creatorbot.networks.base import Poll
from creatorbot.networks.etiquette import etiquette_of
from creatorbot.runtime import Runtime
from creatorbot.wording import N_, say


@dataclass(frozen=True)
class Shown:
    """One message of it. names: who would be told, and whether the artist wants that."""

    composed: Composed
    parts: tuple[texts.Part, ...]
    names: tuple[Mention, ...]


@dataclass(frozen=True)
class Preview:
    """A post as followers will see it, and what the artist should know about it (sentences, in their language).

    thread: its later messages. mark: the wording it carries, "" for the only one. warning, poll: as they go out.
    """

    account: Account
    domain: str
    language: str
    mark: str
    first: Shown
    thread: tuple[Shown, ...]
    look: str
    cover: Cover | None
    warning: str
    poll: Poll | None
    sentences: tuple[str, ...]

    @property
    def messages(self) -> tuple[Shown, ...]:
        """All of them, in order."""
        return (self.first, *self.thread)

    @property
    def text(self) -> str:
        """All it says, message after message."""
        return "\n\n".join(one.composed.text for one in self.messages)


def preview(runtime: Runtime, announcement_id: int, account_id: int, typed: TypedDraft | None = None) -> Preview:
    """How the post on this account will look. typed: what stands in the form now, if it differs from what is kept.

    Raises InvalidInput, its field "wording" or that of the other wording, for words that cannot be filled in; a text that is too long
    is shown, not refused.
    """
    with runtime.reading() as session:
        announcement = session.get_one(Announcement, announcement_id)
        artist = session.get_one(Artist, announcement.artist_id)
        release = session.get_one(Release, announcement.release_id)
        account = session.get_one(Account, account_id)
        cover = session.get(Cover, release.cover_id) if release.cover_id else None
        to = target(session, runtime.settings.own_url, runtime.door_for(announcement.artist_id), account)
        draft = typed or typed_of(session, announcement)
    mark = mark_for(draft, account_id)
    try:
        return _drawn(artist, release, cover, draft, mark, to)
    except InvalidInput as error:
        if error.field == "wording" and mark not in ("", OWN):
            error.field = f"wording_{mark}"
        raise


def _drawn(artist: Artist, release: Release, cover: Cover | None, draft: TypedDraft, mark: str, to: Target) -> Preview:
    wording, language = wording_with(draft, mark)
    number = len(messages_of(wording))
    shown = [_shown(artist, release, message(draft, mark, part), to) for part in range(number)]
    first = message(draft, mark)
    look = look_for(first, to)
    poll = poll_of(first, to)
    said = _sentences(artist.language, look, draft, shown[0].composed, to)
    return Preview(
        account=to.account,
        domain=to.domain,
        language=language,
        mark=mark,
        first=shown[0],
        thread=tuple(shown[1:]),
        look=look,
        cover=cover,
        warning=warning_of(first, to),
        poll=poll,
        sentences=said,
    )


def _shown(artist: Artist, release: Release, words: TypedDraft, to: Target) -> Shown:
    composed = compose(artist, release, words, to, SAMPLE_CODE)
    names = mentions_in(f"{words.wording}\n{words.content_warning}", to.profile.mentions, words.mentions)
    return Shown(composed, texts.parts(composed.text), names)


def _sentences(language: str, look: str, draft: TypedDraft, composed: Composed, to: Target) -> tuple[str, ...]:
    domain = {"domain": to.domain}
    said: list[tuple[str, dict[str, object]]] = []
    if look != draft.look:
        said.append((N_("%(domain)s shows posts only with a picture, so the cover is attached there."), {**domain}))
    if draft.poll is not None and not to.profile.polls:
        said.append((N_("%(domain)s takes no question from a program, so the post goes out without it there."), {**domain}))
    if hashtag := etiquette_of(to.domain).hashtag:
        values = {**domain, "hashtag": hashtag}
        said.append((N_("%(domain)s asks for %(hashtag)s in posts that a program sends, so it is added there."), {**values}))
    if composed.carries == "shop":
        said.append(
            (
                N_(
                    "This installation has no public address yet, so the post carries the shop’s own address: "
                    "servers reached and people cannot be counted for it."
                ),
                {},
            )
        )
    elif not composed.carries:
        said.append((N_("This installation has no public address yet and the release has none either: the post carries no link."), {}))
    elif to.profile.sends_card:
        said.append(
            (N_("%(domain)s draws the card from what we send: people are counted, servers reached are not."), {"domain": to.domain})
        )
    elif to.profile.one_place:
        said.append((N_("All who read it do so on %(domain)s: people are counted, servers reached are not."), {"domain": to.domain}))
    elif look == "picture":
        said.append((N_("With a picture attached, servers fetch no preview: people are counted, servers reached are not."), {}))
    if not composed.fits:
        said.append(
            (
                N_("Too long for %(domain)s: %(length)s of %(limit)s characters."),
                {"domain": to.domain, "length": composed.length, "limit": composed.limit},
            )
        )
    return tuple(say(language, message, values) for message, values in said)
