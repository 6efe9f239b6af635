"""How the practice server describes itself: as a Mastodon, unless told to play another."""

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.fediverse.people import DOMAIN
from creatorbot.rehearsal.state import Doc
from creatorbot.rehearsal.world import world

instance = Blueprint("instance", __name__)

# How a repeated Idempotency-Key is met -> the software whose habit that is, and its version. The first is the default.
KEY_MODES: dict[str, tuple[str, str, str]] = {
    "same": ("mastodon", "4.5.3", "It answers with the first post again, as Mastodon does"),
    "ignored": ("gotosocial", "0.20.1", "It posts a second time, as most other servers do"),
    "refused400": ("pixelfed", "0.12.5", "It refuses, even when the first try failed, as Pixelfed does"),
    "error500": ("mastodon", "4.6.5", "It breaks down, as Mastodon 4.6 does"),
    "replay": ("akkoma", "3.15.2", "It repeats its first answer word for word, as Akkoma does"),
}
RULES = ("Be kind.", "Say in your profile when a program posts for you.", "Describe your pictures for people who cannot see them.")
TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
IMAGE_BYTES, IMAGE_PIXELS, DESCRIPTION, MEDIA = 16_777_216, 33_177_600, 1500, 4


def key_mode() -> str:
    """How repeated keys are met at present."""
    return str(world().state.setting("key_mode", "same"))


def software() -> tuple[str, str]:
    """Name and version we claim to be: "mastodon" unless a test says otherwise; the version follows the key mode."""
    here = world().state
    claimed, version, _words = KEY_MODES[key_mode()]
    return str(here.setting("software") or "mastodon"), str(here.setting("version") or (version if claimed == "mastodon" else "4.5.3"))


def max_characters() -> int:
    """How long a post may be."""
    return int(world().state.setting("max_characters", 500))


def _configuration() -> Doc:
    return {
        "urls": {"streaming": world().base.replace("http", "ws"), "status": None},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {"max_characters": max_characters(), "max_media_attachments": MEDIA, "characters_reserved_per_url": 23},
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
    return version if name == "mastodon" else f"2.8.0 (compatible; {name.title()} {version})"


@instance.get("/api/v2/instance")
def second() -> Response:
    """The newer description."""
    return jsonify(
        {
            "domain": DOMAIN,
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
            "uri": DOMAIN,
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
