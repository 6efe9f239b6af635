"""Pairing an account with its backup, and saying which account follows one that moved."""

from dataclasses import dataclass

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.handover.carrying import carried_from, carry_over, successors
from creatorbot.announcements.handover.move_told import draft_about
from creatorbot.artists.accounts import get_account
from creatorbot.artists.backup import pairing
from creatorbot.errors import Conflict, InvalidInput
from creatorbot.models import Account, AccountLook, Pairing
from creatorbot.web import here
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("backup", __name__)


@dataclass(frozen=True)
class Around:
    """An account's place among the others. stands_for: the accounts it is the backup of. followed: those it took over from."""

    pairing: Pairing | None
    backup: Account | None
    possible: list[Account]
    stands_for: list[Account]
    followed: list[tuple[Account, AccountLook]]
    successors: list[Account]


def around(session: Session, account: Account) -> Around:
    """What the account's page shows beside the account itself."""
    row = pairing.pairing_of(session, account.id or 0)
    return Around(
        row,
        session.get(Account, row.backup_id) if row else None,
        pairing.possible(session, account),
        [session.get_one(Account, one.account_id) for one in pairing.backs(session, account.id or 0)],
        carried_from(session, account),
        successors(session, account) if account.state in ("moved", "gone", "suspended") else [],
    )


@pages.post("/connections/accounts/<int:account_id>/backup")
@here.needs("manager")
def pair(account_id: int) -> ResponseReturnValue:
    """Lets another account stand in for this one, or changes how."""
    form = forms.typed()
    wishes = pairing.Wishes(_number(form["patience"]), form["rather"], form["if_absent"], form["if_there"])
    with here.runtime().session() as rows:
        account = get_account(rows, here.artist_id(), account_id)
        try:
            row = pairing.pair(rows, here.artist_id(), account_id, _number(form["backup"]), wishes, here.now())
        except InvalidInput as error:
            forms.tell(error.message, "bad", **error.values)
            return redirect(f"/connections/accounts/{account_id}#backup", 303)
        backup, handle = rows.get_one(Account, row.backup_id).handle, account.handle
    forms.tell(N_("%(backup)s posts when the server of %(handle)s is away."), backup=backup, handle=handle)
    return redirect(f"/connections/accounts/{account_id}#backup", 303)


@pages.post("/connections/accounts/<int:account_id>/backup/end")
@here.needs("manager")
def unpair(account_id: int) -> ResponseReturnValue:
    """No backup any more."""
    with here.runtime().session() as rows:
        get_account(rows, here.artist_id(), account_id)
        pairing.unpair(rows, account_id)
    forms.tell(N_("It has no backup any more. When its server is away, posts wait for it."))
    return redirect(f"/connections/accounts/{account_id}#backup", 303)


@pages.post("/connections/accounts/<int:account_id>/followed-by")
@here.needs("manager")
def followed_by(account_id: int) -> ResponseReturnValue:
    """The owner says which connected account follows this one."""
    runtime = here.runtime()
    with runtime.session() as rows:
        old = get_account(rows, here.artist_id(), account_id)
        new = get_account(rows, here.artist_id(), _number(forms.typed()["successor"]))
        carry_over(rows, runtime.vault, old, new, here.now())
        followed, following = old.handle, new.handle
    forms.tell(N_("%(new)s follows %(old)s. What was posted before stays in your results."), old=followed, new=following)
    return redirect(f"/connections/accounts/{new.id}", 303)


@pages.post("/connections/accounts/<int:account_id>/tell-of-move")
@here.needs("manager")
def tell_of_move(account_id: int) -> ResponseReturnValue:
    """Begins the post about the move; its words, its moment and where it goes are decided on its own page."""
    with here.runtime().session() as rows:
        account = get_account(rows, here.artist_id(), account_id)
        draft = draft_about(rows, here.artist(), account, here.person(), here.now())
        if draft is None:
            raise Conflict("A post leads to a release, and there is none yet. Add one first; or post the words by hand.")
    return redirect(f"/announcements/{draft.id}", 303)


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
