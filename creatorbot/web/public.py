"""What fans see of us besides the release page: paying, and thanks. No cookie, no script, nobody logged in.

There is no form key here either: a forged form could only do what any stranger may do, open a payment page.
"""

from threading import BoundedSemaphore
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from creatorbot.amounts import Money, parse
from creatorbot.errors import CreatorbotError, InvalidInput, NotFound, ServiceError
from creatorbot.ledger.checkout import TOO_MANY, Amounts, TillBusy, amounts_for, checkout_by_reference, start_checkout
from creatorbot.ledger.services import service_of
from creatorbot.links.choices import choices
from creatorbot.links.page import style_path
from creatorbot.models import Artist, Cover, Link, PaymentService, Release
from creatorbot.providers import REGISTRY
from creatorbot.runtime import browser_address
from creatorbot.web.here import language, open_to_all, own_root, runtime
from creatorbot.web.house.headers import policy
from creatorbot.wording import N_, explain, say

pages = Blueprint("public", __name__)

# How often the thanks page asks again by itself before it leaves that to the fan, and after how many seconds.
LOOKS, LOOK_AFTER = 6, 5
# So many requests of one process wait for the payment service at once: the others go on answering everybody else.
WAITING = BoundedSemaphore(2)
WEB = ("https://", "http://")
SILENT = N_("%(name)s did not answer just now. Nothing was charged. Try again in a minute.")
# The form leads on to the payment service, and Chromium holds redirects against form-action too.
LEADS_OUT = policy("'self' https:")


class Till:
    """Who is paid, for what, and by which link the fan came. Opened from /tip/<code>."""

    def __init__(self, session: Session, code: str) -> None:
        """code: a link's, or the artist's short name for a tip to the artist. Raises NotFound."""
        self.code = _word(code)
        self.link = session.exec(select(Link).where(Link.code == code)).first()
        found = session.get(Artist, self.link.artist_id) if self.link else session.exec(select(Artist).where(Artist.slug == code)).first()
        if found is None or found.id is None:
            raise NotFound("There is no page at this address.")
        self.artist, self.artist_id = found, found.id
        self.release = session.get(Release, self.link.release_id) if self.link and self.link.release_id else None
        self.cover = session.get(Cover, self.release.cover_id) if self.release and self.release.cover_id else None
        self.service: PaymentService | None = service_of(session, self.artist_id)

    @property
    def amounts(self) -> Amounts:
        """What is suggested, and the least that is taken."""
        return amounts_for(self.artist, self.release)

    def title(self) -> str:
        """What the fan pays for, as the payment page names it."""
        if self.release:
            return self.release.title
        return say(language(), N_("A tip for %(name)s"), {"name": self.artist.name})


@pages.get("/tip/<code>")
@open_to_all
def ask(code: str) -> ResponseReturnValue:
    """How much?"""
    with runtime().reading() as session:
        till = Till(session, code)
    return _till_page(till)


@pages.post("/tip/<code>")
@open_to_all
def pay(code: str) -> ResponseReturnValue:
    """On to the payment page. Nothing is charged here, so nothing is charged when this fails."""
    with runtime().reading() as session:
        till = Till(session, code)
    try:
        amount = _amount(till)
        address = _start(till, amount)
    except InvalidInput as error:
        return _till_page(till, explain(language(), error), 422)
    except ServiceError:
        return _till_page(till, say(language(), SILENT, {"name": _service_name(till)}), 502)
    except TillBusy as error:
        busy = _till_page(till, explain(language(), error), 429)
        busy.headers["Retry-After"] = "30"
        return busy
    except CreatorbotError as error:
        return _till_page(till, explain(language(), error), 409)
    with runtime().reading() as session:
        answer = redirect(browser_address(session, till.artist_id, address), 303)
    answer.headers["Content-Security-Policy"] = LEADS_OUT
    return answer


