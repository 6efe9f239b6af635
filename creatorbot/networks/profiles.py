"""What is known of each server software that speaks Mastodon's client interface, as data. Servers' own words override it."""

from creatorbot.networks.base import Profile

COARSE = ("read", "write")

UNKNOWN = Profile("unknown")

PROFILES: dict[str, Profile] = {
    profile.software: profile
    for profile in (
        # Remembers a key for an hour. 4.6.0 to 4.7.0 answer a repeated one with 500 (mastodon/mastodon#40399): "unknown", so we look first.
        Profile("mastodon", repeated_key="same", key_window_s=3300, edits_since=(3, 5)),
        Profile("hometown", repeated_key="same", key_window_s=3300),
        Profile("hollo", repeated_key="same", key_window_s=3300),
        # Replay the stored answer for six hours, good or bad, whoever sends the key.
        Profile("pleroma", repeated_key="replay", key_window_s=20000),
        Profile("akkoma", repeated_key="replay", key_window_s=20000),
        # Burns the key before it posts, and knows only the coarse scopes.
        Profile("pixelfed", repeated_key="refused", needs_picture=True, scopes=COARSE),
        Profile("friendica", media_v2=False, scopes=COARSE),
        Profile("gotosocial"),
        Profile("takahe", revoked_status=(401, 400)),
    )
}


def profile(software: str) -> Profile:
    """What is known of this software; a careful default for unknown ones: no key is trusted."""
    return PROFILES.get(software.strip().lower(), UNKNOWN)
