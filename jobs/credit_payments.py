"""Credit new payments to the links they came from."""

from datetime import datetime

from creatorbot.attribution.credit import credit_payments
from creatorbot.runtime import Runtime
from jobs.base import Report

_AT_ONCE = 200


def run(runtime: Runtime, now: datetime) -> Report:
    """One round, in small transactions; goes on until nothing is left to credit."""
    done = 0
    while True:
        with runtime.session() as session:
            some = credit_payments(session, _AT_ONCE)
        done += some
        if not some:  # (crediting a payment lets its refunds follow in the next round)
            return Report(done, f"{done} payments credited" if done else "")
