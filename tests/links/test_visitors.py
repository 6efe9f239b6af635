"""What a request leaves behind: enough to count, too little to follow."""

from datetime import UTC, date, datetime

import orjson
import pytest

from creatorbot.links.visitors import day_salt, forget_salts, referrer_host, visit_line
from creatorbot.models import DaySalt
from creatorbot.runtime import Runtime
from tests.links import rows

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SALT = b"s" * 32


def line(**environ: str) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(visit_line(rows.environ(**environ), "abcd2345", NOW, SALT))
    return found


def test_one_visitor_has_one_hash_and_another_another() -> None:
    assert line()["h"] == line()["h"]
    assert len({str(line(address=f"203.0.113.{n}")["h"]) for n in range(50)}) == 50
    assert line()["h"] != line(user_agent=rows.CHROME)["h"]
    other_day = orjson.loads(visit_line(rows.environ(), "abcd2345", NOW, b"t" * 32))
    assert line()["h"] != other_day["h"]


@pytest.mark.parametrize("header", ["HTTP_SEC_GPC", "HTTP_DNT"])
def test_who_asks_not_to_be_followed_leaves_no_hash(header: str) -> None:
    assert line(**{header: "1"})["h"] == ""
    assert line(**{header: "0"})["h"] != ""


def test_the_line_holds_no_address_no_mail_and_no_path_of_the_referring_page() -> None:
    written = visit_line(
        rows.environ(
            user_agent=rows.AKKOMA,
            address="198.51.100.23",
            HTTP_REFERER="https://me:secret@social.example.org/@alice?mail=a@example.org",
            HTTP_X_FORWARDED_FOR="192.0.2.7",
            HTTP_SEC_FETCH_MODE="198.51.100.23",
            HTTP_SEC_PURPOSE="prefetch; from=a@example.org",
            HTTP_COOKIE="who=alice",
        ),
        "abcd2345",
        NOW,
        SALT,
    )
    for private in (b"198.51", b"192.0.2", b"@", b"alice", b"secret", b"mail"):
        assert private not in written
    assert orjson.loads(written)["r"] == "social.example.org"
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("", ""),
        ("https://Social.Example.org/@a", "social.example.org"),
        ("http://10.0.0.1/", ""),
        ("http://[::1", ""),
        ("nonsense", ""),
        ("android-app://org.joinmastodon.android/", "org.joinmastodon.android"),
    ],
)
def test_only_public_names_are_kept_of_a_referrer(referrer: str, host: str) -> None:
    assert referrer_host(referrer) == host


def test_all_processes_share_a_days_salt_and_it_is_gone_when_the_day_is_over(both_runtime: Runtime) -> None:
    with both_runtime.session() as session:
        first = day_salt(session, date(2026, 11, 20))
    with both_runtime.session() as session:
        assert day_salt(session, date(2026, 11, 20)) == first
        assert day_salt(session, date(2026, 11, 21)) != first
        assert forget_salts(session, datetime(2026, 11, 20, 23, 59, tzinfo=UTC)) == 0
        assert forget_salts(session, datetime(2026, 11, 21, 0, 0, tzinfo=UTC)) == 1
        assert session.get(DaySalt, date(2026, 11, 20)) is None


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ({"HTTP_REFERER": "https://music.example.org/l/abcd2345"}, True),
        ({"HTTP_REFERER": "http://music.example.org/@aoife"}, True),
        ({"HTTP_REFERER": "https://music.example.org/results"}, False),
        ({"HTTP_REFERER": "https://music.example.org.evil.example/l/abcd2345"}, False),
        ({"HTTP_REFERER": "https://evil.example/?music.example.org/l/abcd2345"}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_REFERER": "https://social.example/"}, False),
        ({}, False),
    ],
)
def test_a_line_says_when_the_request_came_from_our_own_page(headers: dict[str, str], own: bool) -> None:
    assert line(**headers).get("s") == (1 if own else None)


def test_what_else_was_shown_or_pressed_is_in_the_line_and_nothing_where_there_was_nothing() -> None:
    more = orjson.loads(visit_line(rows.environ(), "abcd2345", NOW, SALT, button="play", item=0))
    assert (more["b"], more["i"]) == ("play", 0)
    assert {"b", "i", "s"} & line().keys() == set()
