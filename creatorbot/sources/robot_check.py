"""Pages by which a site in front of the real one asks whether we are human. The usual ones, whatever their status."""

import re

from creatorbot.sources.base import Fetched, Note
from creatorbot.wording import N_

_SENTENCE = N_(
    "%(host)s asks our robot to prove that it is human, and it is not. What we know stays, and we try again later. "
    "Whoever runs the site can let feed readers through."
)
# Each is found at the beginning of the page that the named software shows, and on no other.
_MARKS = re.compile(
    rb"<title>\s*(?:Just a moment\.\.\.|Attention Required! \| Cloudflare|Making sure you(?:&#39;|'|\xe2\x80\x99)re not a bot!|DDoS-Guard"
    rb"|Sucuri WebSite Firewall)|\b_cf_chl_opt\b|/\.within\.website/x/cmd/anubis/|id=[\"']anubis_challenge|/_sec/cp_challenge/",
    re.I,
)
_LOOKED_AT = 30_000


def robot_check(page: Fetched, host: str) -> Note | None:
    """What to say to the artist when this page is such a check; None for any other page."""
    if page.headers.get("cf-mitigated", "").lower() == "challenge":
        return Note(_SENTENCE, {"host": host})
    head = page.body[:_LOOKED_AT]
    is_page = b"<html" in head[:2_000].lower() or b"<!doctype html" in head[:200].lower()
    return Note(_SENTENCE, {"host": host}) if is_page and _MARKS.search(head) else None
