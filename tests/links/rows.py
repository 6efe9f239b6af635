"""An artist, a release and links, as few rows as these tests need, and requests as different clients send them."""

from creatorbot.links.codes import new_link
from creatorbot.models import Account, Announcement, Artist, Link, Post, Release, ReleasePlace, Server
from creatorbot.runtime import Runtime

SAFARI_IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; de_DE; de; scale=3.00; 1179x2556; IABMV/1)"
)
CUBOT = (
    "Mozilla/5.0 (Linux; Android 10; CUBOT X30 Build/QP1A.190711.020; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/120.0.6099.144 Mobile Safari/537.36"
)
AKKOMA = "Akkoma 3.15.2; https://social.example.org <admin@example.org>; Bot"

BROWSED = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "de-DE,de;q=0.9"}
NAVIGATED = {**BROWSED, "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document", "HTTP_SEC_FETCH_SITE": "cross-site"}


def mastodon(host: str) -> str:
    """The user agent of a Mastodon server fetching a page."""
    return f"Mastodon/4.5.3 (http.rb/5.3.1; +https://{host}/) Bot"


def make_artist(runtime: Runtime, **more: object) -> int:
    """An artist; her id."""
    given: dict[str, object] = {"name": "Aoife Marsh", "slug": "aoife", "suggested_minor": 700, "minimum_minor": 100, **more}
    with runtime.session() as session:
        artist = Artist(created_at=runtime.clock(), **given)
        session.add(artist)
        session.flush()
        assert artist.id is not None
        return artist.id


def make_release(runtime: Runtime, artist_id: int, **more: object) -> int:
    """A pay-what-you-want album; its id."""
    now = runtime.clock()
    given: dict[str, object] = {
        "title": "Tall Ships",
        "artist_name": "Aoife Marsh",
        "kind": "album",
        "url": "https://aoife.bandcamp.com/album/tall-ships",
        "tracks": 8,
        "price_model": "pay_what_you_want",
        "price_currency": "EUR",
        "licence": "CC-BY-SA-4.0",
        "first_seen_at": now,
        "changed_at": now,
        **more,
    }
    with runtime.session() as session:
        release = Release(artist_id=artist_id, **given)
        session.add(release)
        session.flush()
        assert release.id is not None
        return release.id


def make_place(runtime: Runtime, link: Link, url: str) -> int:
    """Another place where the release of this link can be had; its id."""
    now = runtime.clock()
    given = {"url": url, "url_key": url, "kind": "mirlo", "first_seen_at": now, "seen_at": now}
    with runtime.session() as session:
        place = ReleasePlace(artist_id=link.artist_id, release_id=link.release_id, **given)
        session.add(place)
        session.flush()
        return place.id or 0


def make_link(runtime: Runtime, artist_id: int, release_id: int) -> Link:
    """A link of its own."""
    with runtime.session() as session:
        return new_link(session, artist_id=artist_id, release_id=release_id, now=runtime.clock())


def make_post(runtime: Runtime, artist_id: int, release_id: int) -> int:
    """A waiting post on an account of the artist; its id."""
    now = runtime.clock()
    with runtime.session() as session:
        server = Server(
            network="mastodon", base_url="https://social.example.org", redirect_uri="https://music.example.org/back", checked_at=now
        )
        announcement = Announcement(artist_id=artist_id, release_id=release_id, wording="{title}", created_at=now, changed_at=now)
        session.add_all([server, announcement])
        session.flush()
        account = Account(
            artist_id=artist_id,
            server_id=server.id or 0,
            network="mastodon",
            remote_id="1",
            handle="aoife@social.example.org",
            name="Aoife",
            url="https://social.example.org/@aoife",
            token=b"sealed",
            connected_at=now,
        )
        session.add(account)
        session.flush()
        post = Post(
            artist_id=artist_id,
            announcement_id=announcement.id or 0,
            account_id=account.id or 0,
            due_at=now,
            not_before=now,
            expires_at=now,
            changed_at=now,
        )
        session.add(post)
        session.flush()
        assert post.id is not None
        return post.id


def environ(method: str = "GET", user_agent: str = FIREFOX, address: str = "203.0.113.9", **headers: str) -> dict[str, str]:
    """A request as a WSGI server hands it over."""
    return {"REQUEST_METHOD": method, "REMOTE_ADDR": address, "HTTP_HOST": "music.example.org", "HTTP_USER_AGENT": user_agent, **headers}
