"""Who came: machines are never counted as people, people always are."""

import pytest

from creatorbot.links.classify import Classified, VisitFacts, classify
from tests.links import rows


def seen(user_agent: str, **more: object) -> Classified:
    return classify(VisitFacts(user_agent, **more))  # type: ignore[arg-type]


def test_a_followed_link_is_a_person() -> None:
    assert seen(rows.FIREFOX, fetch_mode="navigate", fetch_dest="document") == Classified("person", "navigation")


@pytest.mark.parametrize("user_agent", [rows.SAFARI_IPAD, rows.INSTAGRAM, rows.CUBOT])
def test_old_tablets_and_in_app_browsers_without_fetch_metadata_are_people(user_agent: str) -> None:
    assert seen(user_agent, accepts_html=True, has_language=True) == Classified("person", "browser_headers")


def test_a_browsers_name_alone_is_uncertain() -> None:
    assert seen(rows.CHROME) == Classified("uncertain", "bare")
    assert seen(rows.CHROME, accepts_html=True) == Classified("uncertain", "bare")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"fetch_mode": "cors", "fetch_dest": "empty"}, "by_script"),
        ({"fetch_mode": "navigate", "fetch_dest": "iframe"}, "framed"),
    ],
)
def test_what_a_page_does_by_itself_is_uncertain(facts: dict[str, str], reason: str) -> None:
    assert seen(rows.CHROME, accepts_html=True, has_language=True, **facts) == Classified("uncertain", reason)


def test_looking_ahead_is_not_a_person() -> None:
    assert seen(rows.CHROME, fetch_mode="navigate", fetch_dest="document", ahead=True) == Classified("preview", "prefetch")


@pytest.mark.parametrize("user_agent", [rows.FIREFOX, rows.SAFARI_IPAD, rows.CUBOT, "", "curl/8", "WhatsApp/2", rows.mastodon("a.example")])
def test_head_is_never_a_person(user_agent: str) -> None:
    verdict = seen(user_agent, method="HEAD", fetch_mode="navigate", fetch_dest="document", accepts_html=True, has_language=True)
    assert verdict.kind in ("bot", "preview")


def test_a_server_that_pretends_to_navigate_is_still_a_server() -> None:
    verdict = seen(rows.mastodon("music.example"), fetch_mode="navigate", fetch_dest="document")
    assert verdict == Classified("preview", "fediverse_server", "music.example", "mastodon")
