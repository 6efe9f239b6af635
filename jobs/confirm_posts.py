"""A minute after success, look whether the post is really there."""

from datetime import datetime
from functools import partial

from creatorbot.announcements import claim
from creatorbot.announcements.look import confirm_post
from creatorbot.announcements.sending.together import Task, together
from creatorbot.runtime import Runtime
from jobs.base import Report


def run(runtime: Runtime, now: datetime) -> Report:
    """One round over the published posts that nobody has looked at since."""
    done = together(runtime.settings.sends_at_once, partial(_tasks, runtime))
    return Report(done, f"{done} looked at again") if done else Report()


def _tasks(runtime: Runtime) -> list[Task]:
    with runtime.reading() as session:
        published = claim.unconfirmed_posts(session, runtime.clock())
    return [Task(("confirm", one.post_id), one.server_id, partial(confirm_post, runtime, one.post_id)) for one in published]
