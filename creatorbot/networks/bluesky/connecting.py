"""What the connect page for Bluesky says and asks."""

from creatorbot.networks.connecting import Ask, Connecting
from creatorbot.wording import N_

CONNECTING = Connecting(
    about=N_("Bluesky, and servers of their own that belong to it."),
    question=N_("What is your name on Bluesky?"),
    lead=N_("And an app password: a password made for this program alone, which you can take back at any time."),
    where=Ask("handle", N_("Your name there"), N_("For example aoife.bsky.social, or your own domain")),
    asks=(
        Ask(
            "password",
            N_("App password"),
            N_("In Bluesky: Settings, Privacy and security, App passwords. It looks like abcd-efgh-ijkl-mnop. Never your own password."),
            secret=True,
        ),
    ),
    after=N_("We keep the app password encrypted and use it only to post, to see whether a post arrived, and to count what came back."),
    cannot=(
        N_("Posts are at most 300 characters. Addresses are shown shortened; they lead where they did."),
        N_("A post that is out cannot be changed: Bluesky goes on showing the first words. It can be deleted."),
        N_("Everything is public there, and a warning in your own words becomes the first line of the post."),
        N_("The card under a post is drawn from what we send along, so servers reached cannot be counted; people can."),
    ),
    tried=N_("This was tried with a server of our own that speaks as Bluesky’s do, and never yet with the real Bluesky."),
)
