"""Which requests a trouble strikes."""

import re

from flask import Request

from creatorbot.rehearsal.fediverse.access import token_sent


def change(asked: Request) -> bool:
    """A post's words are to be changed."""
    return asked.method == "PUT" and re.fullmatch(r"/api/v1/statuses/[^/]+", asked.path) is not None


def new_post(asked: Request) -> bool:
    """A new post."""
    return asked.method == "POST" and asked.path == "/api/v1/statuses"


def publish(asked: Request) -> bool:
    """A new post, or a change of one."""
    return change(asked) or new_post(asked)


def with_token(asked: Request) -> bool:
    """Anything that needs a permission."""
    return asked.path.startswith("/api/") and bool(token_sent())


def upload(asked: Request) -> bool:
    """A picture comes."""
    return asked.method == "POST" and asked.path in ("/api/v1/media", "/api/v2/media")


def listing(asked: Request) -> bool:
    """Somebody's posts are looked through."""
    return asked.method == "GET" and asked.path.startswith("/api/v1/accounts/") and asked.path.endswith("/statuses")


def description(asked: Request) -> bool:
    """What the server says about itself."""
    return asked.path in ("/api/v1/instance", "/api/v2/instance")


def reading(asked: Request) -> bool:
    """Posts are told, one or many, written or looked at."""
    return asked.path.startswith(("/api/v1/statuses", "/api/v1/accounts/"))


def anything(asked: Request) -> bool:
    """Whatever a program asks."""
    return asked.path.startswith(("/api/", "/oauth/token", "/.well-known/", "/nodeinfo/"))


def nothing(_asked: Request) -> bool:
    """Not a request at all: the server itself is away."""
    return False
