"""The application for tests, made once in each process: making it and reading its templates would be most of what a page test takes."""

from typing import Any

from flask import Flask

from creatorbot.runtime import Runtime
from creatorbot.web import create_app

_made: list[tuple[Flask, dict[str, Any]]] = []


def application(runtime: Runtime, **config: Any) -> Flask:
    """The application, working for this runtime until the next is asked for. config: what differs from what it is made with."""
    if not _made:
        fresh = create_app(runtime)
        _made.append((fresh, dict(fresh.config)))
    app, config_at_first = _made[0]
    app.extensions["creatorbot"] = runtime
    app.config.clear()
    app.config.update(
        {**config_at_first, "SECRET_KEY": runtime.cookie_key, "SESSION_COOKIE_SECURE": runtime.settings.behind_https, **config}
    )
    return app
