"""A mail put into words: plain text and simple HTML, in its reader's language, with the link that stops it."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from creatorbot import paths
from creatorbot.artists.telling.said import in_words, leads_to, when_told
from creatorbot.models import Artist, Mail, MailServer, Person, Told
from creatorbot.wording import N_, catalogue, say

_LONGEST = 150


@dataclass(frozen=True)
class Addressed:
    """Everything one mail is made of. to: the member's address. base: our own address, for links. told: what it tells, oldest first."""

    mail: Mail
    server: MailServer
    artist: Artist
    person: Person
    to: str
    stop_key: str
    base: str
    told: list[Told]
    now: datetime


@dataclass(frozen=True)
class Line:
    """One thing in the mail. address: where to look at it."""

    said: str
    when: str
    address: str


def letter(about: Addressed) -> EmailMessage:
    """The mail. Its mark (Message-ID) is that of its row, whenever it is made."""
    language, domain = about.person.language, about.server.sender.rpartition("@")[2]
    lines = [_line(one, about) for one in about.told]
    subject = _subject(about, lines)
    stop = f"{about.base}/stop/{about.stop_key}" if about.mail.kind != "test" else ""
    known = {
        "subject": subject,
        "heading": lines[0].said if len(lines) == 1 and about.mail.kind == "at_once" else subject,
        "lines": lines,
        "lead": _lead(about, lines),
        "stop": stop,
        "home": f"{about.base}/",
        "language": language,
    }
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = _from(about.artist.name, about.server.sender)
    message["To"] = about.to
    message["Date"] = format_datetime(about.mail.created_at)
    message["Message-ID"] = f"<{about.mail.message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        if stop.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable: not every server on the way takes more than plain ASCII, and none has a reason to change it.
    words, page = (_templates(language, html=html).get_template(f"mail/told.{'html' if html else 'txt'}") for html in (False, True))
    message.set_content(words.render(known), cte="quoted-printable")
    message.add_alternative(page.render(known), subtype="html", cte="quoted-printable")
    return message


def _line(told: Told, about: Addressed) -> Line:
    language, zone = about.person.language, about.artist.time_zone
    return Line(in_words(told, language, zone, about.now), when_told(told.at, language, zone), about.base + leads_to(told))


def _subject(about: Addressed, lines: list[Line]) -> str:
    language = about.person.language
    if about.mail.kind == "hello":
        said = say(language, N_("Mails about %(artist)s from now on"), {"artist": about.artist.name})
    elif about.mail.kind == "test":
        said = say(language, N_("A test from your creatorbot"))
    elif about.mail.kind == "daily" or len(lines) != 1:
        said = say(language, N_("What happened with %(artist)s"), {"artist": about.artist.name})
    else:
        said = lines[0].said
    plain = " ".join(said.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _lead(about: Addressed, lines: list[Line]) -> str:
    language, name = about.person.language, {"artist": about.artist.name}
    if about.mail.kind == "hello":
        return say(
            language, N_("From now on we write to this address when something happens with %(artist)s that you want to hear of."), name
        )
    if about.mail.kind == "test":
        return say(language, N_("This is the test you asked for. Your mail server works."))
    if about.mail.kind == "daily":
        return say(language, N_("What happened with %(artist)s since the last mail:"), name)
    return ""


def _from(name: str, sender: str) -> Address:
    shown = "".join(letter for letter in name if letter.isprintable()).strip()
    return Address(display_name=f"{shown} (creatorbot)" if shown else "creatorbot", addr_spec=sender)


@lru_cache(maxsize=64)
def _templates(language: str, *, html: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(paths.templates()),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known = catalogue(language)
    made.install_gettext_callables(known.gettext, known.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made
