"""Every part of the site, in one list."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from creatorbot.web import compose, home, hooks, money, public, pushes, results
from creatorbot.web.connections import adding, by_hand, mastodon, overview, payments, sources, trying
from creatorbot.web.entry import artists, join, login, setup
from creatorbot.web.posts import change, one
from creatorbot.web.rehearsal import pages as rehearsal
from creatorbot.web.rehearsal import proxy
from creatorbot.web.releases import by_hand as typed_in
from creatorbot.web.releases import life, listing, same
from creatorbot.web.settings import address, artist, people, you

ALL: tuple[Blueprint, ...] = (
    setup.pages,
    login.pages,
    join.pages,
    artists.pages,
    home.pages,
    listing.pages,
    typed_in.pages,
    life.pages,
    same.pages,
    compose.pages,
    one.pages,
    change.pages,
    results.pages,
    money.pages,
    overview.pages,
    mastodon.pages,
    adding.pages,
    sources.pages,
    trying.pages,
    by_hand.pages,
    payments.pages,
    artist.pages,
    people.pages,
    address.pages,
    you.pages,
    rehearsal.pages,
    proxy.pages,
    public.pages,
    hooks.pages,
    pushes.pages,
)
# Fans' pages, payment notices and what other servers tell us act for nobody who is logged in: there is nothing a forged form could borrow.
# The practice servers' own forms are passed on only when the browser says that one of our pages sent them.
WITHOUT_FORM_SECRET = frozenset({"public", "hooks", "pushes", "practice"})


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Register them."""
    for pages in ALL:
        app.register_blueprint(pages)
        if pages.name in WITHOUT_FORM_SECRET:
            csrf.exempt(pages)
