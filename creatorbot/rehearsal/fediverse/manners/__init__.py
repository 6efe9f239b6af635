"""Which server software the practice server plays at present, and everything in which that one differs from Mastodon."""

from creatorbot.rehearsal.fediverse.manners.ids import written
from creatorbot.rehearsal.fediverse.manners.table import KEY_MODES, MANNERS, Manner
from creatorbot.rehearsal.world import world


def manner() -> Manner:
    """The one that is played."""
    return MANNERS[str(world().state.setting("manner") or "mastodon")]


def key_mode() -> str:
    """How repeated keys are met at present: as ordered, else as this software does."""
    return str(world().state.setting("key_mode") or manner().keys)


def shown_id(number: int) -> str:
    """An id as this software writes it."""
    return written(number, manner().ids)


def software() -> tuple[str, str]:
    """Name and version we claim to be. Where a Mastodon meets repeated keys as one version of it does, it is that version."""
    here, played = world().state, manner()
    claimed, version, _words = KEY_MODES[key_mode()]
    name = str(here.setting("software") or played.software)
    usual = version if name == claimed == "mastodon" and key_mode() != played.keys else played.version
    return name, str(here.setting("version") or usual)


def play(name: str) -> None:
    """From now on this one, with nothing left of what was ordered about the one before. Raises KeyError for none of ours."""
    _ = MANNERS[name]
    here = world().state
    here.set("manner", name)
    for kept in ("key_mode", "software", "version", "max_characters"):
        here.forget(kept)
