"""The page on which a fan pays: Stripe's hosted page, with a practice card."""

import re
from decimal import Decimal

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from creatorbot.rehearsal.shop import objects
from creatorbot.rehearsal.shop.notices import announce
from creatorbot.rehearsal.shop.stripe_writing import MINIMUM
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import page, world

hosted = Blueprint("hosted", __name__)
WITHOUT_CENTS = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
MOST = 999_999_99


def decimals(currency: str) -> int:
    """Digits behind the point."""
    return 0 if currency.upper() in WITHOUT_CENTS else 2


def written(amount: int, currency: str) -> str:
    """Minor units as a person writes them: "5.00 EUR"."""
    places = decimals(currency)
    return f"{Decimal(amount).scaleb(-places):.{places}f} {currency.upper()}"


def understood(typed: str, currency: str) -> int | None:
    """What a person typed, in minor units; None when it is no amount."""
    found = re.fullmatch(r"(\d{1,8})(?:[.,](\d{1,2}))?", typed.strip())
    if not found or (found[2] and not decimals(currency)):
        return None
    return int(found[1] + (found[2] or "").ljust(decimals(currency), "0"))


def _open_session(name: str) -> tuple[Doc | None, Response | None]:
    """The session to be paid, or the page that says why not."""
    found = objects.get(world().state, name, "checkout.session")
    if found is None:
        return None, page("shop_gone.html", 404, words="This payment page does not exist")
    if found["status"] == "complete":
        return None, page("shop_gone.html", words="This was paid already. Thank you!")
    if found["status"] == "expired" or found["expires_at"] < world().state.now():
        return None, page("shop_gone.html", words="This payment page is too old. Go back and begin again.")
    return found, None


def _pay_page(session: Doc, typed: str = "", wrong: str = "") -> Response:
    price, currency = session["_line_items"][0]["price"], session["currency"]
    chosen = price["custom_unit_amount"]
    low = max(MINIMUM, (chosen or {}).get("minimum") or MINIMUM)
    high = (chosen or {}).get("maximum")
    return page(
        "pay.html",
        422 if wrong else 200,
        session=session,
        open_amount=chosen is not None,
        wrong=wrong,
        currency=currency.upper(),
        fixed=written(session["amount_total"], currency),
        typed=typed or written(session["amount_total"] or low, currency).split()[0],
        limits=f"at least {written(low, currency)}" + (f", at most {written(high, currency)}" if high else ""),
    )


@hosted.get("/pay/<name>")
def look(name: str) -> Response:
    """The fan sees what is to be paid, and may choose the amount where that is open."""
    session, otherwise = _open_session(name)
    return otherwise or _pay_page(session or {})


@hosted.post("/pay/<name>")
def pay(name: str) -> AnyResponse:
    """The fan pays, and is sent back with thanks."""
    with world().state.transaction():
        session, otherwise = _open_session(name)
        if session is None:
            return otherwise or Response(status=404)
        if request.form.get("answer") == "back":
            return redirect(session["cancel_url"] or session["success_url"], 303)
        amount, wrong = _amount(session, request.form.get("amount", ""))
        if wrong:
            return _pay_page(session, request.form.get("amount", ""), wrong)
        events = objects.pay(world().state, session, amount)
    announce(world(), events)
    return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]), 303)


def _amount(session: Doc, typed: str) -> tuple[int, str]:
    """What the fan gives, in minor units, and what is wrong with it."""
    chosen, currency = session["_line_items"][0]["price"]["custom_unit_amount"], session["currency"]
    if chosen is None:
        return session["amount_total"], ""
    amount, low, high = understood(typed, currency), chosen["minimum"] or MINIMUM, chosen["maximum"] or MOST
    if amount is None:
        return 0, "Please type an amount such as 7 or 7.50."
    if amount < low:
        return 0, f"The smallest amount is {written(low, currency)}."
    return (amount, "") if amount <= high else (0, f"The largest amount is {written(high, currency)}.")
