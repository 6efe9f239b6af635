"""The text we propose for a post whose release has changed: made anew where it can be, with the artist's own words kept."""

import re
from dataclasses import dataclass

from sqlmodel import Session, select

from creatorbot.amounts import Money
from creatorbot.announcements import text as texts
from creatorbot.announcements.compose import values_of
from creatorbot.announcements.wordings.fill import fill
from creatorbot.announcements.wordings.keeping import typed_of
from creatorbot.announcements.wordings.mentions import defused, mentions_in
from creatorbot.announcements.wordings.typed import TypedDraft, message
from creatorbot.artists.accounts import server_facts
from creatorbot.models import Account, Announcement, Artist, Link, Post, PostEdit, Release, ReleaseChange, Server
from creatorbot.networks import REGISTRY
from creatorbot.networks.etiquette import etiquette_of, with_hashtag
from creatorbot.wording import N_, money_text

# What of a release a text is made from.
_COLUMNS = ("title", "artist_name", "price_model", "price_minor", "price_currency", "suggested_minor", "minimum_minor", "licence", "tags")
_PUT_IN_PLACE = ("price line", "licence", "title", "artist", "tags")


@dataclass(frozen=True)
class About:
    """A post's neighbours, read in one go."""

    announcement: Announcement
    words: TypedDraft  # the one message it carries
    artist: Artist
    account: Account
    server: Server
    code: str

    @property
    def signs(self) -> str:
        """What begins a mention there."""
        return REGISTRY[self.account.network].profile(server_facts(self.server).software).mentions

    @property
    def warning(self) -> str:
        """The content warning as it went out: nobody is told by it, then as now."""
        return defused(self.words.content_warning, self.signs, self.words.mentions)


def about_post(session: Session, post: Post) -> About:
    """Read them."""
    account = session.get_one(Account, post.account_id)
    link = session.exec(select(Link).where(Link.post_id == post.id)).first()
    announcement = session.get_one(Announcement, post.announcement_id)
    return About(
        announcement,
        message(typed_of(session, announcement), post.wording, post.part),
        session.get_one(Artist, post.artist_id),
        account,
        session.get_one(Server, account.server_id),
        link.code if link else "",
    )


def carried(post: Post, code: str) -> str:
    """The address of ours that the post carries and has to keep; "" for a post that went out without one."""
    whole = re.compile(re.escape(texts.link_marker(code)) + r"(?![\w-])")
    return next((address for address in texts.addresses(post.text) if code and whole.search(address)), "")


def proposed(session: Session, post: Post, release: Release, change: ReleaseChange | None, about: About) -> str:
    """Made anew from the wording, unless the artist's own hand has been in it since: then only what changed is put in place."""
    now = values_of(about.artist, release, _address(post, release, about.code))
    by_hand = session.exec(select(PostEdit.id).where(PostEdit.post_id == post.id, PostEdit.state == "done")).first() is not None
    if not by_hand:
        return _filled(about, now)
    if change is None:
        return post.text
    was = values_of(about.artist, _as_it_was(release, change), now["link"])
    if _filled(about, was) == post.text:
        return _filled(about, now)
    text = post.text
    for name in _PUT_IN_PLACE:
        whole = re.compile(rf"(?<!\w){re.escape(was[name])}(?!\w)")
        if was[name] and now[name] and was[name] != now[name] and len(whole.findall(text)) == 1:
            text = whole.sub(lambda _found, name=name: now[name], text)  # type: ignore[misc]
    return text


def harmless_edit(post: Post, text: str, about: About) -> str:
    """The text, in which only those are mentioned who are already, or whom the artist wanted told."""
    there = {mention.name.lower() for mention in mentions_in(post.text, about.signs)}
    return defused(text, about.signs, there | set(about.words.mentions))


def _filled(about: About, values: dict[str, str]) -> str:
    facts = server_facts(about.server)
    here = {"network": REGISTRY[about.account.network].label, "server": facts.domain}
    text = fill(about.words.wording, values | here, needs_link=about.words.part == 0)
    return defused(with_hashtag(text, etiquette_of(facts.domain).hashtag), about.signs, about.words.mentions)


def _address(post: Post, release: Release, code: str) -> str:
    """What stands where the wording says {link}: our own link as it went out; the shop's address as it is now."""
    if post.carries == "shop":
        return release.url or next(iter(texts.addresses(post.text)), "")
    return carried(post, code)


def _as_it_was(release: Release, change: ReleaseChange) -> Release:
    """The release with what changed put back; only what texts are made from."""
    known = {name: change.before[name] for name in _COLUMNS if name in change.before}
    return Release(**{**release.model_dump(), **known})


def left_to_do(before: str, after: str, release: Release, change: ReleaseChange, about: About) -> list[tuple[str, dict[str, object]]]:
    """What is left for the artist to change: old words that still stand there, or nothing that would have changed by itself."""
    was = _as_it_was(release, change)
    old, new = _said_of(was, about.artist), _said_of(release, about.artist)
    left = [words for words in old if words not in new and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", after)]
    if left:
        return [(N_("It still says “%(words)s”. Change that by hand."), {"words": left[0]})]
    if before == after:
        return [(N_("Nothing in these words fills itself in from what changed. Change them by hand where it matters."), {})]
    return []


def _said_of(release: Release, artist: Artist) -> list[str]:
    """Everything a text may say of a release that can change: its variables, and its price in the ways people write it. Longest first."""
    values = values_of(artist, release, "")
    found = {values[name] for name in _PUT_IN_PLACE if name != "tags"}
    if release.price_minor:
        amount = Money(release.price_minor, release.price_currency or artist.currency)
        short, full = money_text(artist.language, amount, short=True), money_text(artist.language, amount)
        plain = f"{amount.major.normalize():f}"
        found |= {short, full, f"{plain} {amount.currency}", f"{amount.currency} {plain}", f"{plain}{amount.currency}"}
    return sorted((words for words in found if words), key=len, reverse=True)
