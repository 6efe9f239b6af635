"""One post as it will be: which address it carries, its text for this account, whether it fits, and what the artist should know."""

from dataclasses import dataclass

from sqlmodel import Session

from creatorbot.amounts import Money
from creatorbot.announcements import text as texts
from creatorbot.artists.accounts import server_facts
from creatorbot.errors import InvalidInput
from creatorbot.links.address import link_address, post_base
from creatorbot.models import Account, Announcement, Artist, Cover, Installation, Release, Server
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Limits, Profile
from creatorbot.networks.etiquette import etiquette_of, with_hashtag
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_, licence_name, price_line, say

# Stands in the preview for a code that is drawn when the announcement is approved; as long as a real one.
SAMPLE_CODE = "aBcD1234"


@dataclass(frozen=True)
class TypedDraft:
    """The wording and its circumstances as typed, not yet checked."""

    wording: str
    look: str = "card"
    alt_text: str = ""
    visibility: str = "public"
    language: str = "en"
    content_warning: str = ""


@dataclass(frozen=True)
class Target:
    """What composing for one account needs, read in one go. base: where our link will be, None when nobody outside could open it."""

    account: Account
    network: str
    domain: str
    limits: Limits
    profile: Profile
    base: str | None
    is_local: bool


@dataclass(frozen=True)
class Composed:
    """A finished text. carries: "link" (our page), "shop" (the release's own address) or "" (none). marker: what to find it by."""

    text: str
    carries: str
    marker: str
    length: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the account's server takes a text this long."""
        return self.length <= self.limit


@dataclass(frozen=True)
class Preview:
    """A post as followers will see it, and what the artist should know about it (sentences, in their language)."""

    account: Account
    domain: str
    composed: Composed
    parts: tuple[texts.Part, ...]
    look: str
    cover: Cover | None
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return self.composed.text


def default_wording(artist: Artist, release: Release) -> str:
    """What we propose, in the artist's language. Says "out now" only; no claim about the music that we could not know."""
    first = say(artist.language, N_("{title} by {artist} is out now."))
    licence = "\n" + say(artist.language, N_("Free to share: {licence}")) if licence_name(release.licence) else ""
    return f"{first}\n\n{{price line}}{licence}\n{{link}}\n\n{{tags}}"


def target(session: Session, runtime_own_url: str, door: Door, account: Account) -> Target:
    """Everything about this account that decides how its post looks. door: the artist's own."""
    facts = server_facts(session.get_one(Server, account.server_id))
    network = REGISTRY[account.network]
    base = post_base(session.get(Installation, 1), runtime_own_url, facts.base_url, door)
    return Target(account, account.network, facts.domain, facts.limits, network.profile(facts.software), base, door.admits(facts.base_url))


def compose(artist: Artist, release: Release, announcement: TypedDraft | Announcement, to: Target, code: str) -> Composed:
    """The text for one account. code: its link's.

    Raises InvalidInput for an unknown variable, and for an address in the text that nobody outside could open.
    """
    texts.check_wording(announcement.wording)
    carries = "link" if to.base else "shop" if release.url else ""
    address = link_address(to.base, code) if to.base else release.url
    text = with_hashtag(texts.fill(announcement.wording, values_of(artist, release, address)), etiquette_of(to.domain).hashtag)
    said = f"{text}\n{announcement.content_warning}\n{announcement.alt_text}"
    if not to.is_local and (private := texts.private_addresses(said)):
        raise InvalidInput(
            "%(address)s cannot be opened from outside your network, so it must not go out in a post.", field="wording", address=private[0]
        )
    marker = texts.marker_of(text, carries, code)
    length = REGISTRY[to.network].length(text, announcement.content_warning, to.limits, to.profile.software)
    return Composed(text, carries, marker, length, to.limits.characters)


def values_of(artist: Artist, release: Release, address: str) -> dict[str, str]:
    """The variables of a wording, made harmless."""
    currency = release.price_currency or artist.currency
    amount = Money(release.price_minor, currency) if release.price_minor is not None else None
    suggested_minor = release.suggested_minor if release.suggested_minor is not None else artist.suggested_minor
    least = release.minimum_minor if release.minimum_minor is not None else artist.minimum_minor
    suggested_minor = max(suggested_minor, least) if suggested_minor else 0
    suggested = Money(suggested_minor, artist.currency) if suggested_minor and artist.currency == currency else None
    return {
        "title": texts.harmless(release.title),
        "artist": texts.harmless(release.artist_name or artist.name),
        # Nobody announces what cannot be bought.
        "price line": price_line(artist.language, release.price_model, amount, suggested) if release.price_model != "not_sold" else "",
        "licence": licence_name(release.licence),
        "link": address,
        "tags": texts.hashtags(release.tags),
    }


def look_for(announcement: TypedDraft | Announcement, to: Target) -> str:
    """The look on this account: some servers take only pictures."""
    return "picture" if to.profile.needs_picture else announcement.look


def check(announcement: TypedDraft | Announcement, release: Release, cover: Cover | None, to: Target, composed: Composed) -> None:
    """Raises InvalidInput, with its field, for what this account's server would refuse or followers would miss."""
    look = look_for(announcement, to)
    if look == "picture" and cover is None:
        raise InvalidInput(
            "There is no cover to attach yet. Choose the look “card”, or wait until the cover has been fetched.", field="look"
        )
    if (cover is not None or look == "picture") and not announcement.alt_text.strip():
        raise InvalidInput("Describe the cover in a few words, for people who cannot see it.", field="alt_text")
    if announcement.visibility not in to.profile.visibilities:
        raise InvalidInput("%(domain)s does not offer that audience.", field="visibility", domain=to.domain)
    if not composed.fits:
        raise InvalidInput(
            "Too long for %(domain)s: %(length)s of %(limit)s characters. Take out %(over)s.",
            field="wording",
            domain=to.domain,
            length=composed.length,
            limit=composed.limit,
            over=composed.length - composed.limit,
        )


def preview(runtime: Runtime, announcement_id: int, account_id: int, typed: TypedDraft | None = None) -> Preview:
    """How the post on this account will look. typed: what stands in the form now, if it differs from what is kept.

    Raises InvalidInput for a wording that cannot be filled in; a text that is too long is shown, not refused.
    """
    with runtime.reading() as session:
        announcement = session.get_one(Announcement, announcement_id)
        artist = session.get_one(Artist, announcement.artist_id)
        release = session.get_one(Release, announcement.release_id)
        account = session.get_one(Account, account_id)
        cover = session.get(Cover, release.cover_id) if release.cover_id else None
        door = runtime.door_for(announcement.artist_id)
        to = target(session, runtime.settings.own_url, door, account)
    draft = typed or announcement
    composed = compose(artist, release, draft, to, SAMPLE_CODE)
    look = look_for(draft, to)
    said = _sentences(artist.language, look, draft.look, composed, to)
    return Preview(account, to.domain, composed, texts.parts(composed.text), look, cover, said)


def _sentences(language: str, look: str, wished: str, composed: Composed, to: Target) -> tuple[str, ...]:
    said: list[tuple[str, dict[str, object]]] = []
    if look != wished:
        said.append((N_("%(domain)s shows posts only with a picture, so the cover is attached there."), {"domain": to.domain}))
    if hashtag := etiquette_of(to.domain).hashtag:
        values: dict[str, object] = {"domain": to.domain, "hashtag": hashtag}
        said.append((N_("%(domain)s asks for %(hashtag)s in posts that a program sends, so it is added there."), values))
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
