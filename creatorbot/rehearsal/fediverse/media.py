"""Pictures: uploaded, checked to be pictures, kept with their description, shown."""

import io
from pathlib import Path

from flask import Blueprint, Response, jsonify, request, send_file
from PIL import Image, UnidentifiedImageError

from creatorbot.rehearsal.fediverse.access import person, refuse
from creatorbot.rehearsal.fediverse.instance import DESCRIPTION, IMAGE_BYTES, IMAGE_PIXELS, TYPES
from creatorbot.rehearsal.fediverse.manners import manner, shown_id
from creatorbot.rehearsal.fediverse.text import graphemes
from creatorbot.rehearsal.state import Doc, Row, State
from creatorbot.rehearsal.world import world

media = Blueprint("media", __name__)


def file_of(state: State, media_id: int) -> Path:
    """Where a picture lies."""
    return state.folder / "media" / str(media_id)


def media_json(row: Row) -> Doc:
    """A picture as the API shows it."""
    address = f"{world().base}/media/{row['id']}"
    size = {
        "width": row["width"],
        "height": row["height"],
        "size": f"{row['width']}x{row['height']}",
        "aspect": row["width"] / max(1, row["height"]),
    }
    return {
        "id": shown_id(row["id"]),
        "type": "image",
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": {"original": size, "small": size},
        "description": row["description"] or None,
        "blurhash": "UGC~-#M{0JfkNFofR%M{IURj%Mt7E0oM%MR*",
    }


def _measured(body: bytes) -> tuple[str, int, int]:
    """Type, width and height; refuses what is no picture, or too much of one."""
    if len(body) > IMAGE_BYTES:
        refuse(422, "Validation failed: File must be less than 16 MB")
    try:
        with Image.open(io.BytesIO(body)) as picture:
            mime, (width, height) = Image.MIME.get(picture.format or "", ""), picture.size
            if width * height <= IMAGE_PIXELS:
                picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        refuse(422, "Validation failed: File content type is invalid, File is invalid")
    if mime not in TYPES:
        refuse(422, "Validation failed: File content type is invalid")
    if width * height > IMAGE_PIXELS:
        refuse(422, f"Validation failed: {width}x{height} images are not supported")
    return mime, width, height


@media.post("/api/v2/media")
@media.post("/api/v1/media")
def upload() -> Response:
    """A picture with its description; ready at once."""
    owner = person("write:media")
    if request.path == "/api/v2/media" and not manner().newer_media:
        refuse(404, "Record not found")
    file = request.files.get("file")
    if file is None:
        refuse(422, "Validation failed: File can't be blank")
    body, description = file.read(), request.form.get("description", "")
    if graphemes(description) > DESCRIPTION:
        refuse(422, f"Validation failed: Description is too long (maximum is {DESCRIPTION} characters)")
    mime, width, height = _measured(body)
    here = world().state
    number = here.new_id()
    file_of(here, number).write_bytes(body)
    here.do("INSERT INTO media VALUES (?, ?, NULL, ?, ?, ?, ?, ?)", number, owner["id"], description, mime, width, height, here.now())
    return jsonify(media_json(_media(number, owner["id"])))


def is_ready(number: int) -> bool:
    """Whether it can hang on a post. One that is ordered to take its time becomes ready by being asked for."""
    waiting = world().state.setting(f"preparing {number}")
    return waiting is None or waiting["looks"] <= 0


def _prepared(row: Row) -> Response:
    """A picture that is still being prepared: 206, until it is ready, or was no good."""
    waiting = world().state.setting(f"preparing {row['id']}")
    if waiting is None:
        return jsonify(media_json(row))
    world().state.set(f"preparing {row['id']}", {**waiting, "looks": waiting["looks"] - 1})
    if waiting["looks"] > 0:
        answer = jsonify({**media_json(row), "url": None})
        answer.status_code = 206
        return answer
    if waiting["fails"]:
        refuse(422, "Error processing thumbnail for uploaded media")
    return jsonify(media_json(row))


def _media(number: int, owner: int) -> Row:
    row = world().state.row("SELECT * FROM media WHERE id = ? AND account_id = ? AND status_id IS NULL", number, owner)
    if row is None:
        refuse(404, "Record not found")
    return row


@media.get("/api/v1/media/<remote:number>")
def one(number: int) -> Response:
    """A picture not yet in a post."""
    return _prepared(_media(number, person("write:media")["id"]))


@media.put("/api/v1/media/<remote:number>")
def describe(number: int) -> Response:
    """A new description for a picture not yet in a post."""
    owner = person("write:media")["id"]
    _media(number, owner)
    world().state.do("UPDATE media SET description = ? WHERE id = ?", request.values.get("description", ""), number)
    return jsonify(media_json(_media(number, owner)))


@media.get("/media/<int:number>")
def show(number: int) -> Response:
    """The picture itself."""
    here = world().state
    row = here.row("SELECT * FROM media WHERE id = ?", number)
    if row is None or not file_of(here, number).exists():
        refuse(404, "Record not found")
    return send_file(file_of(here, number), mimetype=row["mime"], max_age=86400)
