"""User agents: told apart, and nothing of anybody kept."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.links.agents import read_agent
from tests.links import rows

SERVERS = [
    ("Mastodon/4.6.5 (http.rb/5.3.1; +https://music.example/) Bot", "mastodon", "music.example"),
    ("http.rb/5.1.1 (Mastodon/4.2.20; +https://old.example/) Bot", "mastodon", "old.example"),
    ("http.rb/4.4.1 (Mastodon/4.0.2+hometown-1.1.1; +https://hometown.example:8443/)", "mastodon", "hometown.example"),
    ("Pleroma 2.7.0; https://ple.example <admin@ple.example>; Bot", "pleroma", "ple.example"),
    (rows.AKKOMA, "akkoma", "social.example.org"),
    ("Friendica 'Giant Rhubarb' 2019.01-1293; https://friend.example", "friendica", "friend.example"),
    ("Lemmy/0.19.12; +https://lemmy.example", "lemmy", "lemmy.example"),
    ("PixelFedBot/1.0.0 (Pixelfed/0.12.5; +https://pixels.example)", "pixelfed", "pixels.example"),
    ("python-httpx/0.27.0 (Takahe/0.11.0; +https://takahe.example/)", "takahe", "takahe.example"),
    ("Hollo/0.7.0 (Fedify/2.0.0; Node.js/v24.1.0; +https://hollo.example/)", "hollo", "hollo.example"),
    ("WordPress/6.8.1; https://blog.example; ActivityPub", "wordpress", "blog.example"),
    ("SummalyBot/5.2.5", "misskey", ""),
    ("Misskey/2025.9.0 (https://mk.example)", "misskey", "mk.example"),
    ("Sharkey/2025.2.2 (https://sk.example)", "sharkey", "sk.example"),
    ("Friendica/2024.12 DatabaseVersion/1576 Request/SiteInfo/1 +https://friend.example", "friendica", "friend.example"),
    ("Somebodys-Server/1.0 (ActivityPub; +https://own.example/)", "activitypub", "own.example"),
    ("Mastodon/4.6.5 (http.rb/5.3.1; +https://10.0.0.8/) Bot", "mastodon", ""),
    ("Mastodon/4.6.5 (http.rb/5.3.1; +https://printer.local/) Bot", "mastodon", ""),
    ("Mastodon/4.6.5 (http.rb/5.3.1; +https://me@there.example/) Bot", "mastodon", ""),
]


@pytest.mark.parametrize(("user_agent", "software", "host"), SERVERS)
def test_a_server_is_known_by_its_software_and_its_public_name(user_agent: str, software: str, host: str) -> None:
    agent = read_agent(user_agent)
    assert (agent.kind, agent.software, agent.host) == ("server", software, host)
    assert "@" not in agent.kept


@pytest.mark.parametrize(
    "user_agent",
    [
        rows.SAFARI_IPAD,
        rows.FIREFOX,
        rows.CHROME,
        rows.INSTAGRAM,
        rows.CUBOT,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/21F79 [FBAN/FBIOS;FBAV/465.0.0.45;FBLC/de]",
        "Mozilla/5.0 (compatible; Konqueror/3.4; CYGWIN_NT-5.1) KHTML/3.4.89 (like Gecko)",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/191.359; U; en) Presto/2.12.423 Version/12.16",
        "Mozilla/5.0 (Linux; Android 13; Mitra Phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile Safari/537.36",
        "Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1",
        "ELinks (0.4pre5; Linux 2.4.27 i686; 80x25)",
        "LGE-KU990i/V10b Browser/Obigo-Q05A/3.6 MMS/LG-MMS-V1.0/1.2 Java/ASVM/1.0 Profile/MIDP-2.0 Configuration/CLDC-1.1",
        "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0",
        "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.1",
        "HTC_Touch_3G Mozilla/4.0 (compatible; MSIE 6.0; Windows CE; IEMobile 7.11)",
        "HbbTV/1.2.1 (;Panasonic;VIERA 2014;3.101;6101-0003 0008-0000;)",
        "Mozilla/5.0 (Nintendo 3DS; U; ; en) Version/1.7498.US",
        "IBrowse/2.5.5 (Amiga; MorphOS 3.16; Build 25.99 68K)",
        "Mozilla/5.0 (Linux; Android 9; Spider A5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/83.0.4103.106 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 4.4.2; ROBOT Build/KOT49H) AppleWebKit/537.36 Chrome/33.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/111.0.0.0 Safari/537.36 (Ecosia android@111.0.5563.116)",
        "Mozilla/5.0 (Linux; Android 13; SM-S901B; wv) AppleWebKit/537.36 Chrome/112.0.5615.136 [FB_IAB/FB4A;FBAV/443.0.0.23.229;]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK/10.5.5",
    ],
)
def test_browsers_of_people_are_browsers(user_agent: str) -> None:
    assert read_agent(user_agent).kind == "browser"


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "preview"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 "
            "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            "preview",
        ),
        ("WhatsApp/2.23.20.0 A", "preview"),
        ("undici", "preview"),
        ("Slack-ImgProxy (+https://api.slack.com/robots)", "preview"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("curl/8.5.0", "bot"),
        ("node", "bot"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36", "bot"),
        ("Mozilla/5.0 (contact: someone@example.org)", "bot"),
        ("Mozilla/5.0 (contact: someone(at)example.org)", "bot"),
        ("Mozilla/5.0", "bot"),
        ("Mozilla/5.0 (Windows NT 5.1) brokenlinks.example.com/1.2", "bot"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) AppleWebKit/537.36 Chrome/97.0.4692.71 Safari/537.36 (Waiting Agent)", "bot"),
        ("Mozilla/5.0 (Linux; Android 6.0.1; Somebot) AppleWebKit/537.36 Chrome/80.0.3987.92 Mobile Safari/537.36", "bot"),
        ("Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Otherbot)", "bot"),
        ("x", "bot"),
        ("", "none"),
        ("   ", "none"),
    ],
)
def test_machines_are_not_browsers(user_agent: str, kind: str) -> None:
    assert read_agent(user_agent).kind == kind


def test_what_is_kept_holds_no_address_and_no_mail() -> None:
    user_agent = "Mozilla/5.0 (reader 192.0.2.77; 2001:db8::1f; mailto:fan%40example.org me@example.org) Chrome/142.0.0.0 x/10.1.2.3"
    kept = read_agent(user_agent).kept
    assert kept == "Mozilla/5.0 (reader -; -; @ @) Chrome/142 x/10"


PIECES = st.sampled_from(
    [
        "Mozilla/5.0",
        " ",
        "(",
        ")",
        ";",
        "@",
        "%40",
        "1.2.3.4",
        "::1",
        "fe80::1:2",
        "/",
        ".",
        ":",
        "10",
        "Chrome/1.2.3.4",
        "https://",
        "bot",
        "Mastodon/4.5",
        "wordpress/6.1; ",
        "host.example",
        "a",
        "-",
        "compatible;",
        " MSIE",
        "Akkoma 3; ",
        "<",
        ">",
        "\t",
        "é",
        "pinterest/0",
    ]
)
USER_AGENTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))


@settings(deadline=None)
@given(USER_AGENTS)
def test_reading_what_was_kept_gives_the_same_again(user_agent: str) -> None:
    agent = read_agent(user_agent)
    assert read_agent(agent.kept) == agent


@settings(deadline=None)
@given(USER_AGENTS)
def test_no_user_agent_smuggles_an_address_or_a_mail_in(user_agent: str) -> None:
    kept = read_agent(user_agent).kept
    assert not re.search(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}", kept)
    assert not re.search(r"[\w.]@[\w.]|%40", kept)
