"""The pages about releases, posts, results and money in a real browser: axe finds nothing, nothing is wider than the screen."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from creatorbot.models import Attempt, Checkout, Installation, Post
from tests.browser.conftest import Live, look
from tests.web.desk import House, open_house
from tests.web.links.rows import link, poster

EMPTY = ["/releases", "/compose", "/results", "/results/reach", "/results/rest", "/money", "/links"]


def furnish(house: House) -> dict[str, str]:
    """A little of everything."""
    now = house.runtime.clock()
    release = house.release(description="Eight songs.")
    old = house.release(title="A Song With a Rather Long Name, Live at the Lighthouse", state="held")
    near, far = house.account(), house.account("aoife.marsh", "a-rather-long-server-name.music.example", 2000)
    out, link = house.post(release, near, text="Tall Ships is out https://music.example.org/l/x", remote_url="https://folk.example/1")
    picture, other = house.post(old, far, look="picture")
    waiting, _ = house.post(release, far, "waiting", due_at=now + timedelta(days=2), not_before=now)
    held, _ = house.post(old, near, "held", sentence="Is it there?")
    house.add(Attempt(post_id=held, key="k", text_hash="h", started_at=now, outcome="unknown"))
    house.opened(link, people=12, servers=9), house.opened(other, people=2)
    service = house.service()
    paid = house.payment(
        service, 900, link_id=link, release_id=release, suggested_minor=700, fee_minor=40, net_minor=860, settled_currency="EUR"
    )
    house.payment(service, 1500, link_id=other, currency="USD"), house.payment(service, 300)
    house.payment(service, -900, kind="refund", parent_id=paid, release_id=release)
    house.add(Installation(id=1, public_url="https://music.example.org", public_answered_at=now, created_at=now))
    house.add(
        Checkout(
            artist_id=house.artist_id,
            service_id=service,
            release_id=release,
            link_id=link,
            reference="thanks",
            asked_minor=700,
            currency="EUR",
            state="paid",
            created_at=now,
        )
    )
    draft = str(house.browser().post(f"/releases/{release}/announce").headers["Location"])
    return {
        "releases": "/releases",
        "release": f"/releases/{release}",
        "typed": "/releases/new",
        "changed": f"/releases/{release}/edit",
        "compose": "/compose",
        "desk": draft,
        "post": f"/posts/{out}",
        "picture": f"/posts/{picture}",
        "waiting": f"/posts/{waiting}",
        "held": f"/posts/{held}",
        "results": "/results",
        "result": f"/results/posts/{out}",
        "reach": f"/results/posts/{out}/reach",
        "reach-of-picture": f"/results/posts/{picture}/reach",
        "reach-of-all": "/results/reach",
        "rest": "/results/rest",
        "money": "/money",
        "payment": f"/money/{paid}",
        "tip": f"/tip/{house.code(link)}",
        "thanks": "/thanks/thanks",
        **furnish_links(house, old, service),
    }


def furnish_links(house: House, release: int, service: int) -> dict[str, str]:
    """A poster for a gig that brought something, a link in the bio, and the forms."""
    gig = poster(house, release, label="Festival International des Musiques Improvisées", place="Saint-Julien-en-Genevois")
    bio = link(house, "bio")
    house.opened(gig, people=3), house.payment(service, 700, link_id=gig)
    return {
        "links": "/links",
        "links-of-posts": "/links?of=posts",
        "link-poster": f"/links/{gig}",
        "link-bio": f"/links/{bio}",
        "link-new": "/links/new",
        "link-form": "/links/new?kind=poster",
    }


@pytest.fixture
def house(live: Live, page: Page) -> House:
    """A house on the running service; the page is its owner's."""
    made = open_house(live.runtime)
    cookie = made.browser().client.get_cookie("creatorbot")
    assert cookie is not None
    page.context.add_cookies([{"name": "creatorbot", "value": cookie.value, "url": live.url}])
    return made


def test_pages_with_nothing_on_them(house: House, page: Page) -> None:
    for path in EMPTY:
        page.goto(path)
        look(page, f"empty{path.replace('/', '-')}")


def test_pages_with_a_little_of_everything(house: House, page: Page) -> None:
    for name, path in furnish(house).items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        look(page, name)


def test_pages_that_refuse(house: House, page: Page) -> None:
    pages = furnish(house)
    page.goto("/releases/new")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    look(page, "typed-refused")
    page.goto(pages["link-form"])
    page.get_by_role("button", name="Make the poster").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "link-refused")
    page.goto(pages["desk"])
    page.get_by_label("What you say").fill("long " * 120 + "{link}")
    page.get_by_role("button", name="Post now").click()
    expect(page.get_by_text("Nothing you typed is lost")).to_be_visible()
    look(page, "desk-refused")
    page.goto(pages["tip"])
    page.get_by_label("Or your own amount").fill("nothing much")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "tip-refused")


def test_the_preview_follows_the_typing(house: House, page: Page) -> None:
    page.goto(furnish(house)["desk"])
    page.get_by_label("What you say").fill("Quite new words for {title}: {link}")
    shown = page.locator("#previews article")
    expect(shown.first).to_contain_text("Quite new words for Tall Ships")
    expect(shown).to_have_count(2)
    page.get_by_role("checkbox", name="@aoife.marsh@a-rather").uncheck()
    expect(shown).to_have_count(1)
    page.get_by_label("What you say").fill("{titel}")
    expect(page.locator("#previews .note")).to_contain_text("{titel}")


def test_without_scripts_a_button_does_the_same(house: House, page: Page, live: Live) -> None:
    draft = furnish(house)["desk"]
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=live.url)
    context.add_cookies(
        [{"name": "creatorbot", "value": one["value"], "url": live.url} for one in page.context.cookies() if one["name"] == "creatorbot"]
    )
    plain = context.new_page()
    plain.goto(draft)
    plain.get_by_label("What you say").fill("Quite new words for {title}: {link}")
    plain.get_by_role("button", name="Show preview").click()
    expect(plain.locator("#previews article").first).to_contain_text("Quite new words for Tall Ships")
    expect(plain.get_by_label("What you say")).to_have_value("Quite new words for {title}: {link}")
    plain.get_by_role("button", name="Post now").click()
    expect(plain.get_by_role("main")).to_contain_text("It is on its way")
    context.close()


def test_a_post_that_goes_out_while_one_looks_shows_it(house: House, page: Page) -> None:
    post, _ = house.post(house.release(), house.account(), "due")
    page.goto(f"/posts/{post}")
    expect(page.locator(".state")).to_contain_text("in a moment")
    with house.runtime.session() as session:
        session.get_one(Post, post).state = "confirmed"
    expect(page.locator(".state")).to_contain_text("we have seen it", timeout=20_000)


def test_the_fans_page_can_be_used_with_the_keyboard(house: House, page: Page) -> None:
    page.goto(furnish(house)["tip"])
    page.locator("input[name=amount]:checked").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=amount]:checked").input_value() == "1200"
    page.keyboard.press("Tab")
    page.keyboard.type("15")
    expect(page.get_by_label("Or your own amount")).to_have_value("15")
