"""The jobs: one file each with run(runtime, now) -> Report, and the registry that says how often. The work itself lies in rows."""

from jobs import confirm_posts, send_posts
from jobs.base import Job

REGISTRY: tuple[Job, ...] = (
    Job("send_posts", send_posts.run, 1),
    Job("confirm_posts", confirm_posts.run, 2),
)
