"""What goes wrong is said in the house style: what happened, what is safe, one thing to do."""

import pytest
from flask import Flask

from creatorbot.errors import BadSignature, Conflict, InvalidInput, NotAllowed, NotFound, ServiceError
from creatorbot.runtime import Runtime
from creatorbot.web import create_app, here
from tests.web.conftest import PLAINLY, House


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """One for each test: they add views to it."""
    made = create_app(runtime)
    made.config.update(PLAINLY)
    return made


def test_a_view_that_says_nothing_is_refused(app: Flask, house: House) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert house.client("alice").get("/forgotten").status_code == 403


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("It is not here."), 404),
        (NotAllowed("Not with your role."), 403),
        (Conflict("Somebody was quicker."), 409),
        (InvalidInput("That is no address."), 422),
        (ServiceError("The server of %(name)s is away.", name="Lena"), 502),
        (BadSignature("Not signed."), 400),
    ],
)
def test_each_error_is_a_sentence_with_its_status(app: Flask, house: House, error: Exception, status: int) -> None:
    @here.open_to_all
    def failing() -> str:
        raise error

    app.add_url_rule("/failing", "failing", failing)
    answer = house.client("alice").get("/failing")
    assert answer.status_code == status
    assert str(error) in answer.text
    assert 'href="/"' in answer.text


def test_an_accident_tells_nothing_of_the_inside(app: Flask, house: House) -> None:
    @here.open_to_all
    def broken() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/broken", "broken", broken)
    answer = house.client("alice").get("/broken")
    assert answer.status_code == 500
    assert "is safe" in answer.text
    assert "secret detail" not in answer.text


def test_too_much_is_refused_with_a_sentence(app: Flask, house: House) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = house.client("alice").post("/settings", data={"name": "x" * 2000})
    assert answer.status_code == 413
    assert "larger than we take" in answer.text


def test_a_button_address_opened_as_a_link(house: House) -> None:
    answer = house.client("alice").get("/logout")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_machines_get_plain_text(app: Flask, house: House) -> None:
    answer = app.test_client().get("/hooks/none/none")
    assert answer.mimetype == "text/plain"
