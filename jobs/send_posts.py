"""Send every post whose time has come; look for those of which nobody knows whether they are out."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from creatorbot.announcements import claim
from creatorbot.announcements.look import look_for_post
from creatorbot.announcements.send import Parcel, Taken, call, send_doubtful, send_post, take
from creatorbot.announcements.sending import memory
from creatorbot.announcements.sending.recorder import Recorder
from creatorbot.announcements.sending.together import Rest, Task, together
from creatorbot.announcements.waits import Waits
from creatorbot.runtime import Runtime
from jobs.base import Report

SEND, LOOK = "send", "look"


def run(runtime: Runtime, now: datetime) -> Report:
    """One round. Several at once, and what becomes due meanwhile as well; none much longer than ten seconds after the last has begun:
    what a slow server still holds up then goes on beside the next round (its claim keeps it from being taken twice)."""
    recorder = Recorder(runtime)
    done = together(runtime.settings.sends_at_once, partial(_tasks, runtime), partial(_ready, runtime, recorder))
    return Report(done, f"{done} sent or looked for") if done else Report()


def _tasks(runtime: Runtime) -> list[Task]:
    now = runtime.clock()
    with runtime.reading() as session:
        dead, silent = claim.dead_claims(session, now), memory.is_silent(session, now)
    if dead or silent:
        with runtime.session() as session:
            memory.beat(session, now)
            claim.release_dead_claims(session, now, Waits(runtime.settings.wait_scale))
    with runtime.reading() as session:
        due, unknown = claim.due_posts(session, now), claim.unknown_posts(session, now)
    sending = [Task((SEND, one.post_id), one.server_id, partial(send_post, runtime, one.post_id)) for one in due]
    return sending + [Task((LOOK, one.post_id), one.server_id, partial(look_for_post, runtime, one.post_id)) for one in unknown]


def _ready(runtime: Runtime, recorder: Recorder, tasks: Sequence[Task]) -> list[Task]:
    """Take those that are to be sent in hand, all in one transaction."""
    places = {task.key[1]: task.place for task in tasks if task.key[0] == SEND}
    taken = take(runtime, list(places)) if places else Taken()
    ready = [Task((SEND, one.post_id), places[one.post_id], partial(_send, runtime, recorder, one)) for one in taken.to_send]
    ready += [Task((SEND, post_id), places[post_id], partial(send_doubtful, runtime, post_id, one)) for post_id, one in taken.doubtful]
    ready += [Task((SEND, post_id), places[post_id], _ended) for post_id in taken.ended]
    return ready + [task for task in tasks if task.key[0] != SEND]


def _send(runtime: Runtime, recorder: Recorder, parcel: Parcel) -> Rest:
    """The call; what came of it is written down while the next one is under way."""
    return partial(recorder.add, call(runtime, parcel))


def _ended() -> bool:
    """Held or failed while it was taken: nothing is left to do."""
    return True
