"""Nothing secret and nobody's address reaches the log, whoever wrote the line."""

import logging

import pytest

from creatorbot.cli.logs import Plain, without_secrets
from creatorbot.errors import ServiceError


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("key rk_live_51HxAbCdEf refused", "51HxAbCdEf"),
        ("signed with whsec_0123456789abcdef", "0123456789abcdef"),
        ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("GET /connections/mastodon/return?code=s3cr3t&state=w0rd", "s3cr3t"),
        ("GET /connections/mastodon/return?code=s3cr3t&state=w0rd", "w0rd"),
        ("opened /setup?key=abcdefgh", "abcdefgh"),
        ("POST /stop/0123456789abcdef0123456789abcdef", "0123456789"),
        ("buyer ada.lovelace+music@example.org paid", "ada.lovelace"),
        ("from 203.0.113.77 came a visit", "203.0.113.77"),
        ("postgresql://name:pa55word@db/creatorbot", "pa55word"),
        ("sealed gAAAAABmZ3Jlb25lLW9mLXRoZS1zZWFsZWQtdmFsdWVz", "gAAAAABmZ3"),
    ],
)
def test_secrets_are_taken_out(line: str, secret: str) -> None:
    assert secret not in without_secrets(line)
    assert without_secrets(line) != ""


@pytest.mark.parametrize(
    "line", ["post 17 published in 120 ms", "listening on 127.0.0.1:8080", "version 0.1.0", "send_posts: 3, 3 published"]
)
def test_the_rest_stays(line: str) -> None:
    assert without_secrets(line) == line


def _logged(error: Exception) -> str:
    try:
        raise error
    except Exception as caught:
        record = logging.LogRecord("jobs", logging.ERROR, __file__, 1, "it failed", (), (type(caught), caught, caught.__traceback__))
    return Plain().format(record)


def test_of_an_exception_the_places_are_kept_but_not_its_words() -> None:
    text = _logged(ValueError("the answer was {'access_token': 'very-secret'}"))
    assert "very-secret" not in text
    assert "ValueError" in text
    assert "test_logs.py" in text


def test_our_own_sentences_are_kept_without_their_values() -> None:
    text = _logged(ServiceError("The server %(name)s did not answer.", name="ada@example.org"))
    assert "did not answer" in text
    assert "ada" not in text
