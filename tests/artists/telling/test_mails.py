"""Mails: one for each happening and member, in their language, at once or in the morning; whatever happens on the way."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from creatorbot.artists.telling import carrier, outbox, wishes
from creatorbot.artists.telling.happenings import SENTENCES
from creatorbot.artists.telling.letters import Addressed, letter
from creatorbot.artists.telling.mailing import send_mail
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Artist, Mail, MailServer, Person, Told, Wish
from tests.artists.telling.conftest import ALICE, Round
from tests.servers.mail import LOGIN, PASSWORD, mail_server


def out(one: Round) -> None:
    """A post is out, and told."""
    one.stage.approve()
    one.stage.work(5, clock=one.clock)
    one.tell()


def ready(one: Round, **wished: str) -> None:
    one.set_server()
    one.wish(**wished)  # type: ignore[arg-type]
    one.mail()


def test_a_mail_comes_once_with_a_link_and_a_way_out(both: Round) -> None:
    ready(both)
    assert [str(one["Subject"]) for one in both.box.mails] == ["Mails about Aoife Marsh from now on"]
    out(both)
    for _ in range(3):
        both.tell()
        both.mail()
    [subject] = both.subjects()
    assert subject.startswith("“Tall Ships” is out on ")
    mail = both.box.mails[-1]
    assert both.box.to == [ALICE, ALICE]
    assert str(mail["From"]) == '"Aoife Marsh (creatorbot)" <news@label.example>'
    plain = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    words = plain.get_content()
    assert subject in words
    assert re.search(r"http://127\.0\.0\.1:8080/posts/\d+\s", words)
    stop = re.search(r"/stop/(\w{32})", words)
    assert stop
    assert stop[0] in str(mail["List-Unsubscribe"])
    assert stop[0] in html.get_content()


def test_of_many_workers_one_sends(both: Round) -> None:
    ready(both)
    out(both)
    both.clock.forward(minutes=1)
    [mail] = [one for one in both.outbox() if one.state == "waiting"]
    with ThreadPoolExecutor(6) as pool:
        took = list(pool.map(lambda _: send_mail(both.runtime, mail.id or 0), range(6)))
    assert sorted(took) == [False] * 5 + [True]
    assert len(both.subjects()) == 1


def test_things_that_happen_together_come_in_one_mail(round_: Round) -> None:
    ready(round_)
    for _ in range(3):
        round_.stage.approve()
    round_.stage.work(5, clock=round_.clock)
    round_.tell()
    round_.mail()
    assert round_.subjects() == ["What happened with Aoife Marsh"]
    body = round_.box.mails[-1].get_body(("plain",))
    assert body is not None
    assert body.get_content().count("is out on") == 3


def test_a_lively_day_brings_a_few_mails_and_not_a_flood(round_: Round) -> None:
    ready(round_)
    for _ in range(40):
        round_.stage.approve()
        round_.stage.work(2, clock=round_.clock)
        round_.tell()
        round_.mail(minutes=2)
    round_.mail(minutes=31)
    assert len(round_.subjects()) <= 8
    bodies = [one.get_body(("plain",)) for one in round_.box.mails]
    assert sum(body.get_content().count("is out on") for body in bodies if body) == 40, "each thing once"


def test_a_mail_server_that_comes_back_is_given_one_mail_and_not_one_for_each_thing(both: Round) -> None:
    ready(both)
    with both.runtime.session() as session:
        session.get_one(MailServer, 1).port = 1
    for _ in range(5):
        out(both)
        both.mail(minutes=10)
    with both.runtime.session() as session:
        session.get_one(MailServer, 1).port = both.box.port
    both.mail(hours=1)
    assert both.subjects() == ["What happened with Aoife Marsh"]
    assert [one.state for one in both.outbox()] == ["sent", "sent"]


@pytest.mark.parametrize("how", ["cut", "killed"])
def test_a_mail_that_may_have_arrived_keeps_its_words(round_: Round, how: str) -> None:
    ready(round_)
    out(round_)
    round_.clock.forward(minutes=1)
    if how == "cut":
        round_.box.answers.append("cut")
        round_.mail()
    else:
        [mail] = [one for one in round_.outbox() if one.state == "waiting"]
        with round_.runtime.session() as session:
            outbox.claim_mail(session, mail.id or 0, round_.clock.at)
        round_.box.answers.append("451 later")
        round_.mail(minutes=16)
    out(round_)
    for _ in range(4):
        round_.mail(minutes=2)
    arrived: dict[str, set[str]] = {}
    for one in round_.box.mails[1:]:
        body = one.get_body(("plain",))
        assert body is not None
        arrived.setdefault(str(one["Message-ID"]), set()).add(body.get_content())
    assert [len(words) for words in arrived.values()] == [1, 1]


def test_only_what_was_ticked(round_: Round) -> None:
    round_.set_server()
    round_.wish(kinds=("trouble",))
    round_.mail()
    out(round_)
    round_.stage.trouble("too_long_422")
    round_.stage.approve()
    round_.stage.work(1)
    round_.tell()
    round_.mail()
    assert [subject for subject in round_.subjects() if "is out" in subject] == []
    assert len(round_.subjects()) == 1


def test_the_daily_mail_comes_in_the_morning_of_the_artists_zone_and_only_with_news(both: Round) -> None:
    ready(both, pace="daily")
    out(both)
    both.stage.approve()
    both.stage.work(5, clock=both.clock)
    both.tell()
    both.mail()
    assert both.subjects() == []
    both.clock.at = datetime(2026, 11, 21, 6, 59, tzinfo=UTC)  # 07:59 in Berlin
    both.tell()
    both.mail(seconds=1)
    assert both.subjects() == []
    both.clock.at = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    for _ in range(2):
        both.tell()
        both.mail(seconds=1)
    assert both.subjects() == ["What happened with Aoife Marsh"]
    both.clock.at = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    both.tell()
    both.mail()
    assert len(both.subjects()) == 1


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]),
)
def test_the_next_morning_is_eight_o_clock_there_within_a_day(at: datetime, zone: str) -> None:
    found = wishes.next_morning(at, zone)
    there = found.astimezone(ZoneInfo(zone))
    assert (there.hour, there.minute) == (8, 0)
    assert 0 < (found - at).total_seconds() <= 25 * 3600


@pytest.mark.parametrize(("said", "arrived"), [("451 later", 1), ("421 closing", 1), ("cut", 2)])
def test_a_mail_that_was_not_surely_taken_goes_again_as_the_same_mail(round_: Round, said: str, arrived: int) -> None:
    ready(round_)
    out(round_)
    round_.box.answers.append(said)
    round_.mail()
    [mail] = [one for one in round_.outbox() if one.kind == "at_once"]
    assert mail.state == "waiting"
    round_.mail(seconds=10)
    assert len(round_.subjects()) == arrived - 1, "not at once"
    round_.mail(minutes=2)
    assert len(round_.subjects()) == arrived
    marks = {str(one["Message-ID"]) for one in round_.box.mails[1:]}
    assert marks == {f"<{mail.message_id}@label.example>"}
    assert [one.state for one in round_.outbox() if one.kind == "at_once"] == ["sent"]


def test_an_address_that_is_refused_is_not_tried_for_ever(round_: Round) -> None:
    ready(round_)
    round_.box.refused[ALICE] = "550 nobody here"
    out(round_)
    round_.mail()
    [mail] = [one for one in round_.outbox() if one.kind == "at_once"]
    assert (mail.state, mail.tries) == ("failed", 1)
    assert ALICE not in str(mail.model_dump())


def test_a_sender_that_died_is_followed_by_another(round_: Round) -> None:
    ready(round_)
    out(round_)
    round_.clock.forward(minutes=1)
    [mail] = [one for one in round_.outbox() if one.state == "waiting"]
    with round_.runtime.session() as session:
        assert outbox.claim_mail(session, mail.id or 0, round_.clock.at) is not None
    round_.mail(minutes=14)
    assert round_.subjects() == []
    round_.mail(minutes=2)
    assert len(round_.subjects()) == 1


def test_a_server_that_is_down_for_days_is_said_on_the_row_and_given_up(round_: Round) -> None:
    ready(round_)
    out(round_)
    with round_.runtime.session() as session:
        session.get_one(MailServer, 1).port = 1
    for _ in range(200):
        round_.mail(minutes=30)
    [mail] = [one for one in round_.outbox() if one.kind == "at_once"]
    assert mail.state == "failed"
    assert 60 < mail.tries < 90
    with round_.runtime.reading() as session:
        assert "does not answer" in session.get_one(MailServer, 1).sentence


def test_without_a_mail_server_no_mail_is_made(round_: Round) -> None:
    round_.wish()
    out(round_)
    assert [one.kind for one in round_.outbox()] == ["hello"]


def test_stopping_empties_the_outbox_and_home_still_tells(round_: Round) -> None:
    ready(round_)
    out(round_)
    with round_.runtime.session() as session:
        wish = session.exec(select(Wish)).one()
        key = wish.stop_key
        wishes.stop(session, wishes.by_stop_key(session, key))
    round_.mail()
    assert round_.subjects() == []
    with round_.runtime.reading() as session:
        assert len(wishes.since_last_look(session, round_.stage.artist_id, None)) == 1
    with round_.runtime.reading() as session, pytest.raises(NotFound):
        wishes.by_stop_key(session, "x" * 32)


def test_a_name_full_of_tricks_makes_no_second_header(round_: Round) -> None:
    with round_.runtime.session() as session:
        session.get_one(Artist, round_.stage.artist_id).name = "Aoife\r\nBcc: all@evil.example"
    ready(round_)
    out(round_)
    round_.mail()
    assert round_.box.to == [ALICE, ALICE]
    assert [one["Bcc"] for one in round_.box.mails] == [None, None]


@settings(deadline=None)
@given(title=st.text(max_size=300), name=st.text(max_size=100), reason=st.text(max_size=300))
def test_any_words_make_a_mail_that_can_be_sent_and_read(title: str, name: str, reason: str) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    told = Told(artist_id=1, about="x", kind="failed", sentence=SENTENCES["failed"][1], at=now, post_id=7)
    told.values = {"title": title, "domain": "home.example", "reason": reason}
    made = letter(
        Addressed(
            mail=Mail(id=1, member_id=1, about="x", kind="at_once", message_id="m" * 24, created_at=now, not_before=now),
            server=MailServer(host="localhost", port=25, security="none", sender="news@label.example", changed_at=now),
            artist=Artist(name=name, slug="a", time_zone="Europe/Berlin", currency="EUR", created_at=now),
            person=Person(login="alice", name="Alice", password_hash="x", created_at=now, language="en"),
            to=ALICE,
            stop_key="s" * 32,
            base="https://label.example",
            told=[told],
            now=now,
        )
    )
    sent = made.as_bytes(policy=SMTP)
    assert sent.isascii()
    assert all(len(line) < 998 for line in sent.split(b"\r\n"))
    read = message_from_bytes(sent, policy=SMTP)
    assert sorted(read.keys()) == sorted(made.keys()), "no word becomes a header"
    assert read["To"] == ALICE
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = read.get_body(("html",))
    assert body is not None
    assert re.findall("<script", body.get_content()) == []
    assert "https://label.example/posts/7" in body.get_content()


def test_the_password_goes_only_where_it_was_typed_for(round_: Round, tmp_path: Path) -> None:
    with mail_server(tmp_path, "none", asks=True) as box:
        round_.box = box
        round_.set_server(login=LOGIN, password=PASSWORD)
        with round_.runtime.reading() as session:
            kept = session.get_one(MailServer, 1).password
        assert kept is not None
        assert PASSWORD.encode() not in kept
        round_.set_server(login=LOGIN, sender="other@label.example")  # nothing typed: the one we have
        round_.wish()
        round_.mail()
        assert len(box.mails) == 1
        with pytest.raises(InvalidInput, match="password"):
            round_.set_server(login=LOGIN, port="2525")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "192.168.1.5", "security": "tls", "port": "465"}, "host"),
        ({"host": "mail example.org", "security": "tls", "port": "465"}, "host"),
        ({"host": "mail.example.org"}, "security"),
        ({"security": "magic"}, "security"),
        ({"port": "0"}, "port"),
        ({"port": "70000"}, "port"),
        ({"port": "٤٦٥"}, "port"),
        ({"host": "mail.example.org", "security": "tls", "port": "6379"}, "port"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "a@b.example\r\nBcc: x@y.example"}, "sender"),
        ({"login": "me"}, "password"),
    ],
)
def test_what_cannot_be_a_mail_server_is_refused_with_its_field(round_: Round, typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        round_.set_server(**typed)
    assert refused.value.field == field
    with round_.runtime.reading() as session:
        assert carrier.carrier(session) is None


@pytest.mark.parametrize(
    "typed",
    [
        "alice",
        "alice@",
        "@home.example",
        "a b@home.example",
        "a@home",
        "a@home.example,b@home.example",
        "ä@home.example",
        "a" * 300 + "@home.example",
        "<a@home.example>",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        wishes.address_typed(typed)


@given(st.text())
def test_no_text_makes_an_address_with_a_line_break(typed: str) -> None:
    try:
        found = wishes.address_typed(typed)
    except InvalidInput:
        return
    assert found.isprintable()
    assert found.count("@") == 1
    assert not set(found) & set(' <>,;\r\n"')


def test_old_mails_are_forgotten(round_: Round) -> None:
    ready(round_)
    with round_.runtime.session() as session:
        outbox.give_up_old(session, round_.clock.forward(days=31))
        assert session.exec(select(Mail)).all() == []
