"""Sending one mail: claim, put into words, hand over, record. A conductor: no transaction spans the call.

What dies after the server took a mail is sent once more, with the same mark, by which mail programs know it as the same: rather that
than a mail that never comes.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from sqlmodel import Session, col, select

from creatorbot.artists.telling import outbox
from creatorbot.artists.telling.carrier import carrier, relay_of
from creatorbot.artists.telling.letters import Addressed, letter
from creatorbot.artists.telling.wishes import wish_of
from creatorbot.errors import ServiceError
from creatorbot.links.address import public_base
from creatorbot.models import Artist, Installation, Mail, MailItem, MailServer, Member, Person, Told
from creatorbot.runtime import Runtime
from creatorbot.security.mail import Relay, deliver
from creatorbot.wording import N_

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """All that the call needs, read before it."""

    relay: Relay
    sender: str
    to: str
    message: EmailMessage


def send_mail(runtime: Runtime, mail_id: int) -> bool:
    """Send this mail if its turn has come and nobody else has it in hand. True when we took it."""
    scale = runtime.settings.wait_scale
    with runtime.session() as session:
        lease = outbox.claim_mail(session, mail_id, runtime.clock(), scale)
    if lease is None:
        return False
    try:
        with runtime.reading() as session:
            parcel = _pack(session, runtime, mail_id)
        if parcel is None:
            with runtime.session() as session:
                outbox.drop(session, mail_id, lease)
            return True
        deliver(runtime.door, parcel.relay, parcel.sender, parcel.to, parcel.message)
    except ServiceError as error:
        _not_sent(runtime, mail_id, lease, error)
        return True
    except Exception as error:
        log.exception("mail %s broke", mail_id)
        broken = ServiceError(N_("Something unexpected went wrong (%(name)s)."), kind="busy", name=type(error).__name__)
        _not_sent(runtime, mail_id, lease, broken)
        return True
    with runtime.session() as session:
        outbox.was_sent(session, mail_id, runtime.clock())
    return True


def _not_sent(runtime: Runtime, mail_id: int, lease: datetime, error: ServiceError) -> None:
    with runtime.session() as session:
        outbox.was_not_sent(session, mail_id, lease, error, runtime.clock(), runtime.settings.wait_scale)


def _pack(session: Session, runtime: Runtime, mail_id: int) -> Parcel | None:
    """What to hand over; None when nobody wants it any more."""
    server = carrier(session)
    about = _addressed(session, runtime, session.get_one(Mail, mail_id), server) if server else None
    if about is None or server is None:
        return None
    return Parcel(relay_of(server, runtime.vault), server.sender, about.to, letter(about))


def _addressed(session: Session, runtime: Runtime, mail: Mail, server: MailServer) -> Addressed | None:
    member = session.get(Member, mail.member_id)
    wish = wish_of(session, mail.member_id)
    sealed = wish.address if wish else None
    if member is None or (sealed is None and mail.kind != "test"):
        return None
    told = session.exec(
        select(Told).join(MailItem, col(MailItem.told_id) == Told.id).where(MailItem.mail_id == mail.id).order_by(col(Told.id))
    ).all()
    if mail.kind in ("at_once", "daily") and not told:
        return None
    return Addressed(
        mail=mail,
        server=server,
        artist=session.get_one(Artist, member.artist_id),
        person=session.get_one(Person, member.person_id),
        to=runtime.vault.open_text(sealed) if sealed else server.sender,
        stop_key=wish.stop_key if wish else "",
        base=public_base(session.get(Installation, 1)) or runtime.settings.own_url,
        told=list(told),
        now=runtime.clock(),
    )
