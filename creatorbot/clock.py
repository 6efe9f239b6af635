"""Time: aware, UTC, asked for in one place so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)
