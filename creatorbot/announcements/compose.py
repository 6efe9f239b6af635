"""One post as it will be: which address it carries, its text for this account, whether it fits, and what the artist should know."""

from dataclasses import dataclass

from sqlmodel import Session

from creatorbot.amounts import Money
from creatorbot.announcements import text as texts
from creatorbot.announcements.wordings.fill import fill
from creatorbot.announcements.wordings.filters import hashtags
from creatorbot.announcements.wordings.mentions import defused
from creatorbot.announcements.wordings.typed import TypedDraft, check_poll
from creatorbot.artists.accounts import server_facts
from creatorbot.errors import InvalidInput
from creatorbot.links.address import link_address, post_base
from creatorbot.models import Account, Artist, Cover, Installation, Release, Server
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Limits, Poll, Profile
from creatorbot.networks.etiquette import etiquette_of, with_hashtag
from creatorbot.security.http import Door
from creatorbot.wording import N_, licence_name, price_line, say

# Stands in the preview for a code that is drawn when the announcement is approved; as long as a real one.
SAMPLE_CODE = "aBcD1234"
KINDS = {
    "album": N_("album"),
    "track": N_("track"),
    "video": N_("video"),
    "episode": N_("episode"),
    "stream": N_("live stream"),
    "post": N_("post"),
}


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


def compose(artist: Artist, release: Release, words: TypedDraft, to: Target, code: str) -> Composed:
    """The text for one account. words: one message, as `wordings.typed.message` gives it. code: its link's.

    Nobody is mentioned but whom the artist wants told. Raises InvalidInput for words in brackets that cannot be filled in, a message
    that says nothing here, and an address in the text that nobody outside could open.
    """
    address = link_address(to.base, code) if to.base else release.url
    values = values_of(artist, release, address) | {"network": REGISTRY[to.network].label, "server": to.domain}
    filled = fill(words.wording, values, needs_link=words.part == 0)
    if not filled:
        raise InvalidInput(
            "Message %(number)s of the thread says nothing on %(domain)s.", field="wording", number=words.part + 1, domain=to.domain
        )
    carries = ("link" if to.base else "shop") if address and address in filled else ""
    text = defused(with_hashtag(filled, etiquette_of(to.domain).hashtag), to.profile.mentions, words.mentions)
    said = f"{text}\n{words.content_warning}\n{words.alt_text}"
    if not to.is_local and (private := texts.private_addresses(said)):
        raise InvalidInput(
            "%(address)s cannot be opened from outside your network, so it must not go out in a post.", field="wording", address=private[0]
        )
    marker = texts.marker_of(text, carries, code)
    length = REGISTRY[to.network].length(text, warning_of(words, to), to.limits, to.profile.software)
    return Composed(text, carries, marker, length, to.limits.characters)


def warning_of(words: TypedDraft, to: Target) -> str:
    """The content warning as it goes out: some networks would tell whoever is named in it."""
    return defused(words.content_warning, to.profile.mentions, words.mentions)


def poll_of(words: TypedDraft, to: Target) -> Poll | None:
    """The question as it goes out on this account; None without one, and where this server takes none."""
    if words.poll is None or not to.profile.polls:
        return None
    options = tuple(defused(texts.plain(option).strip(), to.profile.mentions, words.mentions) for option in words.poll.options)
    return Poll(options, words.poll.seconds, words.poll.several)


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
        "tags": hashtags(release.tags),
        "kind": say(artist.language, KINDS[release.kind]) if release.kind in KINDS else "",
        "tracks": str(release.tracks or ""),
    }


def look_for(words: TypedDraft, to: Target) -> str:
    """The look on this account: some servers take only pictures. Later messages of a thread carry none."""
    return "picture" if to.profile.needs_picture and words.part == 0 else words.look


def check(words: TypedDraft, release: Release, cover: Cover | None, to: Target, composed: Composed) -> None:
    """Raises InvalidInput, with its field, for what this account's server would refuse or followers would miss."""
    look = look_for(words, to)
    if look == "picture" and cover is None:
        raise InvalidInput(
            "There is no cover to attach yet. Choose the look “card”, or wait until the cover has been fetched.", field="look"
        )
    if look == "picture" and to.profile.fetches_pictures and not to.base:
        raise InvalidInput(
            "%(domain)s fetches pictures itself, and this installation has no public address yet. Choose the look “card”.",
            field="look",
            domain=to.domain,
        )
    if (cover is not None or look == "picture") and not words.alt_text.strip() and words.part == 0:
        raise InvalidInput("Describe the cover in a few words, for people who cannot see it.", field="alt_text")
    if words.visibility not in to.profile.visibilities:
        raise InvalidInput("%(domain)s does not offer that audience.", field="visibility", domain=to.domain)
    _check_question(words, to, look)
    if words.part and not composed.carries and len(composed.marker) < texts.FEWEST_WORDS:
        # After a lost answer it is looked for by these words, and a greeting of two words may stand there for another reason.
        raise InvalidInput(
            "Message %(number)s of the thread is very short. Write a few words more, or {link}.", field="wording", number=words.part + 1
        )
    if not composed.fits:
        raise InvalidInput(
            "Too long for %(domain)s: %(length)s of %(limit)s characters. Take out %(over)s.",
            field="wording",
            domain=to.domain,
            length=composed.length,
            limit=composed.limit,
            over=composed.length - composed.limit,
        )


def _check_question(words: TypedDraft, to: Target, look: str) -> None:
    poll = poll_of(words, to)
    if poll is None:
        return
    check_poll(poll)
    if look == "picture":
        raise InvalidInput("A question and a picture do not go together. Choose the look “card”.", field="look")
    if len(poll.options) > to.limits.poll_options:
        raise InvalidInput(
            "%(domain)s takes at most %(most)s answers to choose from.", field="poll", domain=to.domain, most=to.limits.poll_options
        )
    long = next((option for option in poll.options if len(option) > to.limits.poll_option), "")
    if long:
        raise InvalidInput(
            "“%(answer)s” is too long for %(domain)s: an answer may have %(most)s characters.",
            field="poll",
            answer=long,
            domain=to.domain,
            most=to.limits.poll_option,
        )
