"""What the connect page for Misskey and its kin says and asks."""

from creatorbot.networks.connecting import Ask, Connecting
from creatorbot.networks.misskey.profiles import PROFILES
from creatorbot.wording import N_

EXAMPLE = "misskey.io"

CONNECTING = Connecting(
    about=N_("Misskey, and the servers that grew out of it: Sharkey, Iceshrimp, Firefish, CherryPick and others."),
    question=N_("Which server is your Misskey account on?"),
    lead=N_("It is the part after the second @ of your name there. Sharkey, Iceshrimp, Firefish and CherryPick belong here, too."),
    where=Ask("server", N_("Server or full name"), N_("For example misskey.io, or @aoife@misskey.io"), inputmode="url"),
    after=N_(
        "Next you log in on your own server and say yes. We never see your password, and you can take the permission back there at any "
        "time, in the settings under the programs you let in."
    ),
    cannot=(
        N_("Misskey itself does not let a post be changed once it is out. Sharkey, Iceshrimp and Firefish do."),
        N_("These servers keep no note of a post’s language, so the language you choose is not shown there."),
    ),
    tried=N_("This was built from these servers’ own source and tried with a test server of ours. It was never tried against a real one."),
    software=tuple(PROFILES),
    returns="session",
)
