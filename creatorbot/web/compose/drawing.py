"""The Compose page, drawn from what is typed: previews, whom it would mention, hashtags, and what is wrong where."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.planning.consent import consent_about
from creatorbot.announcements.planning.rules import slots_of
from creatorbot.announcements.when import local, parse_local
from creatorbot.announcements.wordings.brackets import VARIABLES
from creatorbot.announcements.wordings.filters import MEANINGS
from creatorbot.announcements.wordings.kept import kept_wordings
from creatorbot.announcements.wordings.mentions import Mention
from creatorbot.announcements.wordings.preview import Preview, Shown, preview
from creatorbot.announcements.wordings.tags import Better, badly_written, suggested
from creatorbot.announcements.wordings.typed import OTHER_MARKS, OWN, check_words, mark_for
from creatorbot.artists.accounts import server_facts
from creatorbot.artists.backup.pairing import pairs_of
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Announcement, Consent, Cover, KeptWording, Release, Server
from creatorbot.networks import REGISTRY
from creatorbot.releases.queries import get_release
from creatorbot.web.compose.faulty import Faulty, faulty_line
from creatorbot.web.compose.form import FEWEST_ROWS, HOURS, USABLE, Typed
from creatorbot.web.compose.languages import languages_to_choose
from creatorbot.web.here import artist, language, may, now, runtime
from creatorbot.web.releases.shown import price_of
from creatorbot.wording import explain, licence_name


@dataclass(frozen=True)
class Place:
    """An account that could be posted on. limit: characters its server takes. mark: the wording it carries. polls: answers it takes.

    backs: the handle of the account it stands in for, "" for none.
    """

    account: Account
    domain: str
    limit: int
    chosen: bool
    mark: str
    polls: int
    backs: str

    @property
    def usable(self) -> bool:
        """Whether it can post at all just now."""
        return self.account.state in USABLE


@dataclass
class Desk:
    """What the Compose page is drawn from. errors: sentences by field; faulty: the lines they are about."""

    announcement: Announcement
    release: Release
    cover: Cover | None
    typed: Typed
    places: tuple[Place, ...]
    kept: list[KeptWording]
    consent: Consent | None
    has_hours: bool = False
    previews: list[Preview] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, Faulty] = field(default_factory=dict)

    @property
    def wordings(self) -> list[tuple[str, str, str, str]]:
        """Each wording: its mark, its field's name, its words, its language."""
        draft = self.typed.draft
        first = (OWN, "wording", draft.wording, draft.language)
        return [first, *((other.mark, f"wording_{other.mark}", other.wording, other.language) for other in draft.others)]

    @property
    def idle(self) -> list[str]:
        """Wordings that would go out nowhere."""
        carried = {place.mark for place in self.places if place.chosen}
        return [mark for mark, *_ in self.wordings if mark not in carried] if carried else []

    @property
    def names(self) -> list[Mention]:
        """Whom it would mention somewhere, each once."""
        found: dict[str, Mention] = {}
        for shown in self.previews:
            for one in shown.messages:
                for mention in one.names:
                    found.setdefault(mention.name.lower(), mention)
        return list(found.values())

    @property
    def better(self) -> list[Better]:
        """Hashtags that would be read aloud as one long word."""
        known = (self.release.title, self.release.artist_name, *self.release.tags)
        found = {one.said: one for _, _, words, _ in self.wordings for one in badly_written(words, known)}
        return list(found.values())

    @property
    def suggested(self) -> tuple[str, ...]:
        """Hashtags that say what it is."""
        return suggested(self.release, self.typed.draft.wording)

    @property
    def answers(self) -> list[str]:
        """The answers of the question, with room for more, up to what some server takes."""
        typed = list(self.typed.draft.poll.options) if self.typed.draft.poll else []
        most = max((place.polls for place in self.places), default=4) or 4
        return [*typed, *[""] * max(FEWEST_ROWS - len(typed), 0), *[""] * (max(most, len(typed)) - max(FEWEST_ROWS, len(typed)))]


def desk_of(session: Session, announcement: Announcement, typed: Typed, accounts: list[Account], cover: Cover | None) -> Desk:
    """Everything but the previews."""
    handles = {account.id: account.handle for account in accounts}
    backs = {backup: handles.get(first, "") for first, backup in pairs_of(session, announcement.artist_id).items()}
    places = tuple(_place(one, session.get_one(Server, one.server_id), typed, backs.get(one.id or 0, "")) for one in accounts)
    release = get_release(session, announcement.artist_id, announcement.release_id)
    kept = kept_wordings(session, announcement.artist_id)
    return Desk(
        announcement,
        release,
        cover,
        typed,
        places,
        kept,
        consent_about(session, announcement.id or 0),
        bool(slots_of(session, announcement.artist_id)),
    )


def look_over(desk: Desk, error: InvalidInput | None = None) -> Desk:
    """The previews of all chosen accounts, and everything that is wrong."""
    if error is not None:
        _note(desk, error)
    try:
        check_words(desk.typed.draft)
    except InvalidInput as wrong:
        _note(desk, wrong)
    for place in desk.places:
        if place.chosen:
            try:
                desk.previews.append(preview(runtime(), desk.announcement.id or 0, place.account.id or 0, desk.typed.draft))
            except InvalidInput as wrong:
                _note(desk, wrong)
    return desk


def draw(desk: Desk, *, fragment: bool) -> ResponseReturnValue:
    """The page, or only what follows the typing."""
    about = {
        "desk": desk,
        "card_host": card_host,
        "zone": artist().time_zone,
        "earliest": local(now(), artist().time_zone),
        "planned": _planned(desk.typed),
        "card_says": " · ".join(part for part in (price_of(desk.release), licence_name(desk.release.licence)) if part),
        "live": fragment,
    }
    if fragment:
        return render_template("compose/previews.html", **about)
    page = render_template(
        "compose/desk.html",
        languages=languages_to_choose(artist().language),
        variables=VARIABLES,
        changes=MEANINGS,
        networks=REGISTRY,
        hours=HOURS,
        editable=may("manager"),
        may_add=len(desk.typed.draft.others) < len(OTHER_MARKS),
        saved="saved" in request.args and request.method == "GET",
        sent=request.path.endswith("/approve"),
        **about,
    )
    return page, 422 if desk.errors and request.method == "POST" else 200


def card_host(shown: Shown) -> str:
    """The host that the card under the post names: of the link the post carries."""
    links = [part.text for part in shown.parts if part.kind == "link"]
    return urlsplit(links[-1]).hostname or "" if links and shown.composed.carries else ""


def _note(desk: Desk, error: InvalidInput) -> None:
    where = error.field or "wording"
    if where in desk.errors:
        return
    desk.errors[where] = explain(language(), error)
    wording = next((words for _, name, words, _ in desk.wordings if name == where), "")
    if found := faulty_line(wording, error):
        desk.faulty[where] = found


def _place(account: Account, server: Server, typed: Typed, backs: str) -> Place:
    facts = server_facts(server)
    polls = REGISTRY[account.network].profile(facts.software).polls
    return Place(
        account,
        facts.domain,
        facts.limits.characters,
        account.id in typed.accounts,
        mark_for(typed.draft, account.id or 0) or OWN,
        facts.limits.poll_options if polls else 0,
        backs,
    )


def _planned(typed: Typed) -> datetime | None:
    """The moment typed, when it is one; the preview shows it."""
    try:
        return parse_local(typed.when, artist().time_zone, now()) if typed.when else None
    except InvalidInput:
        return None
