"""Every part of the site, in one list."""

import importlib

from flask import Flask
from flask_wtf import CSRFProtect

NAMES = ("entry.setup", "entry.login", "entry.join", "entry.artists", "home", "connections.overview", "connections.mastodon", "connections.sources",
         "connections.payments", "settings.artist", "settings.people", "settings.address", "settings.you", "rehearsal.pages", "rehearsal.proxy",
         "releases", "compose", "posts", "results", "money", "public", "hooks")
WITHOUT_FORM_SECRET = frozenset({"public", "hooks", "practice"})


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Register them."""
    for name in NAMES:
        try:
            pages = importlib.import_module(f"creatorbot.web.{name}").pages
        except ImportError as error:
            print("not yet:", name, error)
            continue
        app.register_blueprint(pages)
        if pages.name in WITHOUT_FORM_SECRET:
            csrf.exempt(pages)
