"""What else goes on while the crowd is there: feeds to poll, an artist who reads her results, and a backup of the database."""

import http.client
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from bench.feeds.server import place
from bench.visits.stage import Stage
from creatorbot.artists import members, sessions, signup
from creatorbot.models import Account, Admission, Announcement, Link, Post, Server, Source
from creatorbot.web.here import COOKIE

_PAGES = 40  # of the database, in one step of the backup


def watched_feeds(stage: Stage, port: int, count: int, over_s: float) -> None:
    """Feeds on this machine, due one after the other while the crowd is there."""
    with stage.runtime.session() as session:
        now = stage.runtime.clock()
        for number in range(count):
            session.add(Admission(artist_id=stage.artist_id, host=place(number), port=port))
            due = now + timedelta(seconds=over_s * number / count)
            address = f"http://{place(number)}:{port}/"
            session.add(Source(artist_id=stage.artist_id, kind="feed", address=address, created_at=now, next_poll_at=due))


def logged_in(stage: Stage) -> str:
    """An owner of the artist with an open session; its cookie."""
    with stage.runtime.session() as session:
        now = stage.runtime.clock()
        person = signup.new_person(session, signup.TypedPerson("Aoife", "aoife", "correct horse battery", "en"), "no hash", now)
        members.add_member(session, stage.artist_id, person.id or 0, "owner", now)
        _, secret = sessions.open_session(session, person.id or 0, stage.artist_id, "a browser", now)
    return f"{COOKIE}={secret}"


def posted(stage: Stage) -> int:
    """Makes the link that of a post which is out, on an account that is not connected any more; so nothing is asked of its server."""
    with stage.runtime.session() as session:
        now = stage.runtime.clock()
        server = Server(network="mastodon", base_url="https://social.example", redirect_uri="https://music.example/back", checked_at=now)
        announcement = Announcement(
            artist_id=stage.artist_id,
            release_id=stage.release_id,
            wording="{title}",
            state="announced",
            created_at=now,
            changed_at=now,
        )
        session.add_all([server, announcement])
        session.flush()
        account = _account(stage, server.id or 0)
        session.add(account)
        session.flush()
        return _post(session, stage, announcement.id or 0, account.id or 0)


def _account(stage: Stage, server_id: int) -> Account:
    return Account(
        artist_id=stage.artist_id,
        server_id=server_id,
        network="mastodon",
        remote_id="1",
        handle="aoife@social.example",
        name="Aoife",
        url="https://social.example/@aoife",
        token=b"",
        state="removed",
        connected_at=stage.runtime.clock(),
    )


def _post(session: Session, stage: Stage, announcement_id: int, account_id: int) -> int:
    now = stage.runtime.clock()
    moments = {"due_at": now, "not_before": now, "expires_at": now + timedelta(hours=12), "changed_at": now, "published_at": now}
    post = Post(artist_id=stage.artist_id, announcement_id=announcement_id, account_id=account_id, state="confirmed", **moments)
    session.add(post)
    session.flush()
    link = session.get_one(Link, stage.link_id)
    link.post_id = post.id
    session.add(link)
    return post.id or 0


def read_pages(port: int, cookie: str, paths: Sequence[str], ends: float, every_s: float) -> dict[str, object]:
    """Open these pages in turn until then (time.time()), as a browser of somebody who is logged in."""
    waits, wrong, number = [], [], 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.time() < ends:
        began, path = time.perf_counter(), paths[number % len(paths)]
        number += 1
        try:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                wrong.append(f"{path}: {answer.status} {answer.getheader('Location') or ''}")
        except (OSError, http.client.HTTPException) as error:
            wrong.append(f"{path}: {error!r}")
            connection.close()
        waits.append(time.perf_counter() - began)
        time.sleep(every_s)
    connection.close()
    return {"pages": len(waits), "slowest_s": round(max(waits, default=0.0), 3), "wrong": len(wrong), "trouble": sorted(set(wrong))[:5]}


def back_up(folder: Path, target: Path, ends: float) -> dict[str, object]:
    """Copy the database while others write, a few of its pages at a time, until then; a new copy every second. The last must be sound."""
    copies, troubles, sound = 0, [], False
    while time.time() < ends or not copies:
        target.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(folder / "creatorbot.sqlite3", timeout=30)) as here, closing(sqlite3.connect(target)) as there:
                here.backup(there, pages=_PAGES, sleep=0.002)
                copies += 1
                if time.time() >= ends - 1:
                    sound = there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.Error as error:
            troubles.append(str(error))
        time.sleep(max(0.0, min(1.0, ends - time.time())))
    return {"copies": copies, "sound": sound, "wrong": len(troubles), "trouble": sorted(set(troubles))[:5]}
