"""Which words of a query choose what is shown."""

import pytest

from detector.stages.queries import LEAFED, NOTHING, PAGE_ROWS, chosen_by


@pytest.mark.parametrize(
    "query",
    [
        "",
        "t=1780243200000",
        "_=17&v=3.2&sign=ab12&token=xyz",
        "q=a&keyword=ab",
        "id=1780243200",
        "id=1780243200123",
        "id=",
        "id=%27%20or%201%3D1",
        "session_id=77&last_id=9&since=4",
        "page",
        "page=next",
        "page=-1",
        f"page={LEAFED}",
        f"offset={LEAFED * PAGE_ROWS}&limit=20",
    ],
)
def test_what_changes_by_itself_or_is_leafed_through_by_people_chooses_nothing(query: str) -> None:
    assert chosen_by(query) == NOTHING


@pytest.mark.parametrize(
    ("query", "text", "number"),
    [
        (f"page={LEAFED + 1}&size=20&t=1780243200000", "page=31", 31),
        ("page_num=400", "pagenum=400", 400),
        (f"limit=20&offset={LEAFED * PAGE_ROWS + 20}", "offset=620", 620),
        ("id=77", "id=77", 77),
        ("material_id=a1b2-c3", "materialid=a1b2-c3", 0),
        ("t=5&categoryId=9&page=50", "categoryid=9&page=50", 50),
        ("page=50&categoryId=9", "categoryid=9&page=50", 50),
    ],
)
def test_deep_pages_and_things_choose(query: str, text: str, number: int) -> None:
    chosen = chosen_by(query)
    assert (text, number) == (chosen.text, chosen.number)
