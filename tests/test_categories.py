"""Categories, their clauses and all that has to know every one of them."""

from itertools import product

import pytest

from detector.alerts import SubjectType
from detector.categories import (
    ACCOUNT_SHARING_BIT,
    BITS,
    CATEGORIES,
    CITY_SWITCHING_BIT,
    CLAUSES,
    CRAWLER_BIT,
    DATACENTER_ACCESS_BIT,
    SEAT_SHARING_BIT,
)
from detector.policy import default_book
from detector.policy.entitlements import EXPLAINS, NEVER
from detector.policy.model import ACTIONS
from detector.policy.notices import notice, notice_of_release
from detector.windows import EVENT

POLICY = default_book().at(0)
CONTRACT = {
    "account_sharing": {"9.1(3)(a)", "7.4"},
    "seat_sharing": {"9.1(3)(a)"},
    "account_transfer": {"9.1(3)(a)", "7.4"},
    "datacenter_access": {"9.1(3)(b)"},
    "city_switching": {"9.1(3)(c)"},
    "crawler": {"9.1(3)(d)", "9.1(2)(k)"},
    "batch_registration": {"9.1(2)(j)"},
    "credential_attack": {"9.1(2)(a)", "9.1(2)(d)"},
    "account_takeover": {"7.2", "7.3", "9.1(2)(d)", "9.1(2)(e)"},
    "probing": {"9.1(2)(f)"},
    "flooding": {"9.1(2)(g)", "9.1(2)(i)"},
    "ip_spoofing": {"9.1(2)(h)", "9.1(2)(i)"},
    "unauthorized_client": {"9.1"},
    "compromise_report": {"2.7", "7.3"},
}


def test_categories_serve_the_clauses_of_the_agreement() -> None:
    assert {name: set(clauses) for name, clauses in CLAUSES.items()} == CONTRACT


def test_every_category_has_a_bit_of_its_own_that_fits_the_masks() -> None:
    assert len(CATEGORIES) == len({*BITS.values()})
    assert sum(BITS.values()) == (1 << len(CATEGORIES)) - 1 < 1 << 8 * EVENT["excused"].itemsize


def test_the_constants_of_compiled_code_are_the_bits() -> None:
    assert BITS["account_sharing"] == ACCOUNT_SHARING_BIT
    assert BITS["seat_sharing"] == SEAT_SHARING_BIT
    assert BITS["datacenter_access"] == DATACENTER_ACCESS_BIT
    assert BITS["city_switching"] == CITY_SWITCHING_BIT
    assert BITS["crawler"] == CRAWLER_BIT


OF_SOURCES = {
    "datacenter_access",
    "crawler",
    "batch_registration",
    "credential_attack",
    "probing",
    "flooding",
    "ip_spoofing",
    "unauthorized_client",
}
"""Categories of which a network, a device or a group may be accused."""
STEPS = [(purpose, action) for purpose in ("enforce", "protect") for action in ACTIONS]


def test_every_category_and_step_has_a_notice_in_both_languages_with_its_clauses() -> None:
    assert {*CLAUSES, "release"} == set(POLICY.notices)
    for (name, clauses), step in product(CLAUSES.items(), STEPS):
        sentences = notice(POLICY, name, "account", *step)
        assert {"zh", "en"} == set(sentences)
        assert all(clause in text for text in sentences.values() for clause in clauses)


def test_a_notice_says_what_follows() -> None:
    for purpose in ("enforce", "protect"):
        said = [notice(POLICY, "account_sharing", "account", purpose, action) for action in ACTIONS]
        assert len(ACTIONS) == len({one["zh"] for one in said}) == len({one["en"] for one in said})


def test_a_notice_names_no_threshold() -> None:
    texts = [
        *POLICY.notices.values(),
        *(said for by in POLICY.notices_otherwise.values() for said in by.values()),
    ]
    texts += [said for by_action in POLICY.consequences.values() for said in by_action.values()]
    assert [] == [text for text in texts if any(c.isdigit() for c in "".join(text.values()))]


def test_an_organisation_is_told_of_its_seats_and_otherwise_what_everybody_is() -> None:
    def told(category: str, subject: SubjectType) -> str:
        return notice(POLICY, category, subject, "enforce", "warn")["en"]

    assert told("seat_sharing", "account") != told("seat_sharing", "org")
    assert told("crawler", "account") == told("crawler", "org")


@pytest.mark.parametrize("subject", ["network", "device", "group"])
@pytest.mark.parametrize("category", sorted(OF_SOURCES))
def test_of_where_something_came_from_nobody_is_told_as_its_holder(
    category: str, subject: SubjectType
) -> None:
    for action in ACTIONS:
        said = notice(POLICY, category, subject, "enforce", action)
        assert "your" not in said["en"].casefold()
        assert "您" not in said["zh"]
    released = notice_of_release(POLICY, category, subject)
    assert "your" not in released["en"].casefold()
    assert "您" not in released["zh"]


def test_what_allow_entries_excuse_are_categories() -> None:
    assert {name for names in EXPLAINS.values() for name in names} | {*NEVER.values()} <= set(CLAUSES)
