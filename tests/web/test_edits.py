"""Changing the text of a post that is out: both texts shown, what must not go out refused with its words kept, and what became of it."""

from datetime import timedelta

import pytest

from creatorbot.models import Post, PostEdit, Release, ReleaseChange, Server
from creatorbot.runtime import Runtime
from tests.web.desk import House, fields, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def made(house: House, state: str = "confirmed", **more: object) -> tuple[int, str]:
    """A post that is out, made from our proposed wording's kind, and the address it carries."""
    post, link = house.post(house.release(), house.account(), state, remote_id="77", **more)
    address = f"https://aoife.example/l/{house.code(link)}"
    with house.runtime.session() as session:
        row = session.get_one(Post, post)
        row.text = f"Tall Ships is out\n{address}"
    return post, address


def change(house: House, **after: object) -> int:
    """The post's release gets a new price, or what else is told; the change's id."""
    with house.runtime.session() as session:
        release = session.get_one(Release, 1)
        before = {name: getattr(release, name) for name in after}
        for name, value in after.items():
            setattr(release, name, value)
    at = house.runtime.clock()
    return house.add(ReleaseChange(artist_id=house.artist_id, release_id=1, at=at, what="title", before=before, after=after))


def edit_row(house: House, post: int, state: str, **more: object) -> int:
    now = house.runtime.clock()
    given = {"before": "a", "text": "Tall Ships, again", "who": "Alice", "created_at": now, "not_before": now, **more}
    return house.add(PostEdit(artist_id=house.artist_id, post_id=post, state=state, **given))


def test_what_it_says_and_what_it_could_say_stand_side_by_side(house: House) -> None:
    post, address = made(house)
    told, browser = change(house, title="Taller Ships"), house.browser()
    page = browser.get(f"/posts/{post}/edit?change={told}")
    shown = [node.text(strip=True) for node in page.css("article.post .body")]
    assert shown[0].startswith("Tall Ships is out")
    assert shown[1].startswith("Taller Ships is out")
    form = fields(page)
    assert form["text"] == f"Taller Ships is out\n{address}"
    assert form["change"] == str(told)
    assert "of 500 on folk.example" in words(page, "#previews")


def test_it_is_kept_and_the_posts_page_says_how_it_goes_on(house: House) -> None:
    post, address = made(house)
    browser = house.browser()
    form = fields(browser.get(f"/posts/{post}/edit")) | {"text": f"Listen!\r\n{address}"}
    assert browser.post(f"/posts/{post}/edit", **form).headers["Location"] == f"/posts/{post}"
    page = browser.get(f"/posts/{post}")
    assert "changed in a moment" in words(page)
    assert words(page, "#changes").startswith("Changes of its text waits its turn (Owner)")
    assert house.read(PostEdit, 1).text == f"Listen!\n{address}"
    browser.post(f"/posts/{post}/edits/1/cancel")
    assert house.read(PostEdit, 1).state == "cancelled"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "a few words"), ("Listen!", "own link has to stay"), ("Listen! {title}", "not filled in here"), ("la " * 400, "Too long")],
)
def test_what_must_not_go_out_is_told_at_the_text_which_is_kept(house: House, text: str, said: str) -> None:
    post, address = made(house)
    typed = text if "link" in said or not text else f"{text} {address}"
    browser = house.browser()
    browser.get(f"/posts/{post}/edit")
    browser.post(f"/posts/{post}/edit", 422, text=typed)
    assert said in browser.last.text
    assert typed.strip() in browser.last.text
    assert 'aria-invalid="true"' in browser.last.text


def test_the_preview_follows_the_typing_and_keeps_nothing(house: House) -> None:
    post, _ = made(house)
    browser = house.browser()
    browser.get(f"/posts/{post}/edit")
    answer = browser.post(f"/posts/{post}/edit/preview", 200, headers={"X-Fragment": "previews"}, text="Hello <b> #Folk")
    assert "<html" not in answer.text
    assert "Hello &lt;b&gt;" in answer.text
    assert "15 of 500" in answer.text
    whole = browser.post(f"/posts/{post}/edit/preview", 200, text="Hello")
    assert "<html" in whole.text
    assert ">\nHello</textarea>" in whole.text


