"""The key a try goes out with. Pure."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from creatorbot.models import Attempt
from creatorbot.networks.base import Profile
from creatorbot.security.secrets import word


def key_for(tries: Sequence[Attempt], profile: Profile, text: str, now: datetime) -> tuple[str, bool]:
    """(the last try's key where repeating it protects us, otherwise a new one; whether it is repeated). tries: oldest first.

    Repeated once (where it names the post itself: as often as need be), only while the server is sure to remember it, only for the
    same words, and only where a repeat gives the same status back.
    """
    if not tries or profile.repeated_key != "same":
        return new_key(now), False
    last = tries[-1]
    # The server remembers a key from its first use, however often it is repeated.
    uses = [attempt.started_at for attempt in tries if attempt.key == last.key]
    fresh = (len(uses) == 1 or profile.key_names_post) and now - uses[0] < timedelta(seconds=profile.key_window_s)
    repeat = fresh and last.outcome in ("unknown", "absent") and last.text_hash == hash_of(text)
    return (last.key, True) if repeat else (new_key(now), False)


def new_key(now: datetime) -> str:
    """Begins with its moment (microseconds, in hex): where a status is named by us, its name says when it was made."""
    return f"{int(now.timestamp() * 1_000_000):x}-{word(20)}"


def hash_of(text: str) -> str:
    """To know the same words again."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
