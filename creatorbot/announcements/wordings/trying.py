"""A wording tried on a release before it belongs to any announcement: as it would read on the artist's accounts."""

from dataclasses import dataclass

from creatorbot.announcements import text as texts
from creatorbot.announcements.compose import SAMPLE_CODE, compose, target, values_of
from creatorbot.announcements.wordings.fill import fill
from creatorbot.announcements.wordings.typed import TypedDraft, check_words, message, messages_of
from creatorbot.artists.accounts import accounts_of
from creatorbot.links.address import link_address
from creatorbot.models import Account, Artist, Release
from creatorbot.networks import REGISTRY
from creatorbot.runtime import Runtime

SAMPLE_PLACE = "https://music.example.org"


@dataclass(frozen=True)
class Tried:
    """One message as it would read there. account: None when none is connected; then limit is 0."""

    account: Account | None
    where: str
    parts: tuple[texts.Part, ...]
    length: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether its server takes it."""
        return not self.limit or self.length <= self.limit


def tried(runtime: Runtime, artist: Artist, release: Release, wording: str, network: str = "") -> list[Tried]:
    """The wording on this release: on one account of each network it is meant for. network: "" means all of them.

    Raises InvalidInput, field "wording", for one that cannot be filled in.
    """
    words = TypedDraft(wording)
    check_words(words)
    with runtime.reading() as session:
        accounts = [one for one in accounts_of(session, artist.id or 0) if one.state != "removed" and network in ("", one.network)]
        first = {account.network: account for account in reversed(accounts)}
        door = runtime.door_for(artist.id or 0)
        targets = [target(session, runtime.settings.own_url, door, account) for account in first.values()]
    parts = range(len(messages_of(wording)))
    found = []
    for to in targets:
        for part in parts:
            made = compose(artist, release, message(words, part=part), to, SAMPLE_CODE)
            found.append(Tried(to.account, REGISTRY[to.network].label, texts.parts(made.text), made.length, made.limit))
    return found or [_nowhere(artist, release, message(words, part=part), network) for part in parts]


def _nowhere(artist: Artist, release: Release, words: TypedDraft, network: str) -> Tried:
    label = REGISTRY[network].label if network in REGISTRY else ""
    values = values_of(artist, release, link_address(SAMPLE_PLACE, SAMPLE_CODE)) | {"network": label}
    text = fill(words.wording, values, needs_link=words.part == 0)
    return Tried(None, label, texts.parts(text), len(text), 0)
