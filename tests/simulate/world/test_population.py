from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from detector.simulate import History, Pools, entitlements, messages, simulate
from detector.simulate.people.intruders import reported_misuse
from detector.simulate.people.organisations import seat_handed_over
from detector.simulate.profiles import FULL
from detector.simulate.world.inhabitants import Birth, Inhabitant, innocent
from detector.simulate.world.population import DIFFICULTIES, Population, Profile, graded
from detector.simulate.world.settling import somewhere
from tests.simulate.lives import MONDAY_MS

if TYPE_CHECKING:
    from detector.scoring import Label


@pytest.fixture(scope="module")
def full(pools: Pools) -> History:
    return History(
        accounts=150, days=2, seed=3, start_ms=MONDAY_MS, pools=pools, entitled=True, population=FULL
    )


def anybody(birth: Birth) -> Inhabitant:
    return innocent(birth.account(), somewhere(birth.pools, birth.rng))


def test_every_abuser_comes_at_every_strength_but_for_a_report_without_cause() -> None:
    strengths: dict[str, set[str]] = {}
    for profile in FULL.profiles:
        if profile.difficulty:
            strengths.setdefault(profile.name, set()).add(profile.difficulty)
    assert {"clear"} == strengths.pop("unfounded_report")
    assert all(set(DIFFICULTIES) == found for found in strengths.values())
    assert len(strengths) >= 16


def test_a_fraction_is_dealt_in_one_deck_of_so_many(pools: Pools) -> None:
    few = Population(profiles=(Profile("many", 3, anybody), *graded("few", anybody, 0.25)))
    dealt = Counter(few.inhabitant(1, number, pools, entitled=True)[0] for number in range(16 * 6))
    assert {"many": 3 * 16 + 3 * 12, "few": 3 * 4} == dealt


def test_a_share_above_one_keeps_its_whole_part_in_every_deck(pools: Pools) -> None:
    some = Population(profiles=(Profile("many", 2, anybody), Profile("some", 1.5, anybody)))
    dealt = [
        Counter(some.inhabitant(1, deck * 4 + place, pools, entitled=True)[0] for place in range(4))["some"]
        for deck in range(10)
    ]
    assert {1, 2} == set(dealt)
    assert 15 == sum(dealt)


def test_who_is_innocent_by_contract_lives_otherwise_without(full: History) -> None:
    entitled = {name for name, _ in replace(full, accounts=3000).inhabitants}
    without = {name for name, _ in replace(full, accounts=3000, entitled=False).inhabitants}
    assert "api_customer" in entitled
    assert set(FULL.without_entitlement).isdisjoint(without)


def test_a_whole_population_is_the_same_again_and_more_change_nothing(full: History) -> None:
    events = list(messages(full))
    assert events == list(messages(replace(full)))
    known = {a.account_id for _, who in full.inhabitants for a in who.accounts}
    more = [m for m in messages(replace(full, accounts=220)) if m[0].decode() in known]
    assert [m for m in events if m[0].decode() in known] == more


def test_its_events_come_in_order(full: History) -> None:
    order = [(event["time"], event["event_id"]) for event in simulate(full)]
    assert all(before < after for before, after in pairwise(order))


def test_inhabitants_are_dealt_until_there_are_so_many_accounts(full: History) -> None:
    counts = [max(1, len(who.accounts)) for _, who in full.inhabitants]
    assert sum(counts[:-1]) < 150 <= sum(counts)


def test_every_account_is_labelled_or_right_for_somebodys_label(full: History) -> None:
    labels = list(replace(full, accounts=1500, days=3).labels())
    named = Counter(subject for label in labels for subject in label.subjects if subject.type == "account")
    accounts = {a.account_id for _, who in replace(full, accounts=1500).inhabitants for a in who.accounts}
    assert accounts <= {subject.id for subject in named}


def test_about_ninety_two_of_a_hundred_are_innocent_by_accounts_and_by_inhabitants(full: History) -> None:
    """Counted without dates: who will do it some day is guilty, who suffers it is not.

    A farm or an organisation is one inhabitant with many accounts, so that decks differ by accounts.
    """
    suffered = {"credential_attack", "account_takeover", "compromise_report"}
    accounts = guilty_accounts = people = guilty_people = 0
    for seed in range(1, 5):
        for _, who in replace(full, seed=seed, accounts=0, decks=1).inhabitants:
            charges = [charge for charge in who.charges if charge.category not in suffered]
            accused = {s.id for charge in charges for s in (charge.subject, *charge.alternatives)}
            people += 1
            guilty_people += bool(charges)
            accounts += len(who.accounts)
            guilty_accounts += sum(account.account_id in accused for account in who.accounts)
    assert 0.91 < 1 - guilty_people / people < 0.94
    assert 0.88 < 1 - guilty_accounts / accounts < 0.95


def test_a_deck_holds_every_whole_profile(full: History) -> None:
    dealt = {name for name, _ in replace(full, accounts=0, decks=1).inhabitants}
    assert {profile.name for profile in FULL.profiles if profile.share >= 1} <= dealt


def test_later_grants_count_from_their_day(full: History) -> None:
    handed = Population(profiles=(Profile("handed", 1, seat_handed_over),))
    firms = replace(full, accounts=100, population=handed)
    rows = [row for row in entitlements(firms) if "holder" in row["value"]]
    keys = Counter(row["key"] for row in rows)
    assert {1, 2} == set(keys.values())
    for key in (key for key, count in keys.items() if count == 2):
        first, second = (row["value"] for row in rows if row["key"] == key)
        assert first["holder"] != second["holder"]
        assert first["valid_from"] < second["valid_from"]
        assert first["org_id"] == second["org_id"]


def test_each_charge_of_one_incident_has_a_time_of_its_own(pools: Pools) -> None:
    victims = Population(profiles=(Profile("victim", 1, reported_misuse, "clear"),))
    history = History(
        accounts=6, days=21, seed=1, start_ms=MONDAY_MS, pools=pools, entitled=True, population=victims
    )
    of_account: dict[str, dict[str, Label]] = {}
    for label in history.labels():
        of_account.setdefault(label.subject_id, {})[label.category] = label
    assert 6 == len(of_account)
    for labels in of_account.values():
        stolen, told = labels["account_takeover"], labels["compromise_report"]
        assert stolen.from_ms < stolen.to_ms < told.from_ms < told.to_ms
        assert stolen.incident == told.incident


def test_ids_tell_nothing_and_products_differ(full: History) -> None:
    accounts = [a for _, who in replace(full, accounts=1000).inhabitants for a in who.accounts]
    assert {13} == {len(a.account_id) for a in accounts}
    assert {"youcloud", "youcloud365", "inspiration", "ai-create"} <= {a.product for a in accounts}
