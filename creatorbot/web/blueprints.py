"""Every part of the site, in one list."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from creatorbot.web import home
from creatorbot.web.connections import pages as connections
from creatorbot.web.entry import pages as entry
from creatorbot.web.rehearsal import pages as rehearsal
from creatorbot.web.settings import pages as settings

ALL: tuple[Blueprint, ...] = (entry, home.pages, connections, settings, rehearsal)
# Fans' pages and payment notices act for nobody who is logged in: there is nothing a forged form could borrow.
WITHOUT_FORM_SECRET = frozenset({"public", "hooks"})


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Register them."""
    for pages in ALL:
        app.register_blueprint(pages)
        if pages.name in WITHOUT_FORM_SECRET:
            csrf.exempt(pages)
