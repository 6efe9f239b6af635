"""Every part of the site, in one list."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from creatorbot.web import codes, home, hooks, money, public, pushes, results
from creatorbot.web.calendar import automation, boosts, posting, yes
from creatorbot.web.calendar import overview as calendar
from creatorbot.web.compose import desk, kept
from creatorbot.web.connections import adding, by_hand, overview, payments, sources, trying
from creatorbot.web.connections.backup import choosing, pairing
from creatorbot.web.connections.networks import accounts, joining
from creatorbot.web.entry import artists, join, login, setup
from creatorbot.web.links import badge, making, posters
from creatorbot.web.links import listing as links
from creatorbot.web.posts import change, one, removing
from creatorbot.web.reach import one as reach
from creatorbot.web.reach import overview as reach_overview
from creatorbot.web.rehearsal import bad_day, proxy
from creatorbot.web.rehearsal import pages as rehearsal
from creatorbot.web.releases import by_hand as typed_in
from creatorbot.web.releases import life, listing, same
from creatorbot.web.settings import address, artist, mail, people, you
from creatorbot.web.telling import happened, stop

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
    desk.pages,
    kept.pages,
    one.pages,
    change.pages,
    removing.pages,
    calendar.pages,
    posting.pages,
    boosts.pages,
    yes.pages,
    results.pages,
    reach.pages,
    reach_overview.pages,
    money.pages,
    links.pages,
    making.pages,
    posters.pages,
    badge.pages,
    overview.pages,
    choosing.pages,
    pairing.pages,
    joining.pages,
    accounts.pages,
    adding.pages,
    sources.pages,
    trying.pages,
    automation.pages,
    by_hand.pages,
    payments.pages,
    artist.pages,
    people.pages,
    address.pages,
    mail.pages,
    you.pages,
    happened.pages,
    stop.pages,
    rehearsal.pages,
    bad_day.pages,
    proxy.pages,
    public.pages,
    codes.pages,
    hooks.pages,
    pushes.pages,
)
# Fans' pages, payment notices and what other servers tell us act for nobody who is logged in: there is nothing a forged form could borrow.
# The practice servers' own forms are passed on only when the browser says that one of our pages sent them.
WITHOUT_FORM_SECRET = frozenset({"public", "codes", "hooks", "pushes", "practice", "stop"})


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Register them."""
    for pages in ALL:
        app.register_blueprint(pages)
        if pages.name in WITHOUT_FORM_SECRET:
            csrf.exempt(pages)
