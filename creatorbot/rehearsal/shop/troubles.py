"""The practice shop's table of troubles: its pages, its feed and its payment service. What goes wrong with notes is in notices."""

import json

from flask import Request, Response

from creatorbot.rehearsal.faults import Fault, cut
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


TABLE: dict[str, Fault] = {
    "robot_check": Fault("The shop asks visitors to prove they are human", _page, False, _challenge),
    "shop_down": Fault("The shop hangs up at once", _read, False, cut),
    "shop_slow": Fault("The shop answers very slowly", _read, True, _slow, 40),
    "feed_cut": Fault("The feed ends in the middle", _feed, True, _half),
    "feed_html": Fault("A maintenance page comes instead of the feed", _feed, False, _html),
    "stripe_500": Fault("The payment service breaks down", _stripe, False, _broken),
    "stripe_429": Fault("The payment service says: too many questions", _stripe, False, _limited),
    "stripe_answer_lost": Fault("The payment service does it, but its answer gets lost", _writing, True, cut),
    "stripe_down": Fault("The payment service hangs up at once", _stripe, False, cut),
    "refused": Fault("The shop is switched off for a while", lambda _asked: False, False, cut, 20),
}
NOTE = Fault("", lambda _asked: False, True, _right)
