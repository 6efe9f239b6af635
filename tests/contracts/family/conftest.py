"""For each kind of server: the practice server plays it, with one connected account, for all tests of that kind."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import Image

from creatorbot import networks
from creatorbot.announcements.look import confirm_post, look_for_post
from creatorbot.announcements.send import send_post
from creatorbot.artists import accounts, connect
from creatorbot.artists.connect import Begun
from creatorbot.models import Account, Post, Release
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Profile
from creatorbot.networks.mastodon import Mastodon
from creatorbot.rehearsal.fediverse.manners.table import MANNERS
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.releases.covers import store_cover
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from tests.announcements.pairs import answers, until
from tests.conftest import TestClock, make_runtime, open_unwritten
from tests.stage import BACK, Stage, admit, make_artist, make_release

ENDED = ("confirmed", "failed", "held", "vanished", "cancelled")


@dataclass
class Met:
    """One kind of server, played."""

    name: str
    stage: Stage
    practice: Practice
    clock: TestClock
    session_id: int

    @property
    def runtime(self) -> Runtime:
        """What the program holds."""
        return self.stage.runtime

    @property
    def account(self) -> RemoteAccount:
        """The connected account, as the adapter needs it."""
        with self.runtime.reading() as session:
            return accounts.opened(session, self.runtime.vault, session.get_one(Account, self.stage.account_id))

    @property
    def door(self) -> Door:
        """The way there."""
        return self.runtime.door_for(self.stage.artist_id)

    @property
    def profile(self) -> Profile:
        """What we know of this kind."""
        return networks.REGISTRY["mastodon"].profile(self.account.software)

    def order(self, behaviour: str, times: int = 1, seconds: float | None = None) -> None:
        """Something goes wrong from now on; times 0: until the test is over."""
        if behaviour == "refused":
            self.practice.leave()
            until(lambda: not answers(self.practice.fediverse_url))  # what comes while it closes would be in doubt, and rightly
        else:
            self.stage.trouble(behaviour, times, seconds)

    def calm(self) -> None:
        """All is well again, and what comes now belongs to the next test."""
        self.practice.state.do("DELETE FROM fault")
        self.practice.return_()
        self.practice.state.do("DELETE FROM fate")
        # Near the real time: how wrong a server's clock is can only be told by that.
        self.clock.at = datetime.now(UTC).replace(microsecond=0)
        self.practice.state.do("UPDATE status SET deleted = 1")

    def copies(self) -> int:
        """How many statuses of this test stand on the server."""
        return self.practice.state.number("SELECT count(*) FROM status WHERE NOT deleted")

    def join(self, person: str) -> int:
        """Connect another account there, of this name. The stage posts to it from now on."""
        begun: Begun = connect.begin(
            self.runtime, self.stage.artist_id, self.session_id, self.practice.fediverse_url.removeprefix("http://"), BACK
        )
        fields = {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}
        said = requests.post(
            f"{self.practice.fediverse_url}/oauth/authorize",
            data={**fields, "other": person, "answer": "yes"},
            timeout=20,
            allow_redirects=False,
        )
        back = parse_qs(urlsplit(said.headers["Location"]).query)
        account = connect.finish(self.runtime, self.session_id, back["state"][0], back["code"][0])
        assert account.id is not None
        self.stage.account_id = account.id
        return account.id

    def until_settled(self, post_id: int, rounds: int = 40) -> Post:
        """Do with it what the jobs would, each time when it is next its turn, until nothing more will happen by itself."""
        post = self.stage.post(post_id)
        for _ in range(rounds):
            act = {"unknown": look_for_post, "published": confirm_post}.get(post.state, send_post)
            act(self.runtime, post_id)
            post = self.stage.post(post_id)
            if post.state in ENDED:
                break
            if post.state == "due":
                self.practice.return_()
            self.clock.at = max(self.clock.at + timedelta(seconds=1), post.not_before)
        return post


def cover() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 80, 20)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def quick_network() -> Iterator[None]:
    """The same adapter, which does not really wait for a picture to be prepared."""
    kept = networks.REGISTRY["mastodon"]
    networks.REGISTRY["mastodon"] = Mastodon(pause=lambda _seconds: None)
    yield
    networks.REGISTRY["mastodon"] = kept


@pytest.fixture(scope="module", params=list(MANNERS))
def kind(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, quick_network: None
) -> Iterator[Met]:
    """One kind of server, for all tests of a module."""
    folder = tmp_path_factory.mktemp("family")
    shutil.copy(sqlite_template, folder / "creatorbot.sqlite3")
    engine = open_unwritten(folder / "creatorbot.sqlite3")
    clock = TestClock(datetime.now(UTC).replace(microsecond=0))
    runtime = make_runtime(engine, folder, clock)
    # Addresses that look public: the practice server's followers fetch no previews of them.
    runtime = replace(runtime, settings=runtime.settings.model_copy(update={"public_url": "https://music.example"}))
    with start(folder / "practice", clock=lambda: clock.at.timestamp()) as practice:
        requests.post(f"{practice.fediverse_url}/practice/manner", json={"name": request.param}, timeout=20).raise_for_status()
        artist_id, session_id = make_artist(runtime)
        admit(runtime, artist_id, practice)
        met = Met(request.param, Stage(runtime, practice, artist_id, 0, make_release(runtime, artist_id)), practice, clock, session_id)
        with runtime.session() as session:
            kept = store_cover(session, runtime.covers, cover(), clock())
            session.get_one(Release, met.stage.release_id).cover_id = kept.id
        met.join("aoife")
        yield met
    engine.dispose()


@pytest.fixture
def met(kind: Met) -> Iterator[Met]:
    """The kind of server, calm before and after."""
    kind.calm()
    stage, account_id = kind.stage, kind.stage.account_id
    yield kind
    kind.calm()
    kind.stage = replace(stage, account_id=account_id)
