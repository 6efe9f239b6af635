"""Posts of other servers on this machine: found by their address, kept, and boosted. And what became of people who left."""

import json
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from creatorbot.rehearsal.fediverse.access import person, refuse, sent, text_of
from creatorbot.rehearsal.fediverse.followers import OWN, fetch, is_on_this_machine
from creatorbot.rehearsal.fediverse.manners import shown_id
from creatorbot.rehearsal.fediverse.people import person_named
from creatorbot.rehearsal.fediverse.statuses import status_json
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import from_a_form, world

elsewhere = Blueprint("elsewhere", __name__)
BYTES = 1_000_000
# What can become of an account, and how a person reads it.
FATES: dict[str, str] = {
    "here": "It is there, as ever",
    "moved": "It moves to the other practice server",
    "suspended": "The people who run the server suspend it",
    "gone": "It is deleted",
}


@elsewhere.get("/api/v2/search")
def search() -> Response:
    """Only posts, only by their address: our own, or one on another server, which is fetched when asked to."""
    person("read:search")
    address = request.args.get("q", "").strip()
    found = _own(address) or _known(address)
    if found is None and request.args.get("resolve") in ("1", "true", "True"):
        found = _fetched(address)
    return jsonify({"accounts": [], "hashtags": [], "statuses": [found] if found else []})


def _own(address: str) -> Doc | None:
    number = address.rpartition("/")[2]
    if not address.startswith(world().base + "/") or not number.isdigit():
        return None
    row = world().state.row("SELECT * FROM status WHERE id = ? AND NOT deleted AND visibility IN ('public', 'unlisted')", int(number))
    return status_json(row, own=False) if row else None


def _known(address: str) -> Doc | None:
    row = world().state.row("SELECT * FROM elsewhere WHERE url = ?", address)
    return {**json.loads(row["body"]), "id": shown_id(row["id"])} if row else None


def _fetched(address: str) -> Doc | None:
    """The post as its own server tells it to strangers; None when it cannot be had."""
    parts = urlsplit(address)
    number = parts.path.rpartition("/")[2]
    if not is_on_this_machine(address) or not number.isdigit():
        return None
    code, body = fetch(f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{number}", OWN.image_agent, BYTES)
    try:
        told = json.loads(body) if code == 200 else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("url") != address:
        return None
    world().state.do(
        "INSERT OR IGNORE INTO elsewhere VALUES (?, ?, ?)", world().state.new_id(), address, json.dumps({**told, "application": None})
    )
    return _known(address)


@elsewhere.post("/practice/fate")
def decide() -> AnyResponse:
    """{"name": whose account, "what": here | moved | suspended | gone, "to", "url": where it moved; the other server otherwise}."""
    fields, here = sent(), world()
    name, what = text_of(fields, "name"), text_of(fields, "what")
    if what not in FATES or not name:
        refuse(400, f"what is one of {', '.join(FATES)}")
    account = person_named(name)
    other = here.neighbour
    to, url = text_of(fields, "to"), text_of(fields, "url")
    if what == "moved" and not to:
        to = f"{account['name']}@{other.domain}" if other else f"{account['name']}@elsewhere.example"
        url = f"{other.base}/@{account['name']}" if other else ""
    here.state.do("INSERT OR REPLACE INTO fate VALUES (?, ?, ?)", account["id"], what, json.dumps({"acct": to, "url": url}))
    return redirect(url_for("pages.practice"), 303) if from_a_form() else jsonify({"name": account["name"], "what": what, "to": to})
