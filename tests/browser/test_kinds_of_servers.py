"""A Pixelfed server of another process, in the browser: what it cannot do is said, the picture goes along, words change."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import Admission, Artist, Post, Release
from creatorbot.releases.covers import store_cover
from tests.browser.conftest import Live, again, look, sign_up
from tests.contracts.family.conftest import cover
from tests.stage import make_release


@pytest.fixture
def pixelfed(tmp_path: Path) -> Iterator[str]:
    """Its address."""
    argv = [sys.executable, "-m", "creatorbot.rehearsal", str(tmp_path / "elsewhere")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{json.loads(process.stdout.readline())['fediverse_port']}"
        requests.post(f"{url}/practice/manner", json={"name": "pixelfed"}, timeout=20).raise_for_status()
        yield url
        process.terminate()
        process.wait(20)


def settle_in(live: Live, page: Page, url: str) -> None:
    """An artist with one release and its cover, who may reach the server."""
    sign_up(live, page)
    with live.runtime.session() as session:
        artist = session.exec(select(Artist)).one()
        session.add(Admission(artist_id=artist.id or 0, host="127.0.0.1", port=int(url.rpartition(":")[2])))
        kept = store_cover(session, live.runtime.covers, cover(), live.runtime.clock())
        cover_id = kept.id
    release_id = make_release(live.runtime, artist.id or 0)
    with live.runtime.session() as session:
        session.get_one(Release, release_id).cover_id = cover_id


def test_a_picture_server_from_its_connect_page_to_a_changed_post(live: Live, page: Page, pixelfed: str) -> None:
    settle_in(live, page, pixelfed)
    page.goto("/connections/networks")
    page.get_by_role("link", name="Connect Mastodon").click()
    page.get_by_label("Server or full name").fill(pixelfed.removeprefix("http://"))
    page.get_by_role("button", name="Go on").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Every post needs a picture there, so the cover always goes along.")
    expect(main).to_contain_text("never yet on a real one")
    look(page, "found-pixelfed")
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")
    expect(main).to_contain_text("What is different there")
    look(page, "account-pixelfed")
    requests.post(f"{pixelfed}/practice/faults", json={"behaviour": "executed_answer_lost"}, timeout=20).raise_for_status()
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    for _ in range(20):
        live.work()
        with live.runtime.reading() as session:
            if session.exec(select(Post)).one().state == "confirmed":
                break
        time.sleep(0.5)
    expect(main).to_contain_text("Looked again: it is there")
    page.get_by_role("link", name="Change the text").click()
    words = page.get_by_label("What it shall say")
    words.fill(words.input_value() + "\nNow on vinyl")
    page.get_by_role("button", name="Change the post").click()
    page.wait_for_url("**/posts/*")
    live.work()
    again(page)
    expect(main).to_contain_text("The text was changed")
    posted = requests.get(f"{pixelfed}/practice/statuses", timeout=20).json()["statuses"]
    assert len(posted) == 1
    assert len(posted[0]["media_attachments"]) == 1
    assert "Now on vinyl" in posted[0]["text"]
    with live.runtime.reading() as session:
        post = session.exec(select(Post)).one()
    page.goto(post.remote_url)
    expect(page.get_by_text("Now on vinyl")).to_be_visible()
