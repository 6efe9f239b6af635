"""Rehearsing the bad day in one click: the practice server goes away, the backup posts, the server comes back and boosts."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.artists.accounts import get_account, server_facts, server_of
from creatorbot.artists.backup.pairing import backs, pairing_of
from creatorbot.errors import Conflict, NotAllowed
from creatorbot.models import Account, Pairing, Release
from creatorbot.web import here
from creatorbot.web.house import forms
from creatorbot.web.rehearsal.stage import BADGE, HOST
from creatorbot.wording import N_

pages = Blueprint("rehearsing", __name__)
AWAY_S = 25


def can_rehearse(session: Session, account: Account) -> bool:
    """Whether this is a practice artist's account that is in a pair."""
    return here.artist().badge == BADGE and (_pair(session, account) is not None)


@pages.post("/connections/accounts/<int:account_id>/rehearse")
@here.needs("manager")
def rehearse(account_id: int) -> ResponseReturnValue:
    """Announces a practice release while the first practice server is away, and shows what becomes of it."""
    runtime = here.runtime()
    if here.artist().badge != BADGE:
        raise NotAllowed("This is for the rehearsal only: on real servers nothing is switched off.")
    with runtime.session() as rows:
        row = _pair(rows, get_account(rows, here.artist_id(), account_id))
        if row is None:
            raise Conflict("Choose a backup first.")
        row.patience = 0  # nobody waits twenty minutes in a rehearsal
        rows.add(row)
        base = server_facts(server_of(rows, rows.get_one(Account, row.account_id))).base_url
        wanted = select(Release).where(Release.artist_id == here.artist_id(), Release.state != "ignored").order_by(col(Release.id))
        release = rows.exec(wanted).first()
        if release is None:
            raise Conflict("There is nothing to announce yet. Add the practice shop first.")
        draft = new_draft(rows, here.artist(), release, here.person(), here.now())
        draft_id, first = draft.id or 0, row.account_id
    if urlsplit(base).hostname != HOST:
        raise NotAllowed("This is for the rehearsal only: on real servers nothing is switched off.")
    post_id = approve(runtime, here.artist_id(), draft_id, [first], None, here.person().name)[0]
    runtime.door_for(here.artist_id()).post(f"{base}/practice/faults", json={"behaviour": "refused", "seconds": AWAY_S})
    forms.tell(N_("The practice server is switched off for half a minute. Watch what becomes of this post."))
    return redirect(f"/posts/{post_id}", 303)


def _pair(session: Session, account: Account) -> Pairing | None:
    """The pair this account is in, as the first or as the backup."""
    return pairing_of(session, account.id or 0) or next(iter(backs(session, account.id or 0)), None)
