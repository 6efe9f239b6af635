"""The pages about reach: the sentence, the plot with its table, boosts, the usual ones, the list, and everything together."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from selectolax.parser import HTMLParser

from creatorbot.links.drain import MOST_SERVERS
from creatorbot.models import Reach, ServerMet
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words
from tests.web.reach.rows import boosted, looked, reached_by


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def posted(house: House, days: float, ages: list[float], **more: str) -> tuple[int, int, datetime]:
    """A post of that age and its arrivals: its id, its link's, when it went out."""
    if not house.account_id:
        house.account_id = house.account()
    out = house.runtime.clock() - timedelta(days=days)
    post, link = house.post(house.release(title=more.pop("title", "Tall Ships")), house.account_id, published_at=out, **more)
    if ages:
        reached_by(house, link, ages)
    return post, link, out


def reach(house: House, post: int, query: str = "", role: str = "viewer") -> HTMLParser:
    return house.browser(role).get(f"/results/posts/{post}/reach{query}")


def rows(page: HTMLParser, css: str) -> list[list[str]]:
    return [[" ".join(cell.text(separator=" ").split()) for cell in row.css("td")] for row in page.css(f"{css} tbody tr")]


def test_the_sentence_comes_first(house: House) -> None:
    posted(house, 30, [1.0, 2.0, 3.0])
    post, _, _ = posted(house, 2, [10.0, 61.0, 62.0, 90.0, 5000.0])
    sentence = "It reached 5 servers, 2 of them for the first time. Half of all were there within 2 minutes."
    assert sentence in words(reach(house, post), ".lead")
    assert sentence in words(house.browser().get(f"/results/posts/{post}"), "#servers")


def test_the_first_post_reaches_all_for_the_first_time_and_the_next_nobody_new(house: House) -> None:
    first, _, _ = posted(house, 30, [1.0, 2.0])
    again, _, _ = posted(house, 20, [1.0, 2.0])
    one, _, _ = posted(house, 10, [1.0])
    assert words(reach(house, first), ".lead") == "It reached 2 servers, all of them for the first time."
    assert words(reach(house, again), ".lead") == "It reached 2 servers, all of which you had reached before."
    assert words(reach(house, one), ".lead") == "It reached 1 server, which you had reached before."


def test_the_plot_says_what_it_shows_in_words_and_as_a_table(house: House) -> None:
    post, _, _ = posted(house, 3, [5.0, 50.0, 100.0, 4000.0, 100_000.0])
    page = reach(house, post)
    plots = page.css("#growth svg.plot")
    assert [one.attributes["class"] for one in plots] == ["plot wide", "plot narrow"]
    for plot in plots:
        title, description = (plot.attributes["aria-labelledby"] or "").split()
        assert words(page, f"#{title}") == "Servers reached since the post went out"
        assert "From 3 servers after two minutes to 5 after 2 days" in words(page, f"#{description}")
    assert len({one.attributes["id"] for one in page.css("[id]")}) == len(page.css("[id]"))
    table = {row[0]: row[1] for row in rows(page, "#growth")}
    assert (table["1 minute"], table["2 minutes"], table["1 hour"], table["12 hours"], table["2 days"]) == ("2", "3", "3", "4", "5")
    assert "3 servers came in the first two minutes." in words(page, "#growth")


def test_servers_after_our_boost_and_between_looks(house: House) -> None:
    posted(house, 40, [1.0, 2.0, 3.0, 4.0])
    post, _, out = posted(house, 9, [5.0, 6.0, 1800.0, 4000.0, 7 * 86_400 + 60.0, 7 * 86_400 + 70.0])
    boosted(house, post, house.account("backup", "b.example"), out + timedelta(days=7))
    minute = timedelta(minutes=1)
    looked(house, post, [(out + 10 * minute, 1), (out + 60 * minute, 3), (out + 360 * minute, 3), (out + timedelta(days=8), 4)])
    shown = words(reach(house, post), "#boosts")
    assert "After boost 1, by @backup@b.example, 2 more servers, all of them new to you." in shown
    assert "1 more boost by the first look. Who came by them cannot be told" in shown
    assert "2 more boosts between two looks; in that time came 1 more server, not new to you." in shown
    assert shown.count("between two looks") == 1  # the last one more is our own
    assert "A server never says why it came." in shown
    assert "because of" not in shown
    assert words(reach(house, post), "#growth svg .ink").count("boost 1") == 2


