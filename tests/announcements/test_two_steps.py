"""One post on a network where posts are made in two steps, while answers get lost, the list of posts lags behind, and senders are killed.

By the wall clock, as the counterpart's containers and posts carry its own times; waits are a hundredth of life's.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from creatorbot.announcements.compose import Composed, Target, check
from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.announcements.wordings.typed import TypedDraft
from creatorbot.artists.accounts import facts_document
from creatorbot.errors import InvalidInput
from creatorbot.models import Account, Admission, Announcement, Artist, Attempt, Cover, Post, Release, Server
from creatorbot.networks.threads import PROFILE, Threads
from creatorbot.releases.covers import store_cover
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import new_vault_key
from jobs import confirm_posts, send_posts
from tests.announcements.worker import runtime_on
from tests.contracts.network_contract import cover
from tests.servers.service import ROOT
from tests.servers.threads import Running, threads
from tests.servers.threads.state import KEY, USER_ID
from tests.stage import make_artist, make_release


@dataclass
class Set:
    """An artist with one account on the counterpart, and one post that is due."""

    runtime: Runtime
    there: Running
    worker: list[str]
    post_id: int

    def work_until(self, *states: str, seconds: float = 60) -> Post:
        """Let the sending jobs run until the post is in one of these states."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            send_posts.run(self.runtime, self.runtime.clock())
            confirm_posts.run(self.runtime, self.runtime.clock())
            with self.runtime.reading() as session:
                post = session.get_one(Post, self.post_id)
            if post.state in states:
                return post
            time.sleep(0.05)
        raise AssertionError(f"it is {post.state}: {post.sentence}")


@pytest.fixture
def due(sqlite_engine: Engine, tmp_path: Path) -> Iterator[Set]:
    """One post that is due."""
    url, key = sqlite_engine.url.render_as_string(hide_password=False), new_vault_key()
    runtime = runtime_on(url, tmp_path, key, 0.01)
    artist_id, _ = make_artist(runtime)
    release_id = make_release(runtime, artist_id)
    with threads(tmp_path / "threads") as there:
        with runtime.session() as session:
            session.add(Admission(artist_id=artist_id, host="127.0.0.1", port=there.port))
        account_id = connected(runtime, artist_id, there)
        with runtime.session() as session:
            artist, release = session.get_one(Artist, artist_id), session.get_one(Release, release_id)
            draft = new_draft(session, artist, release, None, runtime.clock())
        (post_id,) = approve(runtime, artist_id, draft.id or 0, [account_id], None)
        worker = [sys.executable, "-m", "tests.announcements.worker", url, str(tmp_path), key, "0.01"]
        yield Set(runtime, there, worker, post_id)


def connected(runtime: Runtime, artist_id: int, there: Running) -> int:
    """The account, as connecting leaves it."""
    facts = Threads(there.url).discover(there.url, runtime.door_for(artist_id))
    now = runtime.clock()
    with runtime.session() as session:
        server = Server(network="threads", base_url=there.url, redirect_uri="", facts=facts_document(facts), checked_at=now)
        session.add(server)
        session.flush()
        account = Account(
            artist_id=artist_id,
            server_id=server.id or 0,
            network="threads",
            remote_id=USER_ID,
            handle="@aoife@threads.net",
            name="Aoife",
            url=f"{there.url}/@aoife",
            token=runtime.vault.seal(f"{KEY} 0"),
            scopes=" ".join(PROFILE.scopes),
            connected_at=now,
        )
        session.add(account)
        session.flush()
        return account.id or 0


def keys(due: Set) -> list[str]:
    with due.runtime.reading() as session:
        return [attempt.key for attempt in session.exec(select(Attempt).order_by(Attempt.id))]  # type: ignore[arg-type]


def test_the_first_steps_number_is_written_down(due: Set) -> None:
    due.work_until("confirmed")
    (container,) = due.there.state()["containers"]
    assert keys(due) == [f"threads:{container}"]
    assert len(due.there.posts) == 1


@pytest.mark.parametrize("behaviour", ["lost", "gateway", "garbled", "trouble"])
def test_a_lost_answer_and_a_list_that_lags_make_one_post(due: Set, behaviour: str) -> None:
    due.there.practise(lag=4)
    due.there.order("publish", behaviour)
    due.there.order("status", "fine")  # the look at the container before it is published
    due.there.order("status", "lost")  # and the one after
    due.work_until("confirmed")
    assert len(due.there.posts) == 1
    assert len(set(keys(due))) == 1


def test_a_server_that_dies_with_its_answer_makes_one_post(due: Set) -> None:
    due.there.practise(lag=2)
    due.there.order("publish", "die after")
    due.work_until("unknown")
    due.there.start()
    due.work_until("confirmed")
    assert len(due.there.posts) == 1


@pytest.mark.skipif("CREATORBOT_KILLS" not in os.environ, reason="a long run: python -m bench faults")
@pytest.mark.parametrize("call", ["create", "publish"])
def test_a_sender_that_is_killed_in_either_step_makes_one_post(due: Set, call: str) -> None:
    due.there.practise(lag=4)
    due.there.order(call, "slow answer")
    process = subprocess.Popen(due.worker, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    ends = time.monotonic() + 20
    wanted = "containers" if call == "create" else "posts"
    while not due.there.state()[wanted] and time.monotonic() < ends:
        time.sleep(0.02)
    process.kill()
    process.wait(10)
    process.stdout.close()
    due.work_until("confirmed")
    assert len(due.there.posts) == 1


def test_a_picture_is_named_by_the_address_where_everybody_finds_it(due: Set) -> None:
    with due.runtime.session() as session:
        stored = store_cover(session, due.runtime.covers, cover(), due.runtime.clock())
        session.flush()
        session.exec(select(Release)).one().cover_id = stored.id
        words = session.exec(select(Announcement)).one()
        words.look, words.alt_text = "picture", "A tall ship at sunset"
    due.work_until("confirmed")
    (post,) = due.there.posts
    assert post["image"].endswith(f"/cover/{stored.content_hash}.jpg")
    assert post["alt_text"] == "A tall ship at sunset"


def test_without_a_public_address_no_picture_is_promised(due: Set) -> None:
    with due.runtime.reading() as session:
        account, release = session.exec(select(Account)).one(), session.exec(select(Release)).one()
    to = Target(account, "threads", "threads.net", PROFILE.limits, PROFILE, None, False)
    words = TypedDraft(wording="{title}", look="picture", alt_text="A tall ship")
    with pytest.raises(InvalidInput, match="fetches pictures itself") as caught:
        check(words, release, Cover(content_hash="a"), to, Composed("Tall Ships", "", "", 10, 500))
    assert caught.value.field == "look"
