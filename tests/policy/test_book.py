"""Which policy is in force: by the time of a finding, its product and its plan."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.policy import Book, default_book
from detector.policy.version import Version
from tests.policy.making import SHIPPED, book, edited, sheet

LAYERS = """
[products.p]
cooldown = "2h"
[products.p.rules.crawl_rate]
weight = 0.5
mode = "shadow"
[plans.q.rules.crawl_rate]
weight = 0.25
parameters = { paths = 9 }
[[plans.q.ladders.enforce]]
score = 0.5
action = "suspend"
severity = "high"
lasts = "10m"
approval = "required"
"""
LAYERED = book(edited(more=LAYERS))
GENERAL = LAYERED.at(0)


def dated(version: str, date: str) -> str:
    return edited('version = "1"', f'version = "{version}"\neffective = {date}')


def at(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def test_a_product_overrides_the_general_part_and_a_plan_both() -> None:
    weights = [
        LAYERED.at(0, *terms).weights["crawl_rate"] for terms in [(None, None), ("p", None), ("p", "q")]
    ]
    assert [1.0, 0.5, 0.25] == weights
    both = LAYERED.at(0, "p", "q")
    assert ("shadow", 7_200_000, {"crawl_rate": {"paths": 9}}) == (
        both.mode("crawl_rate"),
        both.cooldown_ms,
        both.parameters,
    )
    assert [("suspend", 600_000, "required")] == [
        (step.action, step.lasts_ms, step.approval) for step in both.enforce
    ]
    assert GENERAL.protect == both.protect


@given(st.sampled_from([None, "p", "other"]), st.sampled_from([None, "q", "other"]))
def test_who_is_not_named_has_the_layer_below(product: str | None, plan: str | None) -> None:
    known = ("p" if product == "p" else None, "q" if plan == "q" else None)
    assert LAYERED.at(0, *known) is LAYERED.at(5, product, plan)


def test_the_general_part_is_the_same_with_and_without_layers() -> None:
    assert book(SHIPPED).at(0).hash == GENERAL.hash
    hashes = {LAYERED.at(0, *terms).hash for terms in [(None, None), ("p", None), (None, "q"), ("p", "q")]}
    assert 4 == len(hashes)


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        ("2000-01-01T00:00:00+00:00", "1"),
        ("2026-01-31T23:59:59.999+08:00", "1"),
        ("2026-02-01T00:00:00+08:00", "2"),
        ("2026-03-01T00:00:00+00:00", "3"),
    ],
)
@pytest.mark.parametrize("first", ["1", "dated 1"])
def test_a_version_counts_from_its_date_on_and_the_earliest_before_its_own(
    moment: str, version: str, first: str
) -> None:
    earliest = SHIPPED if first == "1" else dated("1", "2025-01-01T00:00:00Z")
    versions = book(dated("3", "2026-03-01T00:00:00Z"), earliest, dated("2", "2026-02-01T00:00:00+08:00"))
    assert version == versions.at(at(moment)).version


def test_an_alert_names_the_agreement_of_its_time() -> None:
    policy = book(
        edited(
            "# ---- Steps", '[[agreements]]\nversion = "2026"\neffective = 2026-01-01T00:00:00Z\n# ---- Steps'
        )
    ).at(0)
    said = ["2000-01-01T00:00Z", "2024-09-01T00:00Z", "2025-12-31T23:59Z", "2026-01-01T00:00Z"]
    assert ["2024-08-08"] * 3 + ["2026"] == [policy.agreement_at(at(moment)) for moment in said]


def test_a_case_is_kept_for_as_long_as_any_layer_wants() -> None:
    ends = book(edited(more='[plans.q]\nquiet = "90d"\n')).latest_ends(0)
    assert (90 * 86_400_000, 365 * 86_400_000) == ends


TURN_MS = at("2026-01-01T00:00:00Z")
NEXT, LAST = dated("2", "2026-01-01T00:00:00Z"), dated("3", "2026-02-01T00:00:00Z")


def put(of: Book, version: str, since_ms: int) -> Version:
    """Put a version in that counts from a moment on, whatever date it has."""
    made = Version.of(sheet(dated(version, "2020-01-01T00:00:00Z")).tables, since_ms)
    of.put(made)
    return made


def names(of: Book, *moments: int) -> list[str]:
    return [of.at(moment).version for moment in moments]


def test_a_version_that_is_put_in_counts_from_its_moment_until_the_next_files_date() -> None:
    of = book(SHIPPED, LAST)
    put(of, "2", TURN_MS)
    assert ["1", "2", "2", "3"] == names(
        of, TURN_MS - 1, TURN_MS, at("2026-01-31T23:59:59Z"), at("2026-02-01T00:00:00Z")
    )


def test_of_two_versions_from_one_moment_on_the_one_that_came_later_holds() -> None:
    of = book(SHIPPED, NEXT)
    assert ["2"] == names(of, TURN_MS)
    for version in ("4", "5"):
        put(of, version, TURN_MS)
        assert ["1", version] == names(of, TURN_MS - 1, TURN_MS)


def test_what_was_in_force_before_a_version_was_put_in_stays_so() -> None:
    of = book(NEXT)
    put(of, "4", TURN_MS - 2)
    assert ["2", "4", "4", "2"] == names(of, TURN_MS - 3, TURN_MS - 2, TURN_MS - 1, TURN_MS)


def test_the_shipped_book_is_no_other_books_to_change() -> None:
    put(default_book(), "2", TURN_MS)
    assert ["1"] == names(default_book(), TURN_MS)


def test_the_date_is_no_part_of_a_policys_hash() -> None:
    undated, later = (
        Version.of(sheet(text).tables) for text in (SHIPPED, dated("1", "2026-01-01T00:00:00Z"))
    )
    assert undated.since_ms < later.since_ms
    assert undated.policies == later.policies


def test_durations_of_rules_are_written_with_their_unit() -> None:
    text = edited(
        "[rules.flood_together]", '[rules.flood_together]\nparameters = { window = "5m", share = 0.5 }'
    )
    assert {"flood_together": {"window_ms": 300_000, "share": 0.5}} == book(text).at(0).parameters
