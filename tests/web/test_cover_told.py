"""A cover that could not be fetched: the release's page says why, until it is there."""

from creatorbot.runtime import Runtime
from tests.web.desk import open_house, words

WHY = "There is a web page at this place, not a picture."


def test_why_there_is_no_cover_is_told_on_the_releases_page(runtime: Runtime) -> None:
    house = open_house(runtime)
    troubled = house.release(cover_url="https://aoife.example/cover", cover_sentence=WHY, cover_failures=2)
    fine = house.release(title="Old Demos")
    browser = house.browser()
    assert WHY in words(browser.get(f"/releases/{troubled}"))
    assert "We try again by ourselves." not in words(browser.get(f"/releases/{fine}"))
