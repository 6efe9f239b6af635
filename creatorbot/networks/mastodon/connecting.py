"""What the connect page for Mastodon and its kin says and asks."""

from creatorbot.networks.connecting import Ask, Connecting
from creatorbot.networks.profiles import PROFILES
from creatorbot.wording import N_

CONNECTING = Connecting(
    about=N_("Mastodon, and the servers that work like it: Pixelfed, Friendica, GoToSocial, Pleroma, Akkoma, Takahe, Hollo."),
    question=N_("Which server is your Mastodon account on?"),
    lead=N_("It is the part after the second @ of your name there, like the part after the @ in an e-mail address."),
    where=Ask("server", N_("Server or full name"), N_("For example mastodon.social, or @aoife@mastodon.social"), inputmode="url"),
    after=N_(
        "Next you log in on your own server and say yes. We never see your password, and you can take the permission back there at "
        "any time."
    ),
    tried=N_(
        "This was tried with test servers that speak as Mastodon does, and its steps with real Takahe, GoToSocial and Hollo servers; "
        "not yet with Mastodon itself."
    ),
    software=tuple(PROFILES),
)
