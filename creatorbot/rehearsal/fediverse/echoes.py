"""What comes back for a post on the practice server: boosts, favourites, quotes and answers by people who do not exist."""

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.fediverse.access import refuse, sent, text_of, token_row
from creatorbot.rehearsal.fediverse.manners import shown_id
from creatorbot.rehearsal.fediverse.manners.ids import number_of
from creatorbot.rehearsal.fediverse.people import moment
from creatorbot.rehearsal.fediverse.statuses import seen
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import world

echoes = Blueprint("echoes", __name__)
MOST = 40


def _reader() -> int | None:
    token = token_row("read:statuses")
    return token["account_id"] if token else None


def _somebody(handle: str) -> Doc:
    """A person on another server, as that server would describe them."""
    name, _, host = handle.lstrip("@").partition("@")
    page = f"https://{host or 'far.example'}/@{name}"
    return {"id": handle, "username": name, "acct": f"{name}@{host or 'far.example'}", "display_name": name.title(), "url": page}


@echoes.get("/api/v1/statuses/<remote:number>/reblogged_by")
def boosted_by(number: int) -> Response:
    """Who boosted it, the latest first."""
    row = seen(number, _reader())
    here = world().state.rows(
        "SELECT name FROM status JOIN account ON account.id = account_id WHERE reblog_of = ? AND NOT deleted ORDER BY status.id DESC",
        row["id"],
    )
    own = [
        {"id": one["name"], "acct": one["name"], "display_name": one["name"].title(), "url": f"{world().base}/@{one['name']}"}
        for one in here
    ]
    return jsonify([*own, *(_somebody(str(one)) for one in reversed(_of(row, "boosters")))][:MOST])


@echoes.get("/api/v1/statuses/<remote:number>/context")
def context(number: int) -> Response:
    """What was answered to it, oldest first."""
    row = seen(number, _reader())
    below = [
        {
            "id": f"{row['id']}{at}",
            "created_at": moment(row["made"] + 60 * (at + 1)),
            "in_reply_to_id": shown_id(row["id"]),
            "visibility": "public",
            "spoiler_text": "",
            "content": f"<p>{one['words']}</p>",
            "url": f"{_somebody(one['who'])['url']}/{at + 1}",
            "account": _somebody(one["who"]),
        }
        for at, one in enumerate(_of(row, "replies"))
    ]
    return jsonify({"ancestors": [], "descendants": below})


def _of(row: Row, name: str) -> list[Doc]:
    found: list[Doc] = (world().state.setting(f"echo {row['id']}") or {}).get(name, [])
    return found


@echoes.post("/practice/echoes")
def order() -> Response:
    """{"status": id, "boosters": ["ann@far.example"], "favourites": 3, "quotes": 1, "replies": [{"who", "words"}]}: from now on."""
    fields = sent()
    try:
        number = number_of(text_of(fields, "status"))
    except ValueError:
        number = 0
    if world().state.row("SELECT 1 FROM status WHERE id = ? AND NOT deleted", number) is None:
        refuse(404, "Record not found")
    kept = {name: fields[name] for name in ("boosters", "favourites", "quotes", "replies") if name in fields}
    world().state.set(f"echo {number}", {**(world().state.setting(f"echo {number}") or {}), **kept})
    return jsonify({"status": shown_id(number), **kept, "asked": request.path})
