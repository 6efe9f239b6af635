"""The handles behind the stage: order troubles, choose how repeated keys are met, count what was really posted."""

from flask import Blueprint, Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from creatorbot.rehearsal import faults
from creatorbot.rehearsal.fediverse.access import refuse, sent, text_of
from creatorbot.rehearsal.fediverse.instance import max_characters
from creatorbot.rehearsal.fediverse.manners import key_mode, play, software
from creatorbot.rehearsal.fediverse.manners.table import KEY_MODES, MANNERS
from creatorbot.rehearsal.fediverse.statuses import status_json
from creatorbot.rehearsal.fediverse.troubles import TABLE
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import from_a_form, world

control = Blueprint("control", __name__)


def _answer(body: Doc) -> AnyResponse:
    """To a form: back to the page; to a program: JSON."""
    return redirect(url_for("pages.practice"), 303) if from_a_form() else jsonify(body)


def _ordered() -> Doc:
    return {
        "faults": [
            {"behaviour": row["behaviour"], "times": row["times_left"] or 0, "seconds": row["seconds"]}
            for row in faults.ordered(world().state, "fediverse")
        ],
        "behaviours": {name: fault.words for name, fault in TABLE.items()},
    }


@control.get("/practice/faults")
def ordered() -> Response:
    """What is still to go wrong (times 0: until cleared), and what could."""
    return jsonify(_ordered())


@control.post("/practice/faults")
def order() -> AnyResponse:
    """{"behaviour": name, "times": 1 (0: until cleared), "seconds": optional}; behaviour "none" clears all."""
    fields = sent()
    behaviour, times, seconds = text_of(fields, "behaviour"), text_of(fields, "times") or "1", text_of(fields, "seconds")
    if behaviour == "none":
        faults.clear(world().state, "fediverse")
        return _answer(_ordered())
    try:
        number, length = int(times), float(seconds) if seconds else None
    except ValueError:
        refuse(400, "times and seconds are numbers")
    if behaviour not in TABLE:
        refuse(400, f"no such behaviour: {behaviour}")
    if behaviour == "refused":
        world().go_away(TABLE[behaviour].seconds if length is None else length)
        return _answer(_ordered())
    faults.order(world().state, "fediverse", TABLE, behaviour, number, length)
    return _answer(_ordered())


@control.delete("/practice/faults")
def clear() -> Response:
    """All is well again."""
    faults.clear(world().state, "fediverse")
    return jsonify(_ordered())


@control.post("/practice/keys")
def keys() -> AnyResponse:
    """{"mode": same | ignored | refused400 | error500 | replay, "software", "version": optional, what the server claims to be}."""
    fields, here = sent(), world().state
    mode = text_of(fields, "mode") or key_mode()
    if mode not in KEY_MODES:
        refuse(400, f"mode is one of {', '.join(KEY_MODES)}")
    here.set("key_mode", mode)
    for name in ("software", "version"):
        if name in fields:
            here.set(name, text_of(fields, name))
    if "max_characters" in fields:
        here.set("max_characters", fields["max_characters"])
    return _answer({"mode": mode, "software": software()[0], "version": software()[1]})


@control.post("/practice/manner")
def manners() -> AnyResponse:
    """{"name": one of the table's}: from now on it is this software, with its ids, its refusals, its habits."""
    name = text_of(sent(), "name")
    if name not in MANNERS:
        refuse(400, f"name is one of {', '.join(MANNERS)}")
    play(name)
    return _answer({"name": name, "software": software()[0], "version": software()[1]})


@control.get("/practice/keys")
def keys_now() -> Response:
    """The present mode."""
    return jsonify(
        {
            "mode": key_mode(),
            "software": software()[0],
            "version": software()[1],
            "max_characters": max_characters(),
        }
    )


@control.get("/practice/statuses")
def all_statuses() -> Response:
    """Everything that was ever really posted, oldest first, deleted ones too; `count` is without those."""
    rows = world().state.rows("SELECT * FROM status ORDER BY id")
    previews = world().state.rows("SELECT status_id, server, software, code, title FROM preview ORDER BY made")
    listed = [
        {
            **status_json(row, own=True),
            "text": row["text"],
            "deleted": bool(row["deleted"]),
            "previews": [
                {name: one[name] for name in ("server", "software", "code", "title")} for one in previews if one["status_id"] == row["id"]
            ],
        }
        for row in rows
    ]
    return jsonify({"count": sum(not row["deleted"] for row in rows), "created": len(rows), "statuses": listed})
