"""A post that is out says something new: what is proposed, what is refused, and that the server gets it once, whatever happens."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlmodel import select

from creatorbot.announcements import edits, states
from creatorbot.announcements.editing.claim import claim_edit, due_edits
from creatorbot.announcements.editing.edit_post import edit_post
from creatorbot.announcements.queries import get_post
from creatorbot.announcements.waits import Waits
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import Account, Post, PostEdit, Release, ReleaseChange, Server
from jobs import edit_posts
from tests.stage import Stage, codes_in


def out(stage: Stage, clock: Any, **more: Any) -> int:
    """A post that is confirmed."""
    post_id = stage.approve(**more)
    stage.work(5, clock=clock)
    assert stage.post(post_id).state == "confirmed"
    return post_id


def change(stage: Stage, what: str = "price", **after: object) -> int:
    """The release is told differently by its source; the change's id."""
    with stage.runtime.session() as session:
        release = session.get_one(Release, stage.release_id)
        row = ReleaseChange(
            artist_id=stage.artist_id,
            release_id=stage.release_id,
            at=stage.runtime.clock(),
            what=what,
            before={name: getattr(release, name) for name in after},
            after=dict(after),
        )
        session.add(row)
        for name, value in after.items():
            setattr(release, name, value)
        session.flush()
        assert row.id is not None
        return row.id


def fixed(stage: Stage, minor: int = 900) -> int:
    return change(stage, price_model="fixed", price_minor=minor)


def offered(stage: Stage, post_id: int, change_id: int | None = None) -> edits.EditOffer:
    with stage.runtime.reading() as session:
        found = edits.get_change(session, stage.artist_id, change_id) if change_id else None
        return edits.offer(session, get_post(session, stage.artist_id, post_id), session.get_one(Release, stage.release_id), found)


def want(stage: Stage, post_id: int, text: str, change_id: int | None = None) -> int:
    with stage.runtime.session() as session:
        post = get_post(session, stage.artist_id, post_id)
        made = edits.want_edit(session, post, text, "Alice", stage.runtime.clock(), change_id)
        assert made.id is not None
        return made.id


def work(stage: Stage, clock: Any, rounds: int = 1, step: timedelta = timedelta(minutes=2)) -> None:
    for number in range(rounds):
        if number:
            clock.at += step
        edit_posts.run(stage.runtime, clock.at)


def row(stage: Stage, edit_id: int) -> PostEdit:
    with stage.runtime.reading() as session:
        return session.get_one(PostEdit, edit_id)


def versions(stage: Stage, post_id: int) -> int:
    remote = stage.post(post_id).remote_id
    return len(requests.get(f"{stage.practice.fediverse_url}/api/v1/statuses/{remote}/history", timeout=5).json())


def delete_there(stage: Stage, post_id: int) -> None:
    with stage.runtime.reading() as session:
        account = session.get_one(Account, stage.account_id)
        token = stage.runtime.vault.open_text(account.token)
    requests.delete(
        f"{stage.practice.fediverse_url}/api/v1/statuses/{stage.post(post_id).remote_id}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=5,
    ).raise_for_status()


