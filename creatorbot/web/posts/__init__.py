"""The pages of one post, and the words for the states it and its changes can be in."""

from creatorbot.models import Post
from creatorbot.wording import N_

SENTENCES: dict[str, str] = {
    "waiting": N_("It waits for its time."),
    "due": N_("It goes out in a moment."),
    "claimed": N_("It is on its way to %(domain)s."),
    "published": N_("It is out. In a minute we look once more whether %(domain)s really shows it."),
    "confirmed": N_("It is out, and we have seen it on %(domain)s."),
    "unknown": N_("We sent it, but the answer of %(domain)s was lost. We look whether it is there before anything is sent again."),
    "held": N_("It waits for your answer."),
    "failed": N_("It did not go out. Nothing of it is on %(domain)s."),
    "handed_over": N_("Another account took it over."),
    "vanished": N_("It was out, but %(domain)s no longer shows it."),
    "cancelled": N_("It was called off and does not go out."),
}
TAGS: dict[str, tuple[str, str]] = {
    "waiting": (N_("scheduled"), ""),
    "due": (N_("going out"), "warn"),
    "claimed": (N_("going out"), "warn"),
    "published": (N_("out"), "good"),
    "confirmed": (N_("out"), "good"),
    "unknown": (N_("we are looking"), "warn"),
    "held": (N_("needs you"), "warn"),
    "failed": (N_("not sent"), "bad"),
    "handed_over": (N_("taken over"), ""),
    "vanished": (N_("gone"), "bad"),
    "cancelled": (N_("called off"), ""),
}
OUTCOMES: dict[str, str] = {
    "open": N_("under way"),
    "published": N_("the server took it"),
    "refused": N_("the server said no; nothing was posted"),
    "revoked": N_("our permission was gone; nothing was posted"),
    "busy": N_("the server asked us to come back later; nothing was posted"),
    "unreached": N_("the server could not be reached; nothing was sent"),
    "unknown": N_("the answer was lost; it may have worked"),
    "absent": N_("looked for afterwards: it is not there"),
}
# What became of a change of its text: words and kind of tag.
EDITS: dict[str, tuple[str, str]] = {
    "wanted": (N_("waits its turn"), "warn"),
    "claimed": (N_("on its way"), "warn"),
    "done": (N_("changed"), "good"),
    "failed": (N_("not changed"), "bad"),
    "cancelled": (N_("called off"), ""),
}
MOVING = frozenset({"due", "claimed", "unknown"})
WAS_OUT = (N_("no longer there"), "")


def tag_of(post: Post) -> tuple[str, str]:
    """The words for its state, and the kind of tag. What was out before it ended (taken down, or missed and left so) was not called off."""
    return WAS_OUT if ended_after_being_out(post) else TAGS[post.state]


def ended_after_being_out(post: Post) -> bool:
    """Whether it was out and is not any more, for good."""
    return post.state == "cancelled" and post.published_at is not None
