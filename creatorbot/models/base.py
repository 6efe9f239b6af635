"""What every table shares."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary
from sqlmodel import Field, SQLModel

from creatorbot.storage.types import UtcDateTime


class Row(SQLModel):
    """Base of all tables. Identifiers are plain integers; nothing outside ever sees them as a secret."""


def key() -> Any:
    """A primary key."""
    return Field(default=None, primary_key=True)


def moment(*, optional: bool = False, index: bool = False) -> Any:
    """An aware UTC datetime."""
    column: Column[datetime] = Column(UtcDateTime(), nullable=optional, index=index)
    return Field(default=None, sa_column=column) if optional else Field(sa_column=column)


def refers(target: str, *, optional: bool = False, index: bool = True, gone: str = "CASCADE", unique: bool = False) -> Any:
    """A foreign key; `gone` says what happens to this row when the other is deleted."""
    column: Column[int] = Column(
        ForeignKey(target, ondelete="SET NULL" if optional and gone == "SET NULL" else gone),
        nullable=optional,
        index=index and not unique,
        unique=unique,
    )
    return Field(default=None, sa_column=column) if optional else Field(sa_column=column)


def document(default: type = dict) -> Any:
    """A small JSON value."""
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def sealed(*, optional: bool = False) -> Any:
    """Bytes encrypted by the vault. Opening them is an explicit call, never automatic."""
    column: Column[bytes] = Column(LargeBinary, nullable=optional, info={"sealed": True})
    return Field(default=None, sa_column=column) if optional else Field(sa_column=column)
