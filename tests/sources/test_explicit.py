"""What a source marks as explicit is known of its release, whichever way it is read."""

import pytest

from creatorbot.sources.base import Fetched
from creatorbot.sources.podcast import Podcast

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Songs</title>{feed}
<item><guid>1</guid><title>Loud</title><link>https://a.example/1</link>{one}</item></channel></rss>{rest}"""


def mark(word: str) -> str:
    return f"<itunes:explicit>{word}</itunes:explicit>"


@pytest.mark.parametrize("rest", ["", "<torn"], ids=["well made", "damaged"])
@pytest.mark.parametrize(
    ("feed", "one", "explicit"),
    [
        ("", mark("true"), True),
        ("", mark("Yes"), True),
        ("", mark("explicit"), True),
        ("", mark("false"), False),
        ("", mark("clean"), False),
        ("", "", False),
        (mark("true"), "", True),
        (mark("no"), mark("no"), False),
    ],
)
def test_the_mark_is_read(feed: str, one: str, explicit: bool, rest: str) -> None:
    page = Fetched(
        "https://a.example/feed", FEED.format(feed=feed, one=one, rest=rest).encode(), headers={"content-type": "application/rss+xml"}
    )
    (release,) = Podcast().read(page).releases
    assert release.explicit is explicit
