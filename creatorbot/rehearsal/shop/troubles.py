"""The practice shop's table of troubles: its pages, its feed and its payment service. What goes wrong with notes is in notices."""

import json

from flask import Request, Response

from creatorbot.rehearsal.faults import Fault, cut
from creatorbot.rehearsal.shop.notices import MANNERS
from creatorbot.rehearsal.world import world

CHALLENGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Client Challenge</title>
<link rel="stylesheet" href="/_fs-ch-1T1wmsGaOgGaSxcX/assets/styles.css"></head>
<body><noscript>JavaScript is disabled in your browser. Please enable it to proceed.</noscript></body></html>"""


def _page(asked: Request) -> bool:
    return asked.method == "GET" and asked.path.startswith(("/music", "/album/", "/track/"))


def _read(asked: Request) -> bool:
    return asked.method == "GET" and asked.path.startswith(("/music", "/album/", "/track/", "/feed.xml"))


def _feed(asked: Request) -> bool:
    return asked.method == "GET" and asked.path == "/feed.xml"


def _stripe(asked: Request) -> bool:
    return asked.path.startswith("/v1/")


def _writing(asked: Request) -> bool:
    return asked.method == "POST" and asked.path.startswith("/v1/")


def _challenge(_right: Response, _seconds: float) -> Response:
    return Response(CHALLENGE, mimetype="text/html")


def _half(right: Response, _seconds: float) -> Response:
    right.set_data(right.get_data()[: len(right.get_data()) // 2])
    return right


def _html(_right: Response, _seconds: float) -> Response:
    return Response("<!DOCTYPE html><html lang=en><title>Down for maintenance</title><h1>Down for maintenance</h1>", mimetype="text/html")


def _broken(_right: Response, _seconds: float) -> Response:
    words = {"error": {"type": "api_error", "message": "An unknown error occurred while processing your request."}}
    return Response(json.dumps(words), 500, mimetype="application/json", headers={"Stripe-Should-Retry": "false"})


def _limited(_right: Response, _seconds: float) -> Response:
    words = {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests hit the API too quickly."}}
    return Response(json.dumps(words), 429, mimetype="application/json")


def _slow(right: Response, seconds: float) -> Response:
    world().ended.wait(seconds)
    return right


def _right(right: Response, _seconds: float) -> Response:
    return right


SHOP, SERVICE = "The shop", "The payment service"

TABLE: dict[str, Fault] = {
    "robot_check": Fault("It asks visitors to prove they are human", _page, False, _challenge, 0, SHOP),
    "shop_down": Fault("It hangs up at once", _read, False, cut, 0, SHOP),
    "shop_slow": Fault("It answers very slowly", _read, True, _slow, 40, SHOP),
    "feed_cut": Fault("Its feed ends in the middle", _feed, True, _half, 0, SHOP),
    "feed_html": Fault("A maintenance page comes instead of its feed", _feed, False, _html, 0, SHOP),
    "refused": Fault("It is switched off for a while, the payment service too", lambda _asked: False, False, cut, 20, SHOP),
    "stripe_500": Fault("It breaks down", _stripe, False, _broken, 0, SERVICE),
    "stripe_429": Fault("It is asked too much, and says so", _stripe, False, _limited, 0, SERVICE),
    "stripe_answer_lost": Fault("It does what it is asked, but its answer gets lost", _writing, True, cut, 0, SERVICE),
    "stripe_down": Fault("It hangs up at once", _stripe, False, cut, 0, SERVICE),
}
NOTES = {name: Fault(words, lambda _asked: False, True, _right, 0, "Its notes") for name, words in MANNERS.items()}