def test_a_new_price_is_proposed_and_reaches_the_post(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    before, code = stage.post(post_id).text, codes_in(stage.posted())
    told = fixed(stage)
    offer = offered(stage, post_id, told)
    assert (offer.before, offer.differs, offer.fits, offer.possible, offer.sentences) == (before, True, True, True, ())
    assert "Pay what you want" in offer.before
    assert "€9" in offer.after
    assert "Pay what you want" not in offer.after
    edit = want(stage, post_id, offer.after, told)
    work(stage, clock)
    assert row(stage, edit).state == "done"
    assert stage.posted()[0]["text"] == offer.after == stage.post(post_id).text
    assert codes_in(stage.posted()) == code
    assert len(stage.posted()) == 1
    with stage.runtime.reading() as session:
        last = states.changes_of(session, post_id)[-1]
        assert (last.before, last.after, last.why, last.who) == ("confirmed", "confirmed", "The text was changed", "Alice")
        assert session.get_one(ReleaseChange, told).state == "seen"


def test_words_without_variables_are_left_to_the_artist(stage: Stage, clock: Any) -> None:
    change(stage, price_model="fixed", price_minor=700)
    post_id = out(stage, clock, wording="Seven songs for 7 EUR, only today.\n{link}")
    offer = offered(stage, post_id, fixed(stage))
    assert offer.after == offer.before
    assert offer.sentences == ("It still says “7 EUR”. Change that by hand.",)


def test_where_nothing_fills_itself_in_it_is_said(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock, wording="A new one from me.")
    offer = offered(stage, post_id, fixed(stage))
    assert not offer.differs
    assert "Nothing in these words" in offer.sentences[0]


def test_the_artists_own_words_survive_a_later_change(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    text = stage.post(post_id).text.replace("is out now.", "is out. Recorded in a lighthouse!")
    want(stage, post_id, text)
    work(stage, clock)
    offer = offered(stage, post_id, fixed(stage))
    assert "lighthouse" in offer.after
    assert "€9" in offer.after
    assert "Pay what you want" not in offer.after
    assert offered(stage, post_id).after == text, "without a change nothing of it is touched"


def test_one_offer_for_each_post_about_it(stage: Stage, clock: Any) -> None:
    first, second = out(stage, clock), out(stage, clock)
    waiting = stage.approve(when=clock.at + timedelta(days=1))
    with stage.runtime.reading() as session:
        found = edits.offers_for(session, stage.release_id)
    assert [one.post_id for one in found] == [first, second]
    assert waiting not in [one.post_id for one in found]


def test_a_change_stays_open_until_every_post_that_it_alters_is_changed(stage: Stage, clock: Any) -> None:
    posts = [out(stage, clock), out(stage, clock)]
    told = fixed(stage)
    seen = []
    for post_id in posts:
        want(stage, post_id, offered(stage, post_id, told).after, told)
        work(stage, clock)
        with stage.runtime.reading() as session:
            seen.append(session.get_one(ReleaseChange, told).state)
    assert seen == ["open", "seen"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda text: "  \n ", "a few words"),
        (lambda text: text.replace("/l/", "/x/"), "own link has to stay"),
        (lambda text: text.replace("://", "://www."), "own link has to stay"),
        (lambda text: re.sub(r"(/l/\w+)", r"\1x", text), "own link has to stay"),
        (lambda text: text + "la " * 300, "Too long"),
        (lambda text: text + " {price line}", "not filled in here"),
        (lambda text: text + " http://192.168.1.7/x", "cannot be opened from outside"),
        (lambda text: text + "la " * 9000, "far too long"),
        (lambda text: text, "words it has already"),
    ],
)
def test_what_must_not_go_out_is_refused_and_nothing_is_kept(stage: Stage, clock: Any, make: Any, words: str) -> None:
    post_id = out(stage, clock)
    with pytest.raises(InvalidInput, match=words) as refused:
        want(stage, post_id, make(stage.post(post_id).text))
    assert refused.value.field == "text"
    with stage.runtime.reading() as session:
        assert session.exec(select(PostEdit)).all() == []


