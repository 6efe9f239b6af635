"""What every network adapter must do with every server it claims to speak to: one story, told to any counterpart.

A test module makes a Counterpart and a fixture of that name, and inherits ByBrowserContract or ByFieldsContract.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from PIL import Image

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.base import Account, App, ByBrowser, ByFields, Draft, Grant, Network, Picture, RemoteAccount, ServerFacts
from creatorbot.security.http import Door

REDIRECT = "http://127.0.0.1:8000/connections/mastodon/return"
VERIFIER = "v" * 60
PUBLIC = "https://label.example/cover.jpg"


def nobody(_address: str) -> str:
    """For networks where no browser is needed."""
    raise AssertionError("nobody was to be asked")


@dataclass
class Counterpart:
    """A server to be met. say_yes(authorize address) plays the person's browser: it gives the address it is sent back to.

    checks_codes: whether it refuses a code used twice (some stand-ins do not). fields: what a person types besides `typed`, by name.
    """

    network: Network
    typed: str
    door: Door
    say_yes: Callable[[str], str] = nobody
    checks_codes: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def facts(self) -> ServerFacts:
        """Discovered once."""
        return self.network.discover(self.network.server_address(self.typed, self.door), self.door)

    @property
    def by_browser(self) -> ByBrowser:
        """The network as one where the person goes to a page."""
        assert isinstance(self.network, ByBrowser)
        return self.network

    @cached_property
    def app(self) -> App:
        """Registered once: servers limit it."""
        return self.by_browser.register(self.facts, REDIRECT, self.door, self.fields)

    def code(self, state: str = "a-state", verifier: str = VERIFIER) -> str:
        """The code a person brings back."""
        back = self.say_yes(self.by_browser.authorize_address(self.facts, self.app, state, verifier))
        assert back.startswith(REDIRECT)
        brought = parse_qs(urlsplit(back).query)
        assert brought["state"] == [state]
        return brought[self.network.connecting.returns][0]

    def exchange(self, code: str, verifier: str = VERIFIER) -> Grant:
        """A code for a permission."""
        return self.by_browser.exchange(self.facts, self.app, code, verifier, self.door)

    @cached_property
    def grant(self) -> Grant:
        """The permission."""
        if isinstance(self.network, ByFields):
            where = self.network.connecting.where
            typed = {where.name: self.typed} if where else {}
            return self.network.log_in(self.facts, {**typed, **self.fields}, self.door)
        return self.exchange(self.code())

    @cached_property
    def who(self) -> RemoteAccount:
        """The person."""
        return self.network.whoami(self.facts, self.grant.token, self.door)

    @cached_property
    def account(self) -> Account:
        """The connected account."""
        facts = self.facts
        return Account(facts.base_url, facts.software, facts.version, self.grant.token, self.who.remote_id, facts.limits)


def cover() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 80, 20)).save(out, "JPEG")
    return out.getvalue()


def draft(words: str = "Out now: Tall Ships") -> Draft:
    """A status with a link of its own."""
    marker = f"https://label.example/l/{uuid4().hex[:10]}"
    return Draft(text=f"{words}\n\n{marker}\n\n#NewMusic", marker=marker, language="en")


def offers(counterpart: Counterpart, visibility: str) -> None:
    """Leaves out what this software has not."""
    if visibility not in counterpart.network.profile(counterpart.facts.software).visibilities:
        pytest.skip(f"{counterpart.facts.software} has no {visibility} posts")


def changes(counterpart: Counterpart, wanted: Draft, remote_id: str) -> bool:
    """Whether posts can be changed there. Where they cannot, asking for it says so and touches nothing."""
    if counterpart.network.profile(counterpart.facts.software).can_edit(counterpart.facts.version):
        return True
    with pytest.raises(ServiceError) as caught:
        counterpart.network.edit(replace(wanted, text=f"Changed. {wanted.text}"), counterpart.account, remote_id, door=counterpart.door)
    assert (caught.value.kind, caught.value.status) == ("refused", 405)
    assert counterpart.network.edit(wanted, counterpart.account, remote_id, door=counterpart.door).differs == ()
    return False


class NetworkContract:
    """The story of every network. Subclasses give the fixture `counterpart`."""

    def test_it_describes_itself(self, counterpart: Counterpart) -> None:
        facts = counterpart.facts
        assert facts.base_url
        assert not facts.base_url.endswith("/")
        assert facts.title
        assert facts.software == facts.software.lower()
        assert facts.version
        assert facts.limits.characters >= 300
        assert facts.limits.url_length >= 0

    def test_somebody_is_connected(self, counterpart: Counterpart) -> None:
        assert counterpart.grant.token
        assert counterpart.who.remote_id
        assert counterpart.who.handle.startswith("@")
        assert counterpart.who.url.startswith("http")
        assert counterpart.who.visibility in ("public", "unlisted", "private")

    def test_the_page_that_connects_says_what_was_tried_and_where(self, counterpart: Counterpart) -> None:
        says = counterpart.network.connecting
        assert all((says.about, says.question, says.lead, says.after, says.tried))
        names = [one.name for one in says.all_asks]
        assert len(set(names)) == len(names)
        assert isinstance(counterpart.network, ByBrowser) != isinstance(counterpart.network, ByFields)

    @pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
    def test_a_post_appears_as_asked(self, counterpart: Counterpart, visibility: str) -> None:
        offers(counterpart, visibility)
        wanted = replace(draft(), visibility=visibility)  # type: ignore[arg-type]
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        assert made.remote_id
        assert made.url
        assert (made.visibility, made.pictures, made.differs) == (visibility, 0, ())
        assert made.created_at is not None
        assert abs(made.created_at - datetime.now(UTC)) < timedelta(minutes=5)
        again = counterpart.network.get(counterpart.account, made.remote_id, counterpart.door)
        assert again is not None
        assert again.remote_id == made.remote_id

    def test_a_picture_comes_along(self, counterpart: Counterpart) -> None:
        described = "A tall ship at sunset — " + "very " * 400 + "long 🚢"
        wanted = replace(draft(), picture=Picture(cover(), "image/jpeg", described, address=PUBLIC))
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        assert (made.pictures, made.differs) == (1, ())

    def test_a_content_warning_comes_along(self, counterpart: Counterpart) -> None:
        made = counterpart.network.publish(
            replace(draft(), content_warning="Loud"), counterpart.account, key=uuid4().hex, door=counterpart.door
        )
        assert made.differs == ()

    @pytest.mark.parametrize("visibility", ["public", "private"])
    def test_the_words_of_a_post_are_changed_and_the_rest_stays(self, counterpart: Counterpart, visibility: str) -> None:
        offers(counterpart, visibility)
        wanted = replace(draft(), visibility=visibility, content_warning="Loud")  # type: ignore[arg-type]
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        if not changes(counterpart, wanted, made.remote_id):
            return
        newer = replace(wanted, text=wanted.text.replace("Out now", "Free this week & on"))
        for _ in range(2):  # the second one finds the words there already
            changed = counterpart.network.edit(newer, counterpart.account, made.remote_id, door=counterpart.door)
            assert (changed.remote_id, changed.visibility, changed.differs) == (made.remote_id, visibility, ())
        found = counterpart.network.find(counterpart.account, wanted.marker, datetime.now(UTC), counterpart.door)
        assert found is not None
        assert found.remote_id == made.remote_id

    def test_a_picture_stays_when_the_words_change(self, counterpart: Counterpart) -> None:
        wanted = replace(draft(), picture=Picture(cover(), "image/jpeg", "A tall ship", address=PUBLIC))
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        if not changes(counterpart, wanted, made.remote_id):
            return
        newer = replace(wanted, text=wanted.text.replace("Out now", "Free"), picture=None)
        changed = counterpart.network.edit(newer, counterpart.account, made.remote_id, door=counterpart.door)
        assert (changed.pictures, changed.differs) == (1, ())

    def test_what_is_not_there_is_not_made_by_changing_it(self, counterpart: Counterpart) -> None:
        wanted = draft()
        with pytest.raises(ServiceError) as caught:
            counterpart.network.edit(wanted, counterpart.account, "99999999", door=counterpart.door)
        assert (caught.value.kind, caught.value.status) == ("refused", 410)
        assert counterpart.network.find(counterpart.account, wanted.marker, datetime.now(UTC), counterpart.door) is None

    def test_our_own_post_is_found_by_its_link(self, counterpart: Counterpart) -> None:
        began = datetime.now(UTC)
        wanted, other = draft(), draft("Another one")
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        counterpart.network.publish(other, counterpart.account, key=uuid4().hex, door=counterpart.door)
        found = counterpart.network.find(counterpart.account, wanted.marker, began, counterpart.door)
        assert found is not None
        assert (found.remote_id, found.visibility) == (made.remote_id, "public")

    def test_a_later_message_goes_on_from_the_first_and_is_found(self, counterpart: Counterpart) -> None:
        first = counterpart.network.publish(draft(), counterpart.account, key=uuid4().hex, door=counterpart.door)
        wanted = replace(draft("And the other side"), reply_to=first.remote_id)
        second = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        assert second.differs == ()
        found = counterpart.network.find(counterpart.account, wanted.marker, datetime.now(UTC), counterpart.door)
        assert found is not None
        assert found.remote_id == second.remote_id != first.remote_id

    def test_followers_only_posts_are_found_too(self, counterpart: Counterpart) -> None:
        offers(counterpart, "private")
        wanted = replace(draft(), visibility="private")
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        found = counterpart.network.find(counterpart.account, wanted.marker, datetime.now(UTC), counterpart.door)
        assert found is not None
        assert found.remote_id == made.remote_id

    def test_what_was_never_posted_is_absent(self, counterpart: Counterpart) -> None:
        counterpart.network.publish(draft(), counterpart.account, key=uuid4().hex, door=counterpart.door)
        marker = "https://label.example/l/never"
        assert counterpart.network.find(counterpart.account, marker, datetime.now(UTC), counterpart.door) is None

    def test_a_longer_code_is_not_ours(self, counterpart: Counterpart) -> None:
        wanted = draft()
        counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        assert counterpart.network.find(counterpart.account, wanted.marker[:-1], datetime.now(UTC), counterpart.door) is None

    def test_a_post_that_is_not_there_is_none(self, counterpart: Counterpart) -> None:
        assert counterpart.network.get(counterpart.account, "99999999", counterpart.door) is None

    def test_a_healthy_account_is_ok(self, counterpart: Counterpart) -> None:
        assert counterpart.network.check(counterpart.account, counterpart.door).state == "ok"

    def test_a_wrong_token_is_revoked(self, counterpart: Counterpart) -> None:
        stranger = replace(counterpart.account, token="wrong")
        health = counterpart.network.check(stranger, counterpart.door)
        assert health.state == "revoked"
        assert "connect the account again" in health.detail
        with pytest.raises(ServiceError) as caught:
            counterpart.network.publish(draft(), stranger, key=uuid4().hex, door=counterpart.door)
        assert caught.value.kind == "revoked"
        made = counterpart.network.publish(draft(), counterpart.account, key=uuid4().hex, door=counterpart.door)
        with pytest.raises(ServiceError) as caught:
            counterpart.network.edit(draft(), stranger, made.remote_id, door=counterpart.door)
        assert caught.value.kind == "revoked"
        with pytest.raises(ServiceError) as caught:
            counterpart.network.whoami(counterpart.facts, "wrong", counterpart.door)
        assert caught.value.kind == "revoked"

    def test_only_the_admitted_place_is_reached(self, counterpart: Counterpart) -> None:
        with pytest.raises(InvalidInput) as caught:
            counterpart.network.discover(counterpart.facts.base_url, Door())
        assert caught.value.field == (counterpart.network.connecting.where.name if counterpart.network.connecting.where else "")
        with pytest.raises(ServiceError) as refused:
            counterpart.network.publish(draft(), counterpart.account, key="k", door=Door())
        assert refused.value.kind == "unreached"


class ByBrowserContract(NetworkContract):
    """The story of a network where a person goes to the server's own page and says yes."""

    def test_a_person_says_yes(self, counterpart: Counterpart) -> None:
        assert counterpart.facts.authorize_url.startswith("http")
        assert counterpart.app.client_id
        assert counterpart.app.redirect_uri == REDIRECT
        given = counterpart.grant.scopes
        assert not given or "write:statuses" in given or "write" in given

    def test_a_code_works_once(self, counterpart: Counterpart) -> None:
        code = counterpart.code(verifier="w" * 60)
        assert counterpart.exchange(code, "w" * 60).token
        if counterpart.checks_codes:
            with pytest.raises(ServiceError) as caught:
                counterpart.exchange(code, "w" * 60)
            assert caught.value.kind == "refused"

    def test_nonsense_instead_of_a_code_is_refused(self, counterpart: Counterpart) -> None:
        with pytest.raises(ServiceError) as caught:
            counterpart.exchange("nonsense")
        assert caught.value.kind == "refused"
        assert "connect once more" in str(caught.value)


class ByFieldsContract(NetworkContract):
    """The story of a network where a person types a name and a password made for us. Of the fields the last secret one is the password."""

    def test_a_wrong_password_is_refused_by_its_field(self, counterpart: Counterpart) -> None:
        assert isinstance(counterpart.network, ByFields)
        secret = [one.name for one in counterpart.network.connecting.all_asks if one.secret][-1]
        where = counterpart.network.connecting.where
        typed = {**counterpart.fields, **({where.name: counterpart.typed} if where else {}), secret: "aaaa-bbbb-cccc-dddd"}
        with pytest.raises(InvalidInput) as caught:
            counterpart.network.log_in(counterpart.facts, typed, counterpart.door)
        assert caught.value.field == secret
