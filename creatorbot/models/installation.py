"""The one row about this installation, the heartbeat of its jobs, and the addresses admitted on loopback."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from creatorbot.models.base import Row, key, moment, refers


class Installation(Row, table=True):
    """Always id 1. setup_key_hash: what opens the first-run wizard, empty once it is done.

    public_url: https address, no final slash. public_answered_at: when it last answered our check; None means not in use.
    """

    __table_args__ = (CheckConstraint("id = 1", name="one_installation"),)
    id: int | None = key()
    setup_key_hash: str = ""
    public_url: str = ""
    public_answered_at: datetime | None = moment(optional=True)
    public_sentence: str = ""
    check_token: str = ""
    created_at: datetime = moment()


class Heartbeat(Row, table=True):
    """When a job last ran and what it said. The pages show when one has stopped."""

    job: str = key()
    started_at: datetime = moment()
    finished_at: datetime | None = moment(optional=True)
    sentence: str = ""
    failed: bool = False


class Admission(Row, table=True):
    """One host:port on loopback that one artist's outbound calls may reach, and the path under which browsers see it."""

    __table_args__ = (UniqueConstraint("artist_id", "host", "port"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    host: str
    port: int
    browser_path: str = ""


class Rehearsal(Row, table=True):
    """The wish for practice servers, and what the supervisor made of it. One row, id 1.

    state: wanted | running | stopped | failed.
    """

    __table_args__ = (CheckConstraint("id = 1", name="one_rehearsal"),)
    id: int | None = key()
    state: str = "stopped"
    fediverse_port: int = 0
    shop_port: int = 0
    sentence: str = ""
    changed_at: datetime = moment()
