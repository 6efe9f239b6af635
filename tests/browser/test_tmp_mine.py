"""tmp"""
from playwright.sync_api import Page, expect
from tests.browser.conftest import Live, look
from tests.browser.test_pages_shown import furnish_links, house  # noqa
from tests.web.desk import House
from tests.web.links.rows import poster, publish, link
from tests.web.links.test_posters import covered

def test_mine(house: House, page: Page) -> None:
    page.goto("/links"); look(page, "links-empty")
    rel = covered(house)
    publish(house)
    for name, path in furnish_links(house, rel, house.service()).items():
        if name=="links-of-posts":
            house.post(rel, house.account())
        page.goto(path)
        look(page, name)
    page.goto("/more"); look(page, "more")
