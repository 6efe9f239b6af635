"""What the connect page for Threads says and asks."""

from creatorbot.networks.connecting import Ask, Connecting
from creatorbot.networks.threads.permission import FIELD
from creatorbot.wording import N_

CONNECTING = Connecting(
    about=N_("Threads, by Meta. It needs a key that you make on Meta’s pages for developers: a quarter of an hour, once."),
    question=N_("What is the key to your Threads account?"),
    lead=N_(
        "Meta lets no program in by a simple yes. You make an “app” of your own there, for yourself alone, and it gives you a key. "
        "Nobody has to approve it, and it costs nothing."
    ),
    steps_at="developers.facebook.com/apps",
    steps=(
        N_("On Meta’s page for developers, log in and choose “Create app”, with the use case “Access the Threads API”."),
        N_(
            "In the use case, under Permissions, add: threads_content_publish, threads_delete, threads_manage_insights, "
            "threads_manage_replies and threads_read_replies."
        ),
        N_("Under App roles, add your own Threads name as a “Threads tester”."),
        N_("In Threads: Settings, Account, Website permissions, Invites. Accept the invitation."),
        N_("Back in the use case, under Settings, “User Token Generator”: press “Generate access token” beside your name, and copy it."),
    ),
    asks=(
        Ask(
            FIELD,
            N_("Key"),
            N_("Meta calls it “access token”: a long row of letters and digits. Not the number of the app, and not its secret."),
            secret=True,
        ),
    ),
    after=N_(
        "We keep the key encrypted. It lasts for sixty days, and we renew it every week; after two months without creatorbot running you "
        "make a new one. To take it back, remove the app in Threads under Website permissions."
    ),
    cannot=(
        N_("A post that is out cannot be changed. It can be deleted."),
        N_("A picture can be attached only when creatorbot has a public address: Threads fetches it from there."),
        N_("Of several hashtags Threads takes the first as its topic; the others stay words."),
        N_("Everything is as public as your profile there, and a warning becomes the first line of the post."),
        N_("Threads is one place: how many servers a post reached says nothing there. People who come are counted."),
        N_("Who passed a post on is not told, only how many. No more than 250 posts go out in a day."),
    ),
    tried=N_(
        "This was built from Meta’s published description and tried with a server of our own. It was never tried with the real Threads."
    ),
)
