"""How the practice server describes itself: as the software it plays."""

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.fediverse.access import refuse
from creatorbot.rehearsal.fediverse.manners import manner, software
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import world

instance = Blueprint("instance", __name__)

RULES = ("Be kind.", "Say in your profile when a program posts for you.", "Describe your pictures for people who cannot see them.")
TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
IMAGE_BYTES, IMAGE_PIXELS, DESCRIPTION, MEDIA = 16_777_216, 33_177_600, 1500, 4


def max_characters() -> int:
    """How long a post may be."""
    ordered = world().state.setting("max_characters")
    return ordered if isinstance(ordered, int) and ordered > 0 else manner().characters


def _said() -> object:
    """What we say about it, which may be nonsense when that was ordered."""
    ordered: object = world().state.setting("max_characters")
    return manner().characters if ordered is None else ordered


def _configuration() -> Doc:
    return {
        "urls": {"streaming": world().base.replace("http", "ws"), "status": None},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {"max_characters": _said(), "max_media_attachments": MEDIA, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": list(TYPES),
            "description_limit": DESCRIPTION,
            "image_size_limit": IMAGE_BYTES,
            "image_matrix_limit": IMAGE_PIXELS,
            "video_size_limit": 103_809_024,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746},
        "translation": {"enabled": False},
        "limited_federation": False,
    }


def _rules() -> list[Doc]:
    return [{"id": str(number), "text": text, "hint": ""} for number, text in enumerate(RULES, 1)]


def _version() -> str:
    name, version = software()
    if manner().says and name == manner().software:
        return manner().says
    return version if name in ("mastodon", manner().software) else f"2.8.0 (compatible; {name.title()} {version})"


@instance.get("/api/v2/instance")
def second() -> Response:
    """The newer description."""
    if not manner().newer_description:
        refuse(404, "Record not found")
    return jsonify(
        {
            "domain": world().domain,
            "title": "Practice server",
            "version": _version(),
            "source_url": "https://github.com/mastodon/mastodon",
            "description": "A server for practising. Nothing here reaches anybody.",
            "usage": {"users": {"active_month": 1}},
            "thumbnail": {"url": f"{world().base}/faces/practice.png"},
            "icon": [],
            "languages": ["en"],
            "configuration": _configuration(),
            "registrations": {"enabled": False, "approval_required": False, "message": None},
            "api_versions": {"mastodon": 7},
            "contact": {"email": "", "account": None},
            "rules": _rules(),
        }
    )


@instance.get("/api/v1/instance")
def first() -> Response:
    """The older description."""
    count = world().state.number("SELECT count(*) FROM status WHERE NOT deleted")
    return jsonify(
        {
            "uri": world().domain,
            "title": "Practice server",
            "short_description": "A server for practising.",
            "description": "",
            "email": "",
            "version": _version(),
            "urls": {"streaming_api": world().base.replace("http", "ws")},
            "languages": ["en"],
            "registrations": False,
            "stats": {"user_count": world().state.number("SELECT count(*) FROM account"), "status_count": count, "domain_count": 12},
            "thumbnail": f"{world().base}/faces/practice.png",
            "approval_required": False,
            "invites_enabled": False,
            "configuration": _configuration(),
            "contact_account": None,
            "rules": _rules(),
        }
    )


@instance.get("/api/v1/instance/rules")
def rules() -> Response:
    """What the server asks of everybody."""
    return jsonify(_rules())


@instance.get("/.well-known/nodeinfo")
def nodeinfo_place() -> Response:
    """Where the description for other servers is."""
    return jsonify(
        {
            "links": [
                {"rel": f"http://nodeinfo.diaspora.software/ns/schema/{version}", "href": f"{world().base}/nodeinfo/{version}"}
                for version in ("2.0", "2.1")
            ]
        }
    )


@instance.get("/nodeinfo/2.0")
@instance.get("/nodeinfo/2.1")
def nodeinfo() -> Response:
    """The description for other servers."""
    name, version = software()
    return jsonify(
        {
            "version": request.path.rsplit("/", 1)[1],
            "software": {"name": name, "version": version},
            "protocols": ["activitypub"],
            "services": {"outbound": [], "inbound": []},
            "usage": {"users": {"total": 1, "activeMonth": 1, "activeHalfyear": 1}, "localPosts": 0},
            "openRegistrations": False,
            "metadata": {"nodeName": "Practice server"},
        }
    )
