"""Another domain: nobody shuts themselves out of their own pages, and old links go on working."""

from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from creatorbot.artists.installation import set_public_url
from creatorbot.errors import ServiceError
from creatorbot.models import Installation, Person
from creatorbot.runtime import Runtime
from creatorbot.security.http import Answer, Door
from creatorbot.web import here
from tests.web.conftest import House

OLD, NEW = "https://old.example.net", "https://music.example.org"


@dataclass
class Outside:
    """The way back to us from outside: names that lead here, and none besides."""

    app: Flask
    leading: set[str]

    def get(self, url: str, **_limits: Any) -> Answer:
        base, _, path = url.partition("/answer/")
        if base not in self.leading:
            raise ServiceError("Nobody answered.", kind="unreached")
        answer = self.app.test_client().get(f"/answer/{path}", base_url=base)
        return Answer(url, answer.status_code, {}, answer.data)


@pytest.fixture
def outside(house: House, runtime: Runtime) -> Outside:
    """Alice keeps this creatorbot; only the old name leads here."""
    with runtime.session() as session:
        session.get_one(Person, house.people["alice"]).keeper = True
        set_public_url(session, OLD, runtime.clock()).public_answered_at = runtime.clock()
    found = Outside(house.app, {OLD})
    house.app.extensions["creatorbot"] = replace(runtime, door=cast(Door, found))
    return found


def change(house: House, to: str, opened: str = OLD) -> Any:
    """Alice, with the settings open there, types another address."""
    cookie = house.client("alice").get_cookie(here.COOKIE)
    assert cookie is not None
    browser: FlaskClient = house.app.test_client()
    browser.set_cookie(here.COOKIE, cookie.value, domain=opened.rpartition("/")[2].partition(":")[0])
    return browser.post("/settings/address", base_url=opened, data={"public_url": to})


def public_url(runtime: Runtime) -> str:
    with runtime.reading() as session:
        return session.get_one(Installation, 1).public_url


@pytest.mark.parametrize("to", [NEW, "https://musik.example.org", ""])
def test_who_has_the_old_name_open_cannot_give_it_up_for_one_that_leads_nowhere(
    house: House, runtime: Runtime, outside: Outside, to: str
) -> None:
    answer = change(house, to)
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert public_url(runtime) == OLD


def test_once_the_new_name_leads_here_one_goes_on_there(house: House, runtime: Runtime, outside: Outside) -> None:
    outside.leading.add(NEW)
    answer = change(house, NEW)
    assert (answer.status_code, answer.location) == (303, f"{NEW}/settings/address")
    assert public_url(runtime) == NEW
    visitor = house.app.test_client()
    assert visitor.get("/login", base_url=NEW).status_code == 200
    assert visitor.get("/login", base_url=OLD).status_code == 421
    assert visitor.get("/tip/aoife-marsh", base_url=OLD).status_code == 200
    assert visitor.get("/l/nothing", base_url=OLD).status_code == 404


@pytest.mark.parametrize("opened", ["http://192.168.1.20:8080", "http://studio.local:8080", "http://localhost"])
@pytest.mark.parametrize("to", [NEW, ""])
def test_who_has_it_open_by_number_may_type_what_they_like(house: House, runtime: Runtime, outside: Outside, opened: str, to: str) -> None:
    answer = change(house, to, opened)
    assert (answer.status_code, answer.location) == (303, "/settings/address")
    assert public_url(runtime) == to


def test_a_name_given_at_the_start_is_a_way_in_too(house: House, runtime: Runtime, outside: Outside) -> None:
    settings = runtime.settings.model_copy(update={"hosts": "old.example.net"})
    house.app.extensions["creatorbot"] = replace(runtime, door=cast(Door, outside), settings=settings)
    assert change(house, NEW).location == "/settings/address"
    assert public_url(runtime) == NEW