@pages.get("/thanks/<reference>")
@open_to_all
def thanks(reference: str) -> ResponseReturnValue:
    """Thanks, and whether the payment has been confirmed to us yet."""
    with runtime().reading() as session:
        checkout = checkout_by_reference(session, _word(reference))
        artist = session.get(Artist, checkout.artist_id) if checkout else None
        if checkout is None or artist is None:
            raise NotFound("There is no page at this address.")
        release = session.get(Release, checkout.release_id) if checkout.release_id else None
        cover = session.get(Cover, release.cover_id) if release and release.cover_id else None
        service = session.get(PaymentService, checkout.service_id)
        shop = browser_address(session, checkout.artist_id, release.url) if release and release.url.startswith(WEB) else ""
    looked = _looked()
    answer = _public(
        "public/thanks.html",
        200,
        artist,
        checkout=checkout,
        release=release,
        cover=cover,
        shop=shop,
        asked=Money(checkout.asked_minor, checkout.currency),
        looked=looked,
        looks=LOOKS,
        service_name=REGISTRY[service.provider].label if service and service.provider in REGISTRY else "",
    )
    if checkout.state == "open" and looked < LOOKS:
        answer.headers["Refresh"] = f"{LOOK_AFTER}; url=/thanks/{quote(reference)}?looked={looked + 1}"
    return answer


def _word(given: str) -> str:
    """A word out of an address. Raises NotFound for one that holds what no database stores as text."""
    if "\0" in given:
        raise NotFound("There is no page at this address.")
    return given


def _looked() -> int:
    typed = request.args.get("looked", "0")
    return min(int(typed), LOOKS) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


def _amount(till: Till) -> Money:
    """The amount typed, else the one chosen: who types means it. Raises InvalidInput with what is possible."""
    typed, chosen = request.form.get("other", "").strip(), request.form.get("amount", "")
    if typed:
        return parse(typed, till.artist.currency)
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 16:
        return Money(int(chosen), till.artist.currency)
    raise InvalidInput("Choose an amount, or type your own.", field="amount")


def _start(till: Till, amount: Money) -> str:
    """The payment page's address. Raises TillBusy when enough others are asking for theirs."""
    root = own_root()
    if not WAITING.acquire(blocking=False):
        raise TillBusy(TOO_MANY)
    try:
        return start_checkout(
            runtime(),
            link=till.link,
            artist_id=till.artist_id,
            release_id=till.release.id if till.release else None,
            amount=amount,
            kind="tip",
            urls=lambda reference: (f"{root}/thanks/{reference}", f"{root}/tip/{till.code}"),
            title=till.title(),
            language=language(),
        )
    finally:
        WAITING.release()


def _service_name(till: Till) -> str:
    return REGISTRY[till.service.provider].label if till.service and till.service.provider in REGISTRY else ""


def _till_page(till: Till, sentence: str = "", status: int = 200) -> Response:
    offered = _offered(till)
    return _public(
        "public/tip.html",
        status,
        till.artist,
        till=till,
        release=till.release,
        cover=till.cover,
        amounts=till.amounts,
        offered=offered,
        chosen=_chosen(till, offered),
        sentence=sentence,
        other=request.form.get("other", "")[:40],
        service_name=_service_name(till),
        back=f"/l/{till.code}" if till.link else "",
    )


def _asked_for() -> str:
    """The amount the release page's button named, or the one chosen before."""
    asked = request.values.get("amount", "")
    return asked if asked.isascii() and asked.isdigit() and len(asked) < 10 else ""


def _offered(till: Till) -> list[Money]:
    """The same amounts as on the release page, and the one asked for there if it is not among them."""
    amounts, currency = till.amounts, till.artist.currency
    found = set(choices(amounts.suggested if amounts.suggested.minor else None, amounts.minimum, currency))
    if _asked_for() and amounts.minimum.minor <= int(_asked_for()) > 0:
        found.add(Money(int(_asked_for()), currency))
    return sorted(found, key=lambda amount: amount.minor)


def _chosen(till: Till, offered: list[Money]) -> int | None:
    """Which amount is ticked: the one asked for, else the suggested one; none when one's own was typed."""
    wanted = int(_asked_for()) if _asked_for() else till.amounts.suggested.minor
    if request.form.get("other", "").strip():
        return None
    return next((amount.minor for amount in offered if amount.minor == wanted), None)


def _public(template: str, status: int, artist: Artist, **about: object) -> Response:
    page = render_template(template, fan_of=artist, style=style_path(artist.accent), **about)
    answer = make_response(page, status)
    answer.headers["Content-Security-Policy"] = LEADS_OUT
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
