"""What every network adapter must do with every server it claims to speak to: one story, told to any counterpart.

A test module makes a Counterpart and a fixture of that name, and inherits NetworkContract.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from PIL import Image

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.base import Account, App, Draft, Grant, Network, Picture, RemoteAccount, ServerFacts
from creatorbot.security.http import Door

REDIRECT = "http://127.0.0.1:8000/connections/mastodon/return"
VERIFIER = "v" * 60


@dataclass
class Counterpart:
    """A server to be met. say_yes(authorize address) plays the person's browser: it gives the address it is sent back to.

    checks_codes: whether it refuses a code used twice (some stand-ins do not).
    """

    network: Network
    typed: str
    door: Door
    say_yes: Callable[[str], str]
    checks_codes: bool = True
    known: dict[str, object] = field(default_factory=dict)

    @cached_property
    def facts(self) -> ServerFacts:
        """Discovered once."""
        return self.network.discover(self.network.server_address(self.typed, self.door), self.door)

    @cached_property
    def app(self) -> App:
        """Registered once: servers limit it."""
        return self.network.register(self.facts, REDIRECT, self.door)

    def code(self, state: str = "a-state") -> str:
        """The code a person brings back."""
        back = self.say_yes(self.network.authorize_address(self.facts, self.app, state, VERIFIER))
        assert back.startswith(REDIRECT)
        brought = parse_qs(urlsplit(back).query)
        assert brought["state"] == [state]
        return brought["code"][0]

    @cached_property
    def grant(self) -> Grant:
        """The permission."""
        return self.network.exchange(self.facts, self.app, self.code(), VERIFIER, self.door)

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


class NetworkContract:
    """The story. Subclasses give the fixture `counterpart`."""

    def test_it_describes_itself(self, counterpart: Counterpart) -> None:
        facts = counterpart.facts
        assert facts.base_url
        assert not facts.base_url.endswith("/")
        assert facts.title
        assert facts.software == facts.software.lower()
        assert facts.version
        assert facts.limits.characters >= 500
        assert facts.limits.url_length > 0
        assert facts.authorize_url.startswith(facts.base_url + "/")
        assert facts.token_url.startswith(facts.base_url + "/")

    def test_a_person_says_yes(self, counterpart: Counterpart) -> None:
        assert counterpart.app.client_id
        assert counterpart.app.redirect_uri == REDIRECT
        assert counterpart.grant.token
        assert "write:statuses" in counterpart.grant.scopes or "write" in counterpart.grant.scopes
        assert counterpart.who.remote_id
        assert counterpart.who.handle.count("@") == 2
        assert counterpart.who.visibility in ("public", "unlisted", "private")

    def test_a_code_works_once(self, counterpart: Counterpart) -> None:
        network = counterpart.network
        code = counterpart.code()
        assert network.exchange(counterpart.facts, counterpart.app, code, VERIFIER, counterpart.door).token
        if counterpart.checks_codes:
            with pytest.raises(ServiceError) as caught:
                network.exchange(counterpart.facts, counterpart.app, code, VERIFIER, counterpart.door)
            assert caught.value.kind == "refused"

    def test_nonsense_instead_of_a_code_is_refused(self, counterpart: Counterpart) -> None:
        with pytest.raises(ServiceError) as caught:
            counterpart.network.exchange(counterpart.facts, counterpart.app, "nonsense", VERIFIER, counterpart.door)
        assert caught.value.kind == "refused"
        assert "connect once more" in str(caught.value)

    @pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
    def test_a_post_appears_as_asked(self, counterpart: Counterpart, visibility: str) -> None:
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
        wanted = replace(draft(), picture=Picture(cover(), "image/jpeg", "A tall ship at sunset — " + "very " * 400 + "long 🚢"))
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        assert (made.pictures, made.differs) == (1, ())

    def test_a_content_warning_comes_along(self, counterpart: Counterpart) -> None:
        made = counterpart.network.publish(
            replace(draft(), content_warning="Loud"), counterpart.account, key=uuid4().hex, door=counterpart.door
        )
        assert made.differs == ()

    @pytest.mark.parametrize("visibility", ["public", "private"])
    def test_the_words_of_a_post_are_changed_and_the_rest_stays(self, counterpart: Counterpart, visibility: str) -> None:
        wanted = replace(draft(), visibility=visibility, content_warning="Loud")  # type: ignore[arg-type]
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
        newer = replace(wanted, text=wanted.text.replace("Out now", "Free this week & on"))
        for _ in range(2):  # the second one finds the words there already
            changed = counterpart.network.edit(newer, counterpart.account, made.remote_id, door=counterpart.door)
            assert (changed.remote_id, changed.visibility, changed.differs) == (made.remote_id, visibility, ())
        found = counterpart.network.find(counterpart.account, wanted.marker, datetime.now(UTC), counterpart.door)
        assert found is not None
        assert found.remote_id == made.remote_id

    def test_a_picture_stays_when_the_words_change(self, counterpart: Counterpart) -> None:
        wanted = replace(draft(), picture=Picture(cover(), "image/jpeg", "A tall ship"))
        made = counterpart.network.publish(wanted, counterpart.account, key=uuid4().hex, door=counterpart.door)
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

    def test_followers_only_posts_are_found_too(self, counterpart: Counterpart) -> None:
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
        assert caught.value.field == "server"
        with pytest.raises(ServiceError) as refused:
            counterpart.network.publish(draft(), counterpart.account, key="k", door=Door())
        assert refused.value.kind == "unreached"
