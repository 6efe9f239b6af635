"""The practice shop: an artist's page as Bandcamp makes it, and Stripe as its own library speaks to it."""

import threading
from functools import cache

from flask import Flask

from creatorbot.rehearsal import faults
from creatorbot.rehearsal.shop.dashboard import dashboard
from creatorbot.rehearsal.shop.hosted import hosted
from creatorbot.rehearsal.shop.notices import deliver
from creatorbot.rehearsal.shop.pages import pages
from creatorbot.rehearsal.shop.stripe_api import stripe_api
from creatorbot.rehearsal.shop.troubles import TABLE
from creatorbot.rehearsal.world import World, new_app


@cache
def build() -> Flask:
    """The practice shop as an app. Made once: the worlds are what differs."""
    app = new_app(__name__)
    faults.install(app, "shop", TABLE)
    for part in (pages, hosted, dashboard, stripe_api):
        app.register_blueprint(part)
    return app


def workers(world: World) -> list[threading.Thread]:
    """Sends the notes in the background."""
    return [threading.Thread(target=deliver, args=(world,), daemon=True)]
