"""Which feed belongs to a page: what it names, where its software keeps it, and which of several is meant."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.sources.base import Fetched
from creatorbot.sources.discovery import candidates, nodeinfo_address, nodeinfo_software, profile_of, usual_candidates, webfinger_place
from creatorbot.sources.discovery_paths import known_software, software_of, well_known
from creatorbot.sources.feed_link import same_site
from tests.sources.pages import RDF, rss

SITE = "https://aoife.example/music/"


def page(head: str = "", body: str = "", address: str = SITE, **headers: str) -> Fetched:
    html = f"<!DOCTYPE html><html><head><title>Aoife</title>{head}</head><body>{body}</body></html>"
    return Fetched(address, html.encode(), headers={name.replace("_", "-"): value for name, value in headers.items()})


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def made(generator: str) -> str:
    return f'<meta name="generator" content="{generator}">'


def first(told: Fetched) -> str:
    return candidates(told)[0].address


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "application/atom+xml; charset=utf-8", "APPLICATION/RDF+XML", "application/feed+json"]
)
def test_the_feed_that_the_head_names(kind: str) -> None:
    (found,) = candidates(page(link("/feed", kind)))
    assert (found.address, str(found.how)) == ("https://aoife.example/feed", "We found the feed that this page names.")


@pytest.mark.parametrize(
    "head",
    [
        "<link href=/feed type=application/rss+xml rel=alternate>",
        "<LINK REL='Alternate' TYPE='application/rss+xml' HREF='../feed'>",
        '<link rel="alternate" title="A > B" type="application/rss+xml" href="/feed">',
        '<base href="https://aoife.example/deep/er/"><link rel="alternate" type="application/rss+xml" href="../../feed">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">' + link("/feed"),
        '<link rel="alternate" type="application/activity+json" href="/users/a">' + link("/feed"),
        "<!-- " + link("/old-feed") + " -->" + link("/feed"),
        "<script>var a = '" + link("/scripted") + "'</script>" + link("/feed"),
        '<link rel="alternate" type="application/json" href="/feed">',
        '<link rel="stylesheet" type="application/rss+xml" href="/no">' + link("/feed"),
    ],
)
def test_it_is_named_in_many_spellings(head: str) -> None:
    assert [one.address for one in candidates(page(head))] == ["https://aoife.example/feed"]


def test_of_several_the_releases_are_meant_and_the_others_are_told() -> None:
    told = page(
        link("/comments/feed/", title="Aoife » Comments Feed") + link("/feed/", title="Aoife") + link("/releases.atom", title="New albums")
    )
    found = candidates(told)
    assert [one.address.removeprefix("https://aoife.example") for one in found] == ["/releases.atom", "/feed/", "/comments/feed/"]
    assert str(found[0].how) == "This page names several feeds. We took “New albums”; there is also: “Aoife”."


@pytest.mark.parametrize(
    "comments", ["Comments Feed", "Kommentar-Feed", "Flux des commentaires", "Feed de comentarios", "Feed de comentários", "Reacties"]
)
def test_comments_are_never_meant(comments: str) -> None:
    assert first(page(link("/all/comments", title=comments) + link("/feed"))) == "https://aoife.example/feed"


def test_this_pages_own_feed_comes_before_the_whole_sites() -> None:
    assert first(page(link("/feed") + link("/music/feed"), address="https://aoife.example/music")) == "https://aoife.example/music/feed"


def test_the_answers_headers_may_name_it() -> None:
    told = page(
        link='<https://aoife.example/style.css>; rel=preload, </feed.atom>; rel="alternate"; type="application/atom+xml"; title="News"'
    )
    assert [one.address for one in candidates(told)] == ["https://aoife.example/feed.atom"]


def test_a_link_in_the_text_is_the_last_resort_and_only_on_the_same_site() -> None:
    body = (
        '<a href="https://feedly.example/i/subscription/feed/https://aoife.example/feed/">Feedly</a>'
        '<a href="https://friend.example/feed.xml">A friend</a><a href="/about">About</a>'
        '<a href="/comments/feed">Comments</a><a title="Follow" class="rss" href="https://www.aoife.example/podcast.rss">RSS</a>'
    )
    found = candidates(page(body=body))
    assert [one.address for one in found] == ["https://www.aoife.example/podcast.rss", "https://aoife.example/comments/feed"]
    assert str(found[0].how) == "We found a link to a feed on this page."
    assert first(page(link("/feed"), body)) == "https://aoife.example/feed"


def test_a_feed_itself_and_an_empty_page_have_none() -> None:
    assert candidates(Fetched(SITE, rss())) == candidates(Fetched(SITE, RDF)) == candidates(Fetched(SITE, b"")) == candidates(page()) == ()


PEERTUBE = '<meta property="og:platform" content="PeerTube">'
VIDEOS = "https://v.example/feeds/videos.xml"
# software as it marks its pages, a page's address, where the feed is, and what is said.
KEPT = [
    (made("Funkwhale"), "https://pod.example/channels/aoife", "https://pod.example/api/v1/channels/aoife/rss", "Funkwhale channel"),
    (PEERTUBE, "https://v.example/c/aoife/videos", VIDEOS + "?videoChannelName=aoife", "PeerTube channel"),
    (PEERTUBE, "https://v.example/a/aoife/video-channels", VIDEOS + "?accountName=aoife", "PeerTube channel"),
    (PEERTUBE, "https://v.example/video-channels/aoife", VIDEOS + "?videoChannelName=aoife", "PeerTube channel"),
    (made("Castopod v1.12"), "https://pod.example/@aoife", "https://pod.example/@aoife/feed.xml", "Castopod podcast"),
    (made("Castopod v1.12"), "https://pod.example/@aoife/episodes/one", "https://pod.example/@aoife/feed.xml", "Castopod podcast"),
    (made("Mastodon"), "https://s.example/@aoife", "https://s.example/@aoife.rss", "Mastodon account"),
    (made("Mastodon"), "https://s.example/@aoife/115500000000000001", "https://s.example/@aoife.rss", "Mastodon account"),
    (made("gotosocial"), "https://s.example/@aoife", "https://s.example/@aoife/feed.rss", "GoToSocial account"),
    (made("Misskey"), "https://s.example/@aoife", "https://s.example/@aoife.atom", "Misskey account"),
    (made("Friendica 2024.12"), "https://s.example/profile/aoife/profile", "https://s.example/feed/aoife", "Friendica account"),
    (made("Pixelfed"), "https://p.example/aoife", "https://p.example/users/aoife.atom", "Pixelfed account"),
    (made("Akkoma"), "https://s.example/users/aoife", "https://s.example/users/aoife/feed.atom", "Akkoma account"),
    (made("Emissary"), "https://b.example/@0123abc", "https://b.example/@0123abc/feed?format=rss", "Bandwagon artist"),
    (made("WordPress 6.9"), "https://aoife.example/about/", "https://aoife.example/feed/", "WordPress site"),
    (made("WriteFreely"), "https://w.example/aoife/", "https://w.example/aoife/feed/", "WriteFreely site"),
    (made("Faircamp 1.4"), "https://aoife.example/", "https://aoife.example/feed.rss", "Faircamp site"),
    (made("Faircamp 1.4"), "https://aoife.example/shop/", "https://aoife.example/shop/feed.rss", "Faircamp site"),
    ("", "https://mirlo.space/aoife/release/tall-ships", "https://api.mirlo.space/v1/artists/aoife/feed?format=rss", "Mirlo artist"),
    ("", "https://bandwagon.fm/@aoife", "https://bandwagon.fm/@aoife/feed?format=rss", "Bandwagon artist"),
    (made("Owncast"), "https://live.example/", "https://live.example/api/status", "Owncast server"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "address", "feed", "said"), KEPT)
def test_each_software_keeps_its_feed_somewhere(head: str, address: str, feed: str, said: str) -> None:
    found = candidates(page(head, address=address))
    assert found[0].address == feed
    assert said in str(found[0].how)


@pytest.mark.parametrize(
    ("headers", "said"),
    [({"x_powered_by": "PeerTube"}, "peertube"), ({"server": "Mastodon"}, "mastodon"), ({"x_friendica_version": "2024"}, "friendica")],
)
def test_software_marks_its_answers_too(headers: dict[str, str], said: str) -> None:
    assert software_of(page(**headers)) == said
    assert software_of(page()) == ""


def test_a_peertube_channels_own_feed_comes_before_that_of_the_whole_server() -> None:
    told = page(PEERTUBE + link("/feeds/videos.xml", title="Videos"), address="https://v.example/c/aoife")
    assert [one.address.rpartition("/")[2] for one in candidates(told)] == ["videos.xml?videoChannelName=aoife", "videos.xml"]


def test_a_page_that_is_no_profile_has_no_place_of_its_own() -> None:
    assert well_known("https://s.example/about", "mastodon") == well_known("https://v.example/w/abc", "peertube") == ()
    assert well_known("https://s.example/@aoife", "something else") == well_known("", "wordpress") == ()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Mastodon", "mastodon"),
        ("hometown", "mastodon"),
        ("PeerTube - https://x", "peertube"),
        ("WordPress/6.9", "wordpress"),
        ("nginx", ""),
        ("", ""),
    ],
)
def test_names_of_software(told: str, said: str) -> None:
    assert known_software(told) == said


def test_what_a_server_says_it_runs() -> None:
    links = b"""{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://s.example/nodeinfo/2.0"},
      {"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://s.example/nodeinfo/2.1"},
      {"rel":"http://nodeinfo.diaspora.software/ns/schema/9.9","href":"https://evil.example/nodeinfo"}]}"""
    assert nodeinfo_address(Fetched("https://s.example/.well-known/nodeinfo", links)) == "https://s.example/nodeinfo/2.1"
    assert nodeinfo_software(Fetched("", b'{"software":{"name":"gotosocial","version":"0.19"}}')) == "gotosocial"
    for broken in (b"", b"[]", b"{", b'{"links":3}', b'{"software":"x"}', b"<html>"):
        assert nodeinfo_address(Fetched("https://s.example/x", broken)) is None
        assert nodeinfo_software(Fetched("", broken)) == ""


def test_where_an_account_lives() -> None:
    answer = b"""{"subject":"acct:aoife@s.example","links":[{"rel":"self","type":"application/activity+json","href":"https://s.example/users/1"},
      {"rel":"http://webfinger.net/rel/profile-page","type":"text/html","href":"https://s.example/@aoife"}]}"""
    assert profile_of(Fetched("", answer)) == "https://s.example/@aoife"
    assert (
        profile_of(Fetched("", b'{"links":[{"rel":"self","type":"application/activity+json","href":"https://s.example/u"}]}'))
        == "https://s.example/u"
    )
    assert profile_of(Fetched("", b'{"links":[{"rel":"self","type":"application/activity+json","href":"javascript:x"}]}')) is None
    assert webfinger_place("@aoife@s.example") == "https://s.example/.well-known/webfinger?resource=acct:aoife%40s.example"


def test_what_belongs_together() -> None:
    assert same_site("https://mirlo.space/a", "https://api.mirlo.space/b")
    assert same_site("https://www.aoife.example", "https://feeds.aoife.example")
    assert not same_site("https://aoife.example", "https://aoife.example.evil.example")
    assert not same_site("https://a.example", "https://ba.example")
    assert not same_site("", "")


def test_usual_places_are_on_the_page_s_own_host() -> None:
    assert [one.address for one in usual_candidates(page())] == [f"https://aoife.example/{end}" for end in ("feed/", "rss.xml", "feed.xml")]


HEAVY = ['<link "', "<link rel=alternate ", "<!--", "<a href='feed", '<meta name="', "<base ", "<script>", '<a class="rss" href="/feed/']


@pytest.mark.parametrize("piece", HEAVY)
def test_a_page_built_to_be_slow_is_read_all_the_same(piece: str) -> None:
    began = time.process_time()
    candidates(Fetched(SITE, (piece * (1_500_000 // len(piece))).encode()))
    assert time.process_time() - began < 20  # a quadratic pattern would take hours here


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.sampled_from([row[1] for row in KEPT]), st.text(max_size=60))
def test_any_page_gives_web_addresses_or_none(markup: str, href: str, address: str, generator: str) -> None:
    for told in (
        page(markup, markup, address),
        page(link(href), f'<a href="{href}">', address, link=markup),
        page(made(generator), address=address),
    ):
        for one in candidates(told, "peertube"):
            assert one.address.startswith(("http://", "https://"))
            assert str(one.how)
