"""Money in the reader's locale, times in the artist's zone, relative when near."""

from datetime import date, timedelta

import pytest
from flask import Flask, g

from creatorbot.amounts import Money
from creatorbot.models import Artist, Heartbeat, Person
from creatorbot.runtime import Runtime
from creatorbot.web.here import Present
from creatorbot.web.house import browsers, choices, pulse, showing
from tests.conftest import TestClock


def as_reader(language: str = "en", zone: str = "Europe/Berlin") -> None:
    """This request is read by somebody with this language, for an artist of this zone."""
    now = TestClock()()
    person = Person(id=1, login="a", name="A", password_hash="x", language=language, created_at=now)
    g.present = Present(1, person, Artist(id=1, name="A", slug="a", time_zone=zone, created_at=now), "owner")


@pytest.mark.parametrize(
    ("language", "money", "short", "shown"),
    [
        ("en", Money(700, "EUR"), False, "€7.00"),
        ("en", Money(700, "EUR"), True, "€7"),
        ("de", Money(700, "EUR"), False, "7,00\xa0€"),
        ("de", Money(700, "EUR"), True, "7\xa0€"),
        ("de", Money(750, "EUR"), True, "7,50\xa0€"),
        ("en", Money(1980, "JPY"), False, "JP¥1,980"),
        ("en", Money(-700, "EUR"), False, "-€7.00"),
        ("de", Money(123456700, "EUR"), True, "1.234.567\xa0€"),
        ("xx", Money(700, "USD"), True, "US$7"),
    ],
)
def test_money(app: Flask, language: str, money: Money, short: bool, shown: str) -> None:
    with app.test_request_context("/"):
        as_reader(language)
        assert showing.money(money, short=short) == shown


def test_times_are_the_artists(app: Flask, clock: TestClock) -> None:
    with app.test_request_context("/"):
        as_reader()
        for away, said in (
            (timedelta(minutes=20), "in 20 minutes"),
            (-timedelta(minutes=4), "4 minutes ago"),
            (timedelta(seconds=5), "just now"),
            (timedelta(days=2, hours=6), "Sunday, 19:00"),
            (timedelta(days=40), "30 Dec 2026, 13:00"),
            (-timedelta(days=30), "21 Oct 2026, 14:00"),
        ):
            shown = str(showing.when(clock() + away))
            assert f">{said}</time>" in shown
            assert 'datetime="2026-' in shown
        assert "Friday 20 November 2026" in showing.exact(clock()).replace(",", "")
        assert "13:00 (Berlin)" in showing.exact(clock())


@pytest.mark.parametrize(
    ("zone", "said"), [("Europe/Dublin", "12:00 (Dublin)"), ("Australia/Adelaide", "(Adelaide)"), ("UTC", "12:00 (UTC)")]
)
def test_a_zone_is_called_by_its_city(app: Flask, clock: TestClock, zone: str, said: str) -> None:
    with app.test_request_context():
        as_reader(zone=zone)
        assert showing.exact(clock()).endswith(said)


def test_numbers_and_days(app: Flask) -> None:
    with app.test_request_context("/"):
        as_reader("de")
        assert showing.number(1234) == "1.234"
        assert showing.number(None) == showing.money(None) == "–"
        assert showing.day(date(2026, 11, 20)) == "20.11.2026"


def test_lists_are_in_the_readers_words(app: Flask) -> None:
    with app.test_request_context("/"):
        as_reader("de")
        assert ("EUR", "EUR – Euro") in choices.currencies()
        assert ("de", "Deutsch") in choices.writing_languages()
    assert ("Europe/Berlin", "Europe – Berlin") in choices.time_zones()


def test_strangers_get_a_language_they_asked_for(app: Flask) -> None:
    answer = app.test_client().get("/login", headers={"Accept-Language": "tlh, en;q=0.5"}, follow_redirects=True)
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", "Safari on an iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("", "a browser"),
        ("curl/8", "a browser"),
    ],
)
def test_browsers_have_plain_names(sent: str, name: str) -> None:
    assert browsers.name_of(sent) == name


def test_the_pulse(runtime: Runtime, clock: TestClock) -> None:
    with runtime.session() as session:
        assert pulse.pulse(session, clock()).well
        session.add(Heartbeat(job="send_posts", started_at=clock(), finished_at=clock()))
        session.add(Heartbeat(job="poll_sources", started_at=clock(), finished_at=clock(), failed=True))
        session.flush()
        assert "tries again" in pulse.pulse(session, clock()).message
        assert pulse.pulse(session, clock()).looked_at == clock()
        assert "not being sent" in pulse.pulse(session, clock() + timedelta(minutes=11)).message