def test_a_post_that_carries_the_shops_address_follows_it(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    shop = "https://aoife.bandcamp.example/album/tall-ships"
    with stage.runtime.session() as session:
        post = session.get_one(Post, post_id)
        post.carries, post.text = "shop", re.sub(r"http\S+/l/\w+", shop, post.text)
    with pytest.raises(InvalidInput, match="shop’s address"):
        want(stage, post_id, "No way there")
    offer = offered(stage, post_id, change(stage, "address", url=f"{shop}-2"))
    assert f"{shop}-2\n" in offer.after
    assert f"{shop}\n" not in offer.after
    want(stage, post_id, offer.after)


@pytest.mark.parametrize("state", ["waiting", "due", "claimed", "unknown", "held", "failed", "vanished", "cancelled"])
def test_only_what_is_out_can_be_changed(stage: Stage, clock: Any, state: str) -> None:
    post_id = out(stage, clock)
    with stage.runtime.session() as session:
        session.get_one(Post, post_id).state = state
    assert not offered(stage, post_id).possible
    with pytest.raises(Conflict, match="Only a post that is out"):
        want(stage, post_id, stage.post(post_id).text + "!")


def test_an_old_server_is_named_as_one_that_cannot(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    with stage.runtime.session() as session:
        server = session.exec(select(Server)).one()
        server.facts = {**server.facts, "software": "mastodon", "version": "3.4.1"}
    assert "does not let posts be changed" in offered(stage, post_id).sentences[0]
    with pytest.raises(Conflict, match="does not let posts be changed"):
        want(stage, post_id, stage.post(post_id).text + "!")


def test_two_clicks_are_one_change_and_a_newer_text_takes_the_place(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    text = stage.post(post_id).text
    first = want(stage, post_id, text + "\nOne")
    assert want(stage, post_id, text + "\r\nOne ") == first
    second = want(stage, post_id, text + "\nTwo")
    assert row(stage, first).state == "cancelled"
    work(stage, clock)
    assert row(stage, second).state == "done"
    assert versions(stage, post_id) == 2
    assert str(stage.posted()[0]["text"]).endswith("Two")


def test_never_two_at_once_and_never_the_older_after_the_newer(both_stage: Stage, clock: Any) -> None:
    stage, waits = both_stage, Waits()
    post_id = out(stage, clock)
    text = stage.post(post_id).text
    first = want(stage, post_id, text + "\nOne")
    with stage.runtime.session() as session:
        assert claim_edit(session, first, clock.at, waits) is not None
    with stage.runtime.session() as session:
        assert claim_edit(session, first, clock.at, waits) is None
    second = want(stage, post_id, text + "\nTwo")
    assert row(stage, first).state == "claimed"
    work(stage, clock)
    assert [row(stage, one).state for one in (first, second)] == ["claimed", "wanted"]
    assert versions(stage, post_id) == 1
    clock.forward(minutes=6)  # whoever held the first is dead
    work(stage, clock, 2)
    assert [row(stage, one).state for one in (first, second)] == ["done", "done"]
    assert str(stage.posted()[0]["text"]).endswith("Two")
    assert versions(stage, post_id) == 3


def test_of_many_workers_one_makes_it(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    edit = want(stage, post_id, stage.post(post_id).text + "\nNew")
    with ThreadPoolExecutor(6) as pool:
        took = list(pool.map(lambda _: edit_post(stage.runtime, edit), range(6)))
    assert sorted(took) == [False] * 5 + [True]
    assert row(stage, edit).state == "done"
    assert versions(stage, post_id) == 2


def test_a_change_can_be_called_back_until_it_is_on_its_way(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    edit = want(stage, post_id, stage.post(post_id).text + "!")
    with stage.runtime.session() as session:
        edits.cancel_edit(session, edits.get_edit(session, stage.artist_id, edit), clock.at)
    work(stage, clock)
    assert versions(stage, post_id) == 1
    other = want(stage, post_id, stage.post(post_id).text + "?")
    work(stage, clock)
    with stage.runtime.session() as session, pytest.raises(Conflict):
        edits.cancel_edit(session, edits.get_edit(session, stage.artist_id, other), clock.at)


def test_another_artists_changes_are_not_there(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    edit, told = want(stage, post_id, stage.post(post_id).text + "!"), fixed(stage)
    with stage.runtime.reading() as session:
        with pytest.raises(NotFound):
            edits.get_edit(session, stage.artist_id + 1, edit)
        with pytest.raises(NotFound):
            edits.get_change(session, stage.artist_id + 1, told)


@pytest.mark.parametrize(
    ("trouble", "made_at_once"),
    [
        ("executed_answer_lost", True),
        ("executed_504", True),
        ("executed_html_200", True),
        ("answer_lost", False),
        ("not_executed_503", False),
        ("cloudflare_520", False),
        ("id_less_200", False),
        ("empty_list_200", False),
        ("rate_limited", False),
    ],
)
def test_after_any_passing_trouble_it_is_made_once(stage: Stage, clock: Any, trouble: str, made_at_once: bool) -> None:
    post_id = out(stage, clock)
    text = stage.post(post_id).text + "\nNew"
    edit = want(stage, post_id, text)
    stage.trouble(trouble)
    work(stage, clock)
    assert row(stage, edit).state == "wanted"
    assert row(stage, edit).sentence
    assert versions(stage, post_id) == (2 if made_at_once else 1)
    assert stage.post(post_id).text != text, "nothing is said to be there that nobody has seen"
    work(stage, clock, 4)
    assert row(stage, edit).state == "done"
    assert stage.post(post_id).text == text
    assert versions(stage, post_id) == 2
    assert len(stage.posted()) == 1


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("too_long_422", "refused this change"),
        ("edits_off", "does not let posts be changed"),
        ("edit_ignored", "does not read as you wanted"),
    ],
)
def test_a_clear_no_is_told_and_not_repeated(stage: Stage, clock: Any, trouble: str, words: str) -> None:
    post_id = out(stage, clock)
    before = stage.post(post_id).text
    edit = want(stage, post_id, before + "\nNew")
    stage.trouble(trouble, 0)
    work(stage, clock, 4)
    assert row(stage, edit).state == "failed"
    assert words in row(stage, edit).sentence
    assert stage.post(post_id).text == before
    assert stage.post(post_id).state == "confirmed"
    with stage.runtime.reading() as session:
        assert [one.id for one in edits.failed_edits(session, stage.artist_id)] == [edit]
    stage.trouble("none")
    again = want(stage, post_id, before + "\nNew")
    work(stage, clock)
    assert row(stage, again).state == "done"
    with stage.runtime.reading() as session:
        assert edits.failed_edits(session, stage.artist_id) == []


def test_a_post_deleted_there_is_told_as_gone_and_never_made_anew(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    edit = want(stage, post_id, stage.post(post_id).text + "\nNew")
    delete_there(stage, post_id)
    work(stage, clock, 3)
    assert row(stage, edit).state == "failed"
    assert "not there any more" in row(stage, edit).sentence
    assert stage.post(post_id).state == "vanished"
    assert stage.posted() == []


def test_a_revoked_permission_is_told_and_the_account_asks(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    edit = want(stage, post_id, stage.post(post_id).text + "\nNew")
    stage.trouble("revoked", 0)
    work(stage, clock)
    assert row(stage, edit).state == "failed"
    assert "connected again" in row(stage, edit).sentence
    with stage.runtime.reading() as session:
        assert session.get_one(Account, stage.account_id).state == "reconnect"
    stage.trouble("none")
    with pytest.raises(Conflict, match="connected again"):
        want(stage, post_id, stage.post(post_id).text + "\nNew")


def test_a_server_that_stays_away_is_waited_for_but_not_for_ever(stage: Stage, clock: Any) -> None:
    post_id = out(stage, clock)
    edit = want(stage, post_id, stage.post(post_id).text + "\nNew")
    stage.trouble("down", 0)
    work(stage, clock, 30, timedelta(hours=1))
    assert row(stage, edit).state == "wanted"
    work(stage, clock, 50, timedelta(hours=1))
    assert row(stage, edit).state == "failed"
    assert "For three days" in row(stage, edit).sentence


def test_a_dead_holder_is_followed_by_another(both_stage: Stage, clock: Any) -> None:
    stage = both_stage
    post_id = out(stage, clock)
    edit = want(stage, post_id, stage.post(post_id).text + "\nNew")
    with stage.runtime.session() as session:
        claim_edit(session, edit, clock.at, Waits())
    with stage.runtime.reading() as session:
        assert due_edits(session, clock.at) == []
        assert due_edits(session, clock.forward(minutes=6)) == [edit]
    assert edit_post(stage.runtime, edit)
    assert row(stage, edit).state == "done"
