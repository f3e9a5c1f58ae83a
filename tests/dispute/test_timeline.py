"""The picture of a case: everything is in it, within it, and nothing covers anything."""

from itertools import combinations
from xml.etree.ElementTree import Element, fromstring

import pytest

from detector.alerts import Alert
from detector.dispute.markup import picture
from detector.dispute.timeline import WIDTH, timeline
from detector.dispute.words import LANGUAGES, Language, words
from tests.dispute.making import NOON_MS, alert, case, evidence

SVG = "{http://www.w3.org/2000/svg}"


def drawn(alerts: list[Alert], language: Language = "en") -> Element:
    events = [event for each in alerts for event in each.evidence]
    return fromstring(picture(timeline(words(language), alerts, events)))  # noqa: S314  # made here


def texts(svg: Element) -> list[str]:
    return ["".join(each.itertext()) for each in svg.iter(f"{SVG}text")]


def boxes(svg: Element) -> list[tuple[float, float]]:
    """Left and top of each numbered box, the legend's among them."""
    rects = [
        group.find(f"{SVG}rect") for group in svg.iter(f"{SVG}g") if group.find(f"{SVG}text") is not None
    ]
    return [(float(each.get("x", 0)), float(each.get("y", 0))) for each in rects if each is not None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 12])
def test_every_alert_is_drawn_and_named(language: Language, count: int) -> None:
    svg = drawn(case(count), language)
    numbers = [text for text in texts(svg) if text.isdigit()]
    assert sorted([*map(str, range(1, count + 1))] * 2) == sorted(numbers)
    named = {words(language).name("actions", each.action) for each in case(count)}
    assert all(any(name in text for text in texts(svg)) for name in named)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 40])
def test_nothing_lies_outside(count: int) -> None:
    svg = drawn(case(count))
    height = float(svg.get("viewBox", "").split()[3])
    for each in svg.iter():
        x, y = (float(each.get(name) or each.get(f"c{name}") or 0) for name in "xy")
        wide = each.get("width", "0")
        if each.get("text-anchor") == "middle":
            assert x + 3.3 * len("".join(each.itertext())) <= WIDTH
        assert 0 <= x <= WIDTH
        assert 0 <= y <= height
        assert wide == "100%" or each is svg or x + float(wide) <= WIDTH


def test_boxes_of_one_moment_do_not_cover_one_another() -> None:
    together = [alert(alert_id=f"a-{number}", sequence=number) for number in range(1, 9)]
    for one, other in combinations(boxes(drawn(together)), 2):
        assert abs(one[0] - other[0]) >= 20 or abs(one[1] - other[1]) >= 18


def test_an_event_that_several_alerts_rest_on_is_drawn_once() -> None:
    twice = [alert(), alert(alert_id="a-2", sequence=2)]
    assert 2 == len(list(drawn(twice).iter(f"{SVG}circle")))


def test_a_release_without_any_event_is_drawn() -> None:
    assert "1" in texts(drawn([alert(action="release", evidence=())]))


def test_the_places_of_most_events_have_their_names() -> None:
    many = tuple(evidence(n, NOON_MS + n, city=f"City {n % 11}") for n in range(30))
    names = texts(drawn([alert(evidence=many)]))
    assert 8 == len([name for name in names if name.startswith("City ")])
    assert "other places" in names


def test_a_place_cannot_be_markup_or_break_the_picture() -> None:
    evil = evidence(1, city="</text><b>\x00\ud800")
    assert "</text><b>\\x00\\ud800" in texts(drawn([alert(evidence=(evil,))]))
