"""When somebody last looked for posts to send. One row."""

from datetime import datetime

from sqlalchemy import CheckConstraint

from creatorbot.models.base import Row, key, moment


class Sending(Row, table=True):
    """Always id 1. alive_at: when posts were last looked for, to about twenty seconds. woke_at: when the last silence ended."""

    __table_args__ = (CheckConstraint("id = 1", name="one_sending"),)
    id: int | None = key()
    alive_at: datetime = moment()
    woke_at: datetime | None = moment(optional=True)
