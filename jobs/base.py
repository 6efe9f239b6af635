"""What a job is: a function of the runtime and the time, that says what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from creatorbot.runtime import Runtime


@dataclass(frozen=True)
class Report:
    """What one run did. done: how many rows it moved on; sentence: for the heartbeat and the log, no names in it."""

    done: int = 0
    sentence: str = ""


Run = Callable[[Runtime, datetime], Report]


@dataclass(frozen=True)
class Job:
    """One entry of the registry. every_s: seconds between runs."""

    name: str
    run: Run
    every_s: float