def test_without_boosts_nothing_is_said_of_them(house: House) -> None:
    post, _, _ = posted(house, 3, [1.0])
    assert reach(house, post).css_first("#boosts") is None


def test_usual_is_said_from_three_earlier_posts_on(house: House) -> None:
    for days, many in ((40, 2), (30, 4)):
        posted(house, days, [1.0] * many)
    few, _, _ = posted(house, 20, [1.0] * 6)
    enough, _, _ = posted(house, 10, [1.0] * 3)
    assert "Usual" not in words(reach(house, few))
    assert "Usual at this age is 4: the middle of your last 3 posts on @aoife@folk.example." in words(reach(house, enough))
    other = house.account("aoife", "new.example")
    post, link = house.post(house.release(), other, published_at=house.runtime.clock() - timedelta(days=1))
    reached_by(house, link, [1.0])
    assert "the middle of your last 4 posts, on all your accounts." in words(reach(house, post))


def test_usual_servers_that_did_not_come_are_named(house: House) -> None:
    posted(house, 40, [1.0] * 3), posted(house, 30, [1.0] * 3)
    post, _, _ = posted(house, 20, [1.0, 1.0])
    missing = words(reach(house, post), "#missing")
    assert "3 servers came to more than half of your last 2 posts. 1 of them did not come this time." in missing
    assert "server2.example" in missing
    all_came, _, _ = posted(house, 10, [1.0] * 3)
    assert "and all of them came again" in words(reach(house, all_came), "#missing")
    young, _, _ = posted(house, 0.01, [1.0])
    assert reach(house, young).css_first("#missing") is None


def test_the_list_is_paged_sorted_and_taken_along(house: House) -> None:
    posted(house, 30, [1.0] * 10)
    post, _, _ = posted(house, 2, [float(500 - number) for number in range(230)])
    page = reach(house, post)
    assert len(rows(page, "#all")) == 100
    assert rows(page, "#all")[0][:3] == ["server229.example", "Mastodon", "after 5 minutes"]
    assert "1 to 100 of 230" in words(page, "#all")
    assert len(rows(reach(house, post, "?page=2"), "#all")) == 30
    assert len(rows(reach(house, post, "?page=99999"), "#all")) == 30
    by_name = reach(house, post, "?order=name&page=1")
    assert [row[0] for row in rows(by_name, "#all")] == sorted(f"server{number}.example" for number in range(230))[100:200]
    assert by_name.css_first("#all a[href$='?order=name&page=2#all']") is not None
    assert "1 to 100 of 220" in words(reach(house, post, "?only=new"), "#all")
    table = list(csv.reader(io.StringIO(house.browser().client.get(f"/results/posts/{post}/reach.csv").text)))
    assert table[0] == ["server", "software", "first seen", "new to you"]
    assert len(table) == 231
    assert table[1] == ["server229.example", "mastodon", "2026-11-18 13:04:31+01:00", "yes"]
    assert table[-1][3] == "no"
    only = house.browser().client.get(f"/results/posts/{post}/reach.csv?only=new")
    assert only.text.count("\n") == 221
    assert only.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in only.headers["Content-Disposition"]


def test_a_link_at_its_limit_says_so(house: House) -> None:
    post, link, _ = posted(house, 3, [float(number % 90) for number in range(MOST_SERVERS - 1)])
    assert f"at most {MOST_SERVERS:,} are kept for one link" in words(reach(house, post))
    assert "This link has reached that number" not in words(reach(house, post))
    house.add(Reach(link_id=link, host="last.example", software="mastodon", first_seen_at=house.runtime.clock()))
    assert "This link has reached that number" in words(reach(house, post))
    assert "This link has reached that number" in words(house.browser().get(f"/results/posts/{post}"), "#servers")


