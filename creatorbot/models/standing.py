"""What the daily look at a connected account found."""

from datetime import datetime

from creatorbot.models.base import Row, key, moment, refers


class AccountLook(Row, table=True):
    """One row for each account. next_at: when it is looked at again. asked_at: the last look that got an answer.

    doubt, doubt_since, doubts: a state that is not proven yet, since when, and how often it was seen in a row. moved_to, moved_url: where
    the server says the account has gone, as @name@server. carried_to: the account that took over its settings and waiting posts.
    carried: how many posts waited then.
    """

    id: int | None = key()
    account_id: int = refers("account.id", unique=True)
    next_at: datetime = moment(index=True)
    asked_at: datetime | None = moment(optional=True)
    doubt: str = ""
    doubt_since: datetime | None = moment(optional=True)
    doubts: int = 0
    moved_to: str = ""
    moved_url: str = ""
    carried_to: int | None = refers("account.id", optional=True, gone="SET NULL")
    carried_at: datetime | None = moment(optional=True)
    carried: int = 0
