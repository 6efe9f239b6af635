"""The jobs: one file each with run(runtime, now) -> Report, and the registry that says how often. The work itself lies in rows."""

from jobs import (
    check_address,
    check_ledger,
    confirm_posts,
    credit_payments,
    drain_visits,
    edit_posts,
    fetch_covers,
    fetch_notices,
    keep_subscriptions,
    poll_sources,
    read_notices,
    read_pushes,
    refresh_releases,
    send_posts,
    tidy,
)
from jobs.base import Job

HOUR = 3600

# Seconds between two looks at the rows. What is due, and how often one thing may be asked, the rows themselves say.
REGISTRY: tuple[Job, ...] = (
    Job("send_posts", send_posts.run, 1),
    Job("confirm_posts", confirm_posts.run, 2),
    Job("edit_posts", edit_posts.run, 2),
    Job("drain_visits", drain_visits.run, 2),
    Job("read_notices", read_notices.run, 2),
    Job("credit_payments", credit_payments.run, 2),
    Job("fetch_notices", fetch_notices.run, 5),
    Job("read_pushes", read_pushes.run, 2),
    Job("poll_sources", poll_sources.run, 10),
    Job("fetch_covers", fetch_covers.run, 10),
    Job("keep_subscriptions", keep_subscriptions.run, 30),
    Job("refresh_releases", refresh_releases.run, 300),
    Job("check_address", check_address.run, HOUR),
    Job("check_ledger", check_ledger.run, HOUR),
    Job("tidy", tidy.run, HOUR),
)
