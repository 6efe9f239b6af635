"""What is known of each server software that speaks Mastodon's client interface, as data. Servers' own words override it.

From the servers' own sources and documents (2026); what differs from Mastodon carries its reason. No server's own clock is used for
posts: some post at once what they were to keep until later, one loses it.
"""

from creatorbot.networks.base import Limits, Profile
from creatorbot.wording import N_

FINE = ("read:accounts", "read:statuses", "read:search", "write:statuses", "write:media")
COARSE = ("read", "write")
HOUR, SIX_HOURS = 3300, 20_000  # seconds that a key is sure to be remembered, with a little to spare

_STEPS = N_(
    "Its steps were tried by hand on a real server of this kind; this program as a whole only on a practice server that behaves like one."
)
_NEVER = N_("This was tried on a practice server that behaves as this kind of server is documented to, and never yet on a real one.")
_STRANGE = N_("We know nothing of this kind of server, so only what all of them have in common is used. It was never tried on one.")
_NO_PREVIEW = N_("No preview is shown under a link there.")
_NO_POLL = N_("Polls are not possible there.")
_PICTURE = N_("Every post needs a picture there, so the cover always goes along.")
_A_YEAR = N_("Our permission runs out there after about a year. Then you are asked to connect the account again.")
_TO_ALL = N_("Posts for followers only are not sent there: nobody knows whether this kind of server keeps them from others.")

# No key is trusted, and nothing is posted whose audience it may not understand.
UNKNOWN = Profile(
    "unknown",
    visibilities=("public", "unlisted"),
    scopes=FINE,
    revoked_status=(401, 403, 400),
    counting="either",
    tried=_STRANGE,
    cannot=(_TO_ALL, _NO_POLL),
)

PROFILES: dict[str, Profile] = {
    profile.software: profile
    for profile in (
        # Remembers a key for an hour. 4.6.0 to 4.7.0 answer a repeated one with 500 (mastodon/mastodon#40399): "unknown", so we look first.
        Profile("mastodon", "Mastodon", "same", HOUR, edits_since=(3, 5), polls=True, tried=_NEVER),
        # Mastodon with more limits and switches. Where an account has moved it still lets one post, to nobody: the daily look finds it.
        Profile("glitch", "Mastodon (glitch)", "same", HOUR, edits_since=(3, 5), polls=True, tried=_NEVER),
        Profile("hometown", "Hometown", "same", HOUR, edits_since=(3, 5), polls=True, tried=_NEVER),
        # Reads lists and yes or no only out of JSON: from a form it drops the picture and refuses the rest.
        Profile("hollo", "Hollo", "same", HOUR, speaks_json=True, polls=True, limits=Limits(characters=4096), tried=_STEPS),
        # Replay the stored answer for six hours, good or bad, whoever sends the key. A wrong permission is 403 there.
        Profile(
            "pleroma",
            "Pleroma",
            "replay",
            SIX_HOURS,
            revoked_status=(401, 403),
            edits_since=(2, 5),
            polls=True,
            counting="plain",
            limits=Limits(characters=5000, url_length=0),
            tried=_NEVER,
        ),
        Profile(
            "akkoma",
            "Akkoma",
            "replay",
            SIX_HOURS,
            revoked_status=(401, 403),
            polls=True,
            counting="plain",
            limits=Limits(characters=5000, url_length=0),
            tried=_NEVER,
        ),
        # Burns the key before it looks at the post, and knows only the coarse scopes. Says that addresses count 23, and counts them whole.
        Profile(
            "pixelfed",
            "Pixelfed",
            "refused",
            needs_picture=True,
            scopes=COARSE,
            revoked_status=(401, 403),
            counting="plain",
            limits=Limits(picture_bytes=15_000_000, description=1000),
            tried=_NEVER,
            cannot=(_PICTURE, _NO_PREVIEW, _NO_POLL, _A_YEAR),
        ),
        # Without the extra field it makes a content warning the title of the post.
        Profile(
            "friendica",
            "Friendica",
            media_v2=False,
            scopes=COARSE,
            counting="plain",
            extra=(("friendica[title]", ""),),
            mentions="@!",  # an exclamation mark tells a whole group
            limits=Limits(characters=200_000, url_length=0),
            tried=_NEVER,
            cannot=(_NO_POLL,),
        ),
        Profile(
            "gotosocial",
            "GoToSocial",
            edits_since=(0, 18),
            polls=True,
            counting="plain",
            limits=Limits(characters=5000, pictures=6),
            tried=_STEPS,
            cannot=(_NO_PREVIEW,),
        ),
        # Answers a wrong permission with 400, and lets only those boost who may favour.
        Profile(
            "takahe",
            "Takahē",
            scopes=(*FINE, "write:favourites"),
            revoked_status=(401, 400),
            polls=True,
            speaks_json=True,
            counting="plain",
            tried=_STEPS,
            cannot=(_NO_PREVIEW,),
        ),
    )
}
_OTHER_NAMES = {"glitchcafe": "glitch", "glitch-soc": "glitch"}


def profile(software: str) -> Profile:
    """What is known of this software; a careful default for unknown ones: no key is trusted."""
    return PROFILES.get(software.strip().lower(), UNKNOWN)


def software_of(name: str, version: str) -> str:
    """The software's name as the profiles have it. name, version: as it calls itself; one kind of Mastodon says it only in the version."""
    named = name.strip().lower()
    if named == "mastodon" and "glitch" in version.lower():
        return "glitch"
    return _OTHER_NAMES.get(named, named)
