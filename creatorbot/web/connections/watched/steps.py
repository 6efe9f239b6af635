"""A door that tells whoever watches what is asked through it, and what came back."""

from collections.abc import Callable, Mapping

from creatorbot.security.http import Answer, Door
from creatorbot.web.connections.watched.handed import host_of
from creatorbot.wording import N_

Tell = Callable[[str, str, Mapping[str, object]], None]  # kind, gettext id, values


class Telling(Door):
    """The same rules as the door it was made of; `tell` hears of each address asked for."""

    _tell: Tell
    _asked: int

    @classmethod
    def of(cls, door: Door, tell: Tell) -> "Telling":
        """A telling copy of this door."""
        copy = object.__new__(cls)
        copy.__dict__.update(door.__dict__)
        copy._tell, copy._asked = tell, 0
        return copy

    def admitting(self, places: frozenset[tuple[str, int]]) -> "Telling":
        """As the door's, and it still tells."""
        return Telling.of(super().admitting(places), self._tell)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None, redirects: int = 5) -> Answer:
        """As the door's."""
        self._asked += 1
        if self._asked == 1:
            self._tell("now", N_("We ask %(host)s …"), {"host": host_of(url)})
        else:
            self._tell("now", N_("We read one page more there (%(number)s) …"), {"number": self._asked})
        return super().get(url, headers=headers, max_bytes=max_bytes, redirects=redirects)
