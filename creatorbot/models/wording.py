"""The words of announcements: kept under a name, several for one announcement, whom they may mention, and questions asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers


class KeptWording(Row, table=True):
    """A wording kept under a name. network: a key of the registry it is meant for, "" for every one.

    starts: new announcements begin with it on that network; at most one for each artist and network.
    """

    __table_args__ = (UniqueConstraint("artist_id", "name"),)
    id: int | None = key()
    artist_id: int = refers("artist.id", index=False)
    name: str
    network: str = ""
    language: str = ""
    text: str
    starts: bool = False
    changed_at: datetime = moment()


class OtherWording(Row, table=True):
    """A second, third or fourth wording of one announcement. mark: B, C or D; A is the announcement's own.

    account_ids: the accounts that carry it instead of A. language: "" for the announcement's.
    """

    __table_args__ = (UniqueConstraint("announcement_id", "mark"), CheckConstraint("mark IN ('B', 'C', 'D')", name="other_wording_mark"))
    id: int | None = key()
    announcement_id: int = refers("announcement.id", index=False)
    mark: str
    text: str
    language: str = ""
    account_ids: list[int] = document(list)


class Extras(Row, table=True):
    """What an announcement has beside its words. mentions: names with their @ that the artist wants told, lower case.

    poll: its choices, [] for none. poll_hours: how long people may answer. poll_many: whether they may choose several.
    """

    __table_args__ = (CheckConstraint("poll_hours BETWEEN 0 AND 8784", name="extras_poll_hours"),)
    id: int | None = key()
    announcement_id: int = refers("announcement.id", unique=True)
    mentions: list[str] = document(list)
    poll: list[str] = document(list)
    poll_hours: int = Field(default=0)
    poll_many: bool = False