def test_software_and_names_are_shown_as_words_only(house: House) -> None:
    post, link, out = posted(house, 3, [1.0])
    for host, software in (("<b>bold</b>.example", "<i>odd</i>"), ("g.example", "gotosocial"), ("q.example", "")):
        house.add(Reach(link_id=link, host=host, software=software, first_seen_at=out))
    page = reach(house, post)
    assert "<b>bold</b>.example" in words(page, "#all")
    assert not page.css("#all td b, #software td i")
    software = words(page, "#software")
    assert "GoToSocial" in software
    assert "they did not say" in software


def test_who_had_the_link_before_the_post_is_said(house: House) -> None:
    post, _, _ = posted(house, 3, [-7200.0, -7000.0, 5.0])
    assert "2 servers had fetched the link before this post went out" in words(reach(house, post))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"look": "picture"}, "servers fetch no preview for a post with a picture"),
        ({"carries": "shop"}, "the shop’s own address instead of a link of ours"),
        ({}, "No server has fetched the card yet."),
        ({"state": "waiting"}, "When this post has gone out"),
    ],
)
def test_where_there_is_nothing_to_show_the_reason_stands(house: House, given: dict[str, str], said: str) -> None:
    post, _ = house.post(house.release(), house.account(), **given)
    assert said in words(reach(house, post))
    assert said in words(house.browser().get(f"/results/posts/{post}"), "#servers")
    assert house.browser().client.get(f"/results/posts/{post}/reach.csv").text.count("\n") == 1


def test_everything_together(house: House) -> None:
    posted(house, 80, [1.0] * 4, title="Old Song")
    posted(house, 15, [1.0] * 6, title="Tall Ships")
    posted(house, 5, [], title="A Drawing", look="picture")
    page = house.browser("viewer").get("/results/reach")
    assert "Your links have reached 6 different servers so far. 2 of them came for the first time this month." in words(page, ".lead")
    assert [[row[0], *row[2:]] for row in rows(page, "#months")] == [
        ["November 2026", "2", "6"],
        ["October 2026", "0", "4"],
        ["September 2026", "4", "4"],
    ]
    figures = {row[0].split(" @")[0]: row[2:] for row in rows(page, "#posts")}
    assert figures == {"A Drawing": ["not measured", "–"], "Tall Ships": ["6", "2"], "Old Song": ["4", "4"]}
    assert house.browser().get("/results").css_first("a[href='/results/reach']") is not None


def test_years_ago_is_one_line(house: House) -> None:
    posted(house, 900, [1.0] * 3), posted(house, 1, [1.0] * 4)
    months = rows(house.browser().get("/results/reach"), "#months")
    assert len(months) == 13
    assert months[0][2:] == ["1", "4"]
    assert months[-1][0] == "before that"
    assert months[-1][2:] == ["3", "3"]
    assert sum(int(row[2]) for row in months) == 4


def test_months_are_the_artists_own(house: House) -> None:
    _, link, _ = posted(house, 30, [])
    met = datetime.fromisoformat("2026-10-31T23:30:00+00:00")  # in Berlin it is November already
    house.add(ServerMet(artist_id=house.artist_id, host="a.example", software="", first_seen_at=met, first_link_id=link))
    assert rows(house.browser().get("/results/reach"), "#months")[0][2:] == ["1", "1"]


def test_before_the_first_post_the_page_offers_one(house: House) -> None:
    assert house.browser().get("/results/reach").css_first("main a.go[href='/compose']") is not None


def test_posts_of_others_are_not_there(house: House) -> None:
    post, _, _ = posted(house, 3, [1.0] * 4)
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/results/posts/{post}/reach", 404)
    stranger.get(f"/results/posts/{post}/reach.csv", 404)
    assert "Tall Ships" not in words(stranger.get("/results/reach"))
    assert "server0.example" not in stranger.get("/results/reach").html  # type: ignore[operator]
    house.browser().get("/results/posts/999999/reach", 404)
    for path in ("/results/reach", f"/results/posts/{post}/reach", f"/results/posts/{post}/reach.csv"):
        assert house.browser("nobody").client.get(path).status_code == 303
