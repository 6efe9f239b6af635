"""The jobs: one file each with run(runtime, now) -> Report, and the registry that says how often. The work itself lies in rows."""

from jobs import check_ledger, confirm_posts, credit_payments, drain_visits, fetch_notices, read_notices, send_posts, tidy
from jobs.base import Job

MINUTE, HOUR = 60, 3600

REGISTRY: tuple[Job, ...] = (
    Job("send_posts", send_posts.run, 1),
    Job("confirm_posts", confirm_posts.run, 2),
    Job("drain_visits", drain_visits.run, 2),
    Job("read_notices", read_notices.run, 2),
    Job("credit_payments", credit_payments.run, 2),
    Job("fetch_notices", fetch_notices.run, 5),
    Job("check_ledger", check_ledger.run, HOUR),
    Job("tidy", tidy.run, HOUR),
)
