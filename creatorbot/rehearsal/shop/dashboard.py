"""The shop's book: what was paid, giving back, sending notes again, and where visitors came from."""

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from creatorbot.rehearsal import faults
from creatorbot.rehearsal.shop import notices, objects
from creatorbot.rehearsal.shop.hosted import written
from creatorbot.rehearsal.shop.troubles import NOTES, TABLE
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import from_a_form, page, world

dashboard = Blueprint("dashboard", __name__)
ALL = {**TABLE, **NOTES}


def _back(body: Doc, code: int = 200) -> AnyResponse:
    """To a form: back to the book; to a program: JSON."""
    if from_a_form():
        return redirect(url_for("dashboard.book"), 303)
    answer = jsonify(body)
    answer.status_code = code
    return answer


def _sent() -> dict[str, str]:
    body = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return {name: str(value) for name, value in body.items()} if isinstance(body, dict) else {}


@dashboard.get("/practice")
def book() -> Response:
    """Everything that happened in the shop."""
    here = world().state
    payments = [
        {
            "charge": charge,
            "when": datetime.fromtimestamp(charge["created"], UTC),
            "sum": written(charge["amount"], charge["currency"]),
            "fee": written(objects.fee_of(charge["amount"]), charge["currency"]),
            "back": written(charge["amount_refunded"], charge["currency"]),
            "left": charge["amount"] - charge["amount_refunded"],
        }
        for charge in objects.newest_first(here, "charge")
    ]
    sent = here.rows(
        "SELECT delivery.*, json_extract(thing.body, '$.type') AS kind FROM delivery JOIN thing ON thing.id = event_id "
        "ORDER BY delivery.id DESC LIMIT 12"
    )
    visits = here.rows("SELECT referrer, count(*) AS number FROM visit GROUP BY referrer ORDER BY number DESC, referrer LIMIT 12")
    waiting = [(ALL[row["behaviour"]], row["times_left"]) for row in faults.ordered(here, "shop") if row["behaviour"] in ALL]
    return page(
        "book.html",
        payments=payments,
        sent=sent,
        visits=visits,
        endpoint=notices.endpoint(world()),
        waiting=waiting,
        groups=faults.grouped(ALL),
    )


@dashboard.post("/practice/refund")
def refund() -> AnyResponse:
    """{"charge", "part": "half" | "all"}: give money back."""
    sent = _sent()
    with world().state.transaction():
        charge = objects.get(world().state, sent.get("charge", ""), "charge")
        left = charge["amount"] - charge["amount_refunded"] if charge else 0
        if charge is None or left <= 0:
            return _back({"error": "nothing to give back"}, 400)
        amount = min(left, max(1, charge["amount"] // 2)) if sent.get("part") == "half" else left
        made, events = objects.refund(world().state, charge, amount, {})
    notices.announce(world(), events)
    return _back({"refund": made["id"], "amount": amount})


@dashboard.post("/practice/again")
def again() -> AnyResponse:
    """{"charge"} or {"event"}: send the notes about it once more."""
    sent = _sent()
    charge, wanted = sent.get("charge", ""), sent.get("event", "")
    intent = (objects.get(world().state, charge, "charge") or {}).get("payment_intent")
    found = [
        one["id"]
        for one in objects.newest_first(world().state, "event")
        if one["id"] == wanted or (intent and intent in (one["data"]["object"].get("payment_intent"), one["data"]["object"]["id"]))
    ]
    for name in reversed(found):
        notices.again(world(), name)
    return _back({"sent": len(found) if notices.endpoint(world()) else 0}, 200 if found else 404)


@dashboard.post("/practice/notify")
def notify() -> AnyResponse:
    """{"url", "secret"}: where notes go from now on; an empty url stops them. Only this machine."""
    sent = _sent()
    address, secret = sent.get("url", "").strip(), sent.get("secret", "").strip()
    if address and not notices.is_on_this_machine(address):
        return _back({"error": "notes are sent to this machine only"}, 400)
    kept = (notices.endpoint(world()) or {}).get("secret", "")
    world().state.set("endpoint", {"url": address, "secret": secret or kept})
    return _back({"url": address})


@dashboard.get("/practice/notify")
def notified() -> Response:
    """Where notes go, and what was sent."""
    rows = world().state.rows("SELECT url, event_id, manner, tries, code FROM delivery ORDER BY id")
    return jsonify({"url": (notices.endpoint(world()) or {}).get("url"), "sent": [dict(row) for row in rows]})


@dashboard.get("/practice/faults")
def ordered() -> Response:
    """What is still to go wrong, and what could."""
    words = {name: fault.words for name, fault in ALL.items()}
    return jsonify(
        {
            "faults": [
                {"behaviour": row["behaviour"], "times": row["times_left"] or 0, "seconds": row["seconds"]}
                for row in faults.ordered(world().state, "shop")
            ],
            "behaviours": words,
        }
    )


@dashboard.post("/practice/faults")
def order() -> AnyResponse:
    """{"behaviour", "times": 1 (0: until cleared), "seconds": optional}; "none" clears all."""
    sent, here = _sent(), world().state
    behaviour, times, seconds = sent.get("behaviour", ""), sent.get("times", "1"), sent.get("seconds", "")
    if behaviour == "none":
        faults.clear(here, "shop")
        return _back({"faults": []})
    if not times.isdigit() or (seconds and not seconds.replace(".", "", 1).isdigit()):
        return _back({"error": "times and seconds are numbers"}, 400)
    if behaviour == "refused":
        world().go_away(float(seconds or TABLE["refused"].seconds))
        return _back({"behaviour": behaviour})
    if not faults.order(here, "shop", ALL, behaviour, int(times), float(seconds) if seconds else None):
        return _back({"error": f"no such behaviour: {behaviour}"}, 400)
    return _back({"behaviour": behaviour, "times": int(times)})


@dashboard.delete("/practice/faults")
def clear() -> Response:
    """All is well again."""
    faults.clear(world().state, "shop")
    return jsonify({"faults": []})


@dashboard.get("/practice/payments")
def payments() -> Response:
    """For tests: what was really paid and given back, oldest first."""
    here = world().state
    listed = [objects.public(one) for one in objects.newest_first(here, "charge")][::-1]
    return jsonify({"count": len(listed), "payments": listed})
