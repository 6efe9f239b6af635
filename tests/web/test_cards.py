"""What other servers draw of our pages, read as their own software reads them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from creatorbot.models import Account, Cover, Installation, Link, Release
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import FrontDoor
from tests.links import rows
from tests.servers import fetchers
from tests.servers.door import nobody_home
from tests.web.answered import Answered, counted

OURS = "https://music.example.org"
READERS = {
    "mastodon": fetchers.mastodon,
    "pleroma": fetchers.pleroma,
    "misskey": fetchers.misskey,
    "lemmy": fetchers.lemmy,
    "hollo": fetchers.hollo,
    "bluesky": fetchers.bluesky,
    "threads": fetchers.threads,
}
PRICE = "Pay what you want – we suggest €7"


@pytest.fixture
def link(runtime: Runtime) -> Link:
    artist_id = rows.make_artist(runtime)
    release_id = rows.make_release(runtime, artist_id, released_on=runtime.clock().date())
    post_id = rows.make_post(runtime, artist_id, release_id)
    with runtime.session() as session:
        session.add(Installation(id=1, public_url=OURS, public_answered_at=runtime.clock(), created_at=runtime.clock()))
        cover = Cover(
            content_hash="ab" * 20,
            mime="image/jpeg",
            width=900,
            height=900,
            card_width=630,
            card_height=630,
            bytes=3,
            created_at=runtime.clock(),
        )
        session.add(cover)
        session.flush()
        session.get_one(Release, release_id).cover_id = cover.id
        assert session.get_one(Account, 1).handle
    assert post_id
    return rows.make_link(runtime, artist_id, release_id)


def getting(door: FrontDoor) -> fetchers.Get:
    """Requests as a server makes them, to our front door."""

    def get(method: str, url: str, headers: Mapping[str, str]) -> fetchers.Got:
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == OURS
        asked = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
        answer = Answered(door, parts.path, method, bare=True, QUERY_STRING=parts.query, **asked)
        return fetchers.Got(int(answer.status[:3]), {name.lower(): value for name, value in answer.headers.items()}, answer.body)

    return get


@pytest.mark.parametrize("name", READERS)
def test_everybody_draws_title_price_and_cover(runtime: Runtime, link: Link, name: str) -> None:
    door = FrontDoor(nobody_home, runtime, refresh_s=3600)
    card = READERS[name](getting(door), f"{OURS}/l/{link.code}")
    assert card is not None
    assert card.title == "Tall Ships, by Aoife Marsh"
    assert card.description.startswith(PRICE)
    assert card.image == f"{OURS}/cover/{'ab' * 20}.jpg"
    assert card.address in ("", f"{OURS}/l/{link.code}"), "a click on the card comes back by this post's link"
    totals = counted(runtime, link)
    assert totals.people == totals.bot == 0
    assert totals.preview >= 1, "who draws a card is a preview, not a person"


def test_mastodon_finds_everything_it_can_show(runtime: Runtime, link: Link) -> None:
    card = fetchers.mastodon(getting(FrontDoor(nobody_home, runtime, refresh_s=3600)), f"{OURS}/l/{link.code}")
    assert card is not None
    assert card.asked == ["html", "oembed"], "oEmbed is offered, and is not taken for the whole truth"
    assert (card.provider, card.author, card.author_address) == ("Aoife Marsh", "Aoife Marsh", f"{OURS}/@aoife")
    assert card.creator == "@aoife@social.example.org"
    assert (card.language, card.published) == ("en", runtime.clock().date().isoformat())
    assert card.image_alt == "Cover of Tall Ships by Aoife Marsh"
    assert counted(runtime, link).servers == 1, "the second request, for oEmbed, is no visit"


def test_the_card_of_another_release_leads_back_to_that_release(runtime: Runtime, link: Link) -> None:
    with runtime.session() as session:
        session.get_one(Release, link.release_id).state = "announced"
    other = rows.make_release(runtime, link.artist_id, title="Small Boats", state="announced")
    card = fetchers.mastodon(getting(FrontDoor(nobody_home, runtime, refresh_s=3600)), f"{OURS}/l/{link.code}.{other}")
    assert card is not None
    assert (card.title, card.address) == ("Small Boats, by Aoife Marsh", f"{OURS}/l/{link.code}.{other}")


def test_an_old_host_still_gives_cards_that_lead_to_it(runtime: Runtime, link: Link) -> None:
    """A domain we had before and that still points here: its cards keep their own address, not one of another host."""
    inner = getting(FrontDoor(nobody_home, runtime, refresh_s=3600))

    def get(method: str, url: str, headers: Mapping[str, str]) -> fetchers.Got:
        return inner(method, url.replace("https://old.example.net", OURS), headers)

    card = fetchers.mastodon(get, f"https://old.example.net/l/{link.code}")
    assert card is not None
    assert card.address == f"https://old.example.net/l/{link.code}"
