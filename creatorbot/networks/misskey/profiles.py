"""What is known of each server software of the Misskey family, as data. Servers' own words override it."""

from dataclasses import replace

from creatorbot.networks.base import Profile

# What we ask to be let do, in the family's own words. The first is also needed to find another server's post.
SCOPES = ("read:account", "write:notes", "write:drive")

_REVOKED = (401, 403)

UNKNOWN = Profile("unknown", scopes=SCOPES, revoked_status=_REVOKED, edits=False, polls=True, counting="plain")

# None of them knows a key for repeats: only looking protects. misskey.io alone gives the same post back for the same words, for 30 to 60
# seconds, which is too short to rely on.
PROFILES: dict[str, Profile] = {
    name: replace(UNKNOWN, software=name, label=label, edits=edits)
    for name, label, edits in (
        ("misskey", "Misskey", False),
        ("cherrypick", "CherryPick", False),  # changes a post here, but tells no other server
        ("foundkey", "FoundKey", False),
        ("calckey", "Calckey", False),
        ("sharkey", "Sharkey", True),
        ("firefish", "Firefish", True),
        ("iceshrimp", "Iceshrimp", True),
        ("catodon", "Catodon", True),
    )
}

# Content warnings: 100 characters in Misskey, more in some of its kin; the server's own word is not to be had everywhere.
WARNING = 100


def profile(software: str) -> Profile:
    """What is known of this software; for unknown ones that nothing can be relied on."""
    return PROFILES.get(software.strip().lower(), UNKNOWN)
