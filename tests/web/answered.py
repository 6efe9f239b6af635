"""Asking the front door, and what was counted of it."""

from creatorbot.links.totals import LinkTotals, totals_of
from creatorbot.models import Link
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from jobs import drain_visits
from tests.links import rows


class Answered:
    """One answer of a WSGI callable. bare: without the headers of a browser."""

    def __init__(self, door: FrontDoor, path: str, method: str = "GET", *, bare: bool = False, **headers: str) -> None:
        self.status, self.headers = "", {}

        def start(status: str, sent: list[tuple[str, str]], exc_info: object = None) -> object:
            self.status, self.headers = status, dict(sent)
            assert len(sent) == len(self.headers), "no header twice"
            return None

        environ = {**rows.environ(method=method, **({} if bare else rows.NAVIGATED)), "PATH_INFO": path, **headers}
        self.body = b"".join(door(environ, start))  # type: ignore[arg-type]


def counted(runtime: Runtime, link: Link) -> LinkTotals:
    """All that this link has brought so far."""
    drain_visits.run(runtime, runtime.clock())
    with runtime.reading() as session:
        assert link.id is not None
        return totals_of(session, [link.id])[link.id]
