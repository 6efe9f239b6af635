"""Numbers in addresses: as large as a row's number can be, and not there beyond."""

import pytest

from tests.web.conftest import House


@pytest.mark.parametrize(
    "path", ["posts", "releases", "money", "announcements", "results/posts", "connections/accounts", "connections/sources"]
)
@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "9" * 5000])
def test_a_number_no_row_can_have_is_not_there(house: House, path: str, number: str) -> None:
    assert house.client("alice").get(f"/{path}/{number}").status_code == 404


def test_the_largest_number_is_looked_for(house: House) -> None:
    answer = house.client("alice").get("/releases/2147483647")
    assert answer.status_code == 404
