"""A running creatorbot and a real Chromium. Jobs run when a test says so; screenshots go to the folder CREATORBOT_SHOTS names, if any."""

import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from creatorbot import clock
from creatorbot.artists import signup
from creatorbot.config import Settings
from creatorbot.models import Rehearsal
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.storage.engine import reading_factory, session_factory
from creatorbot.web.frontdoor import FrontDoor
from jobs import REGISTRY
from tests.application import application

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1280, 900)
SIZES = {"phone": PHONE, "tablet": TABLET, "desk": DESK}
PASSWORD = "correct horse battery"


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@dataclass
class Live:
    """A running installation. url: where it answers. practice: both practice servers, fulfilling a rehearsal's wish when asked to."""

    runtime: Runtime
    url: str
    practice: Practice
    folder: Path
    pages: list[Page] = field(default_factory=list)

    def key_address(self) -> str:
        """What is printed at the first start."""
        with self.runtime.session() as session:
            return f"{self.url}/setup?key={signup.new_setup_key(session, self.runtime.clock())}"

    def fulfil(self) -> None:
        """What the supervisor does with the wish for practice servers."""
        with self.runtime.session() as session:
            row = session.get(Rehearsal, 1)
            if row is not None and row.state == "wanted":
                row.fediverse_port = int(self.practice.fediverse_url.rpartition(":")[2])
                row.shop_port = int(self.practice.shop_url.rpartition(":")[2])
                row.second_port = int(self.practice.second_url.rpartition(":")[2])
                row.state = "running"
                session.add(row)

    def work(self, rounds: int = 1) -> None:
        """Every job, once a round, as the scheduler would run them."""
        for _ in range(rounds):
            for job in REGISTRY:
                job.run(self.runtime, self.runtime.clock())


@pytest.fixture
def outside() -> Door:
    """How the service reaches other servers. A test module may give its own world."""
    return Door()


@pytest.fixture
def live(sqlite_engine: Engine, tmp_path: Path, outside: Door) -> Iterator[Live]:
    """The service on a free port, with the front door, and both practice servers."""
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [], threaded=True, request_handler=Quiet)
    runtime = Runtime(
        settings=Settings(data=tmp_path, port=server.server_port, wait_scale=0.01),
        session=session_factory(sqlite_engine),
        reading=reading_factory(sqlite_engine),
        door=outside,
        vault=Vault([new_vault_key()]),
        clock=clock.now,
        cookie_key="browser" * 6,
    )
    server.app = front = FrontDoor(application(runtime), runtime, refresh_s=0.1)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with start(tmp_path / "practice") as practice:
        yield Live(runtime, f"http://127.0.0.1:{server.server_port}", practice, tmp_path)
    front.stop()
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def context(chromium: Browser, live: Live) -> Iterator[BrowserContext]:
    """A fresh browser profile, desk-sized, that fails the test on a policy violation or a script error."""
    made = chromium.new_context(
        base_url=live.url,
        viewport={"width": DESK[0], "height": DESK[1]},
        locale="en-GB",
        timezone_id="Europe/Dublin",
        reduced_motion="reduce",
    )
    made.set_default_timeout(15_000)
    wrong: list[str] = []
    made.on("console", lambda said: wrong.append(said.text) if said.type == "error" and "Content Security Policy" in said.text else None)
    made.on("weberror", lambda error: wrong.append(str(error.error)))
    yield made
    made.close()
    assert wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One page of it."""
    return context.new_page()


def sign_up(live: Live, page: Page, name: str = "Aoife Marsh") -> None:
    """The wizard, as a person goes through it."""
    page.goto(live.key_address())
    page.get_by_label("Artist name").fill(name)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Login name").fill("aoife")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my creatorbot").click()
    page.wait_for_url("**/welcome")


def rehearse(live: Live, page: Page) -> None:
    """Start a rehearsal and take its three steps."""
    page.goto("/rehearsal")
    page.get_by_role("button", name="Start the rehearsal").click()
    live.fulfil()
    page.get_by_role("button", name="Connect it").first.click()
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/connections/sources/*")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Connect it").click()
    page.wait_for_url("**/connections/payments/stripe")


def again(page: Page) -> None:
    """Load it once more. A page that waits for something loads itself now and then: of two loads at once the first is broken off."""
    try:
        page.reload()
    except Error:
        page.wait_for_load_state("load")
        page.reload()


def follow(button: Locator) -> None:
    """Press it and wait for the page that comes: a look taken earlier would be at the page before."""
    with button.page.expect_navigation():
        button.click()


def look(page: Page, name: str, *, axe: bool = True) -> None:
    """Look at the page as it stands, at three widths, light and dark: axe finds nothing, nothing is cut off sideways.

    All of axe's rules in the light on a phone; the one about contrast also in the dark, and at a desk, where other parts are shown. Neither
    names nor roles depend on the width.
    """
    folder = os.environ.get("CREATORBOT_SHOTS")
    page.wait_for_load_state("load")
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide on a {size}"
        for scheme in ("light", "dark"):
            if not folder and not (axe and _axe_looks(size, scheme)):
                continue
            page.emulate_media(color_scheme=scheme)
            if folder:
                Path(folder).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{folder}/{name}-{size}-{scheme}.png", full_page=True)
            if axe and _axe_looks(size, scheme):
                found = violations(page, everything=scheme == "light" and size == "phone")
                assert found == [], f"{name}, {size}, {scheme}: {found}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def _axe_looks(size: str, scheme: str) -> bool:
    return size == "phone" or (size == "desk" and scheme == "light")


def violations(page: Page, *, everything: bool = True) -> list[str]:
    """What axe finds, one line a rule."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    rules = {} if everything else {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **rules})
    return [f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found["violations"]]
