"""The jobs: one file each with run(runtime, now) -> Report, and the registry that says how often. The work itself lies in rows."""

from jobs import (
    boost_posts,
    check_accounts,
    check_address,
    check_ledger,
    confirm_posts,
    credit_payments,
    drain_visits,
    edit_posts,
    fetch_covers,
    fetch_notices,
    keep_subscriptions,
    measure_posts,
    plan_announcements,
    poll_sources,
    read_notices,
    read_pushes,
    reclassify_visits,
    refresh_releases,
    remove_posts,
    see_returns,
    send_mails,
    send_posts,
    tell_members,
    tidy,
)
from jobs.base import Job

HOUR = 3600

# Seconds between two looks at the rows. What is due, and how often one thing may be asked, the rows themselves say.
REGISTRY: tuple[Job, ...] = (
    Job("send_posts", send_posts.run, 1),
    Job("confirm_posts", confirm_posts.run, 2),
    Job("edit_posts", edit_posts.run, 2),
    Job("remove_posts", remove_posts.run, 2),
    Job("tell_members", tell_members.run, 2),
    Job("send_mails", send_mails.run, 5),
    Job("boost_posts", boost_posts.run, 5),
    Job("measure_posts", measure_posts.run, 30),
    Job("drain_visits", drain_visits.run, 2),
    Job("reclassify_visits", reclassify_visits.run, 300),
    Job("read_notices", read_notices.run, 2),
    Job("credit_payments", credit_payments.run, 2),
    Job("fetch_notices", fetch_notices.run, 5),
    Job("read_pushes", read_pushes.run, 2),
    Job("poll_sources", poll_sources.run, 10),
    Job("plan_announcements", plan_announcements.run, 5),
    Job("fetch_covers", fetch_covers.run, 10),
    Job("keep_subscriptions", keep_subscriptions.run, 30),
    Job("refresh_releases", refresh_releases.run, 300),
    Job("see_returns", see_returns.run, 5),
    Job("check_accounts", check_accounts.run, 60),
    Job("check_address", check_address.run, HOUR),
    Job("check_ledger", check_ledger.run, HOUR),
    Job("tidy", tidy.run, HOUR),
)