@pytest.mark.parametrize("state", ["waiting", "vanished", "failed"])
def test_what_is_not_out_has_no_way_there(house: House, state: str) -> None:
    post, _ = made(house, state)
    browser = house.browser()
    assert browser.get(f"/posts/{post}").css_first(f"a[href='/posts/{post}/edit']") is None
    page = browser.get(f"/posts/{post}/edit")
    assert "Only a post that is out" in words(page, ".note")
    assert page.css_first("textarea") is None
    browser.post(f"/posts/{post}/edit", 409, text="x")


def test_a_server_that_cannot_is_named_before_anybody_types(house: House) -> None:
    post, _ = made(house)
    with house.runtime.session() as session:
        server = session.get_one(Server, 1)
        server.facts = {**server.facts, "version": "3.3.0"}
    page = house.browser().get(f"/posts/{post}")
    assert "folk.example does not let posts be changed" in words(page)
    assert page.css_first(f"a[href='/posts/{post}/edit']") is None


def test_a_failed_change_is_tried_again_or_left(house: House) -> None:
    post, address = made(house)
    edit = edit_row(house, post, "failed", text=f"Again {address}", sentence="The server refused this change.")
    browser = house.browser()
    page = browser.get(f"/posts/{post}")
    assert "The server refused this change." in words(page, "#changes")
    assert [node.text(strip=True) for node in page.css("#changes button")] == ["Try again", "Leave it"]
    browser.post(f"/posts/{post}/edits/{edit}/again")
    assert house.read(PostEdit, edit + 1).state == "wanted"
    browser.post(f"/posts/{post}/edits/{edit}/cancel")
    assert house.read(PostEdit, edit).state == "cancelled"


def test_home_asks_about_a_failed_change_until_somebody_has_looked(house: House) -> None:
    post, _ = made(house)
    edit = edit_row(house, post, "failed", sentence="The server refused this change.")
    browser = house.browser()
    page = browser.get("/")
    assert "The server refused this change." in words(page)
    assert page.css_first(f"a[href='/posts/{post}#changes']") is not None
    browser.post(f"/posts/{post}/edits/{edit}/cancel")
    assert "refused this change" not in words(browser.get("/"))


def test_one_on_its_way_is_not_called_back(house: House) -> None:
    post, _ = made(house)
    edit = edit_row(house, post, "claimed", lease_until=house.runtime.clock() + timedelta(minutes=5))
    browser = house.browser()
    assert browser.get(f"/posts/{post}").css("#changes button") == []
    browser.post(f"/posts/{post}/edits/{edit}/cancel", 409)
    assert house.read(PostEdit, edit).state == "claimed"


def test_the_page_looks_again_until_it_is_made(house: House) -> None:
    post, _ = made(house)
    browser = house.browser()
    assert browser.get(f"/posts/{post}").css_first("[data-fresh]") is None
    edit = edit_row(house, post, "wanted")
    waiting = browser.get(f"/posts/{post}").css_first("[data-fresh]")
    assert waiting is not None
    with house.runtime.session() as session:
        session.get_one(PostEdit, edit).state = "done"
    ready = browser.get(f"/posts/{post}").css_first("[data-known]")
    assert ready is not None
    assert ready.attributes["data-known"] != waiting.attributes["data-fresh"]


def test_a_viewer_looks_and_a_stranger_sees_nothing(house: House) -> None:
    post, address = made(house)
    edit = edit_row(house, post, "wanted")
    viewer = house.browser("viewer")
    page = viewer.get(f"/posts/{post}")
    assert page.css("#changes button") == []
    assert page.css_first(f"a[href='/posts/{post}/edit']") is None
    viewer.get(f"/posts/{post}/edit", 403)
    viewer.post(f"/posts/{post}/edit", 403, text=f"x {address}")
    other = open_house(house.runtime, name="Somebody", slug="somebody").browser()
    for path in (f"/posts/{post}/edit", f"/posts/{post}/edit?change=1"):
        other.get(path, 404)
    other.post(f"/posts/{post}/edits/{edit}/cancel", 404)


@pytest.mark.parametrize("asked", ["999", "x", "-1", "9" * 40, "٣"])
def test_odd_addresses_break_nothing(house: House, asked: str) -> None:
    post, _ = made(house)
    house.browser().get(f"/posts/{post}/edit?change={asked}", 404 if asked == "999" else 200)
