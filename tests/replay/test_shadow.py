"""What is in shadow through all stages: live alerts are the same without it, byte for byte."""

from collections import Counter
from functools import lru_cache

import msgspec
import pytest

from detector.alerts import Alert, encode
from detector.policy import Book
from detector.replay import Engine
from detector.replay.records import FileRecord
from tests.policy.making import SHIPPED, book, edited, hashed_like, in_mode, on_trial, otherwise
from tests.replay.abuse import abusive_days
from tests.replay.days import engine
from tests.replay.test_policies import dated
from tests.rules.judging import records, workshop
from tests.rules.streams import bot_by_its_own_word, cloud_for_long

TRIED = (
    "overlapping_use",
    "crawl_rate",
    "brute_force",
    "datacenter_use",
    "forged_source",
    "probing_paths",
    "accounts_tried",
    "signups_source",
    "signups_one_device",
    "signups_alike",
    "tried_by_one_client",
)
"""Rules of accounts, and of crowds that accuse a crowd, accounts and addresses."""
STRICTER = "[rules.datacenter_use]\nparameters = { events = 40 }"


OTHERWISE = (
    "brute_force",
    "datacenter_use",
    "city_alternation",
    "handed_over",
    "flood_rate",
    "accounts_tried",
    "tried_by_one_client",
    "signups_source",
    "signups_one_device",
    "signups_alike",
)
"""Rules of each of these kinds that are tried with other parameters."""


def layered(mode: str) -> str:
    """A policy with rules in a mode that are live for a plan: one row is judged in both ways."""
    live = "".join(f'\n[plans.member.rules.{rule}]\nmode = "live"\n' for rule in TRIED)
    return in_mode(mode, *TRIED) + live


def turning(mode: str) -> list[str]:
    """The same, and from the middle of the days on all rules live."""
    times = [msgspec.json.decode(value)["time"] for value in abusive_days().records]
    return [layered(mode), dated(SHIPPED, times[len(times) // 2])]


def run(of: Book, batch: int = 5_000) -> tuple[list[Alert], list[Alert]]:
    """Return the live alerts of the days, and those in shadow."""
    running, values = engine(abusive_days().entitlements, book=of), abusive_days().records
    live = []
    for start in range(0, len(values), batch):
        live += running.take([FileRecord(value) for value in values[start : start + batch]])[0]
    return live + running.finish(), running.take_shadow()


@lru_cache(maxsize=1)
def quiet() -> tuple[Book, list[bytes]]:
    of = book(*turning("off"))
    live, shadow = run(of)
    assert [] == shadow
    assert 2 < len({alert.policy_hash for alert in live})
    return of, list(map(encode, live))


def test_live_alerts_are_the_same_with_and_without_rules_and_policies_in_shadow() -> None:
    of, expected = quiet()
    trial = on_trial(otherwise(*OTHERWISE, text=in_mode("off", "crawl_rate", "overlapping_use")))
    live, shadow = run(hashed_like(book(*turning("shadow"), trial), of), batch=701)
    assert expected == list(map(encode, live))
    assert {"shadow"} == {alert.mode for alert in shadow}
    assert {"1", "trial"} == {alert.policy_version for alert in shadow}
    assert 4 < len({alert.rule for alert in shadow if alert.policy_version == "1"})


def bare(alert: Alert) -> bytes:
    """What an alert says, without its mode, by whom it was decided, and what is made of its case's id."""
    own = {"mode", "alert_id", "case_id", "chain", "previous", "policy_hash", "policy_version"}
    said = {name: value for name, value in msgspec.structs.asdict(alert).items() if name not in own}
    return msgspec.json.encode(said, enc_hook=lambda _: None)


def test_a_policy_with_other_parameters_tells_in_shadow_what_it_tells_live() -> None:
    text = otherwise("overlapping_use", "crawl_rate", *OTHERWISE)
    text += "\n[plans.member.rules.crawl_rate]\nparameters = { paths = 90 }\n"
    (live, _), (_, shadow) = run(book(text)), run(book(SHIPPED, on_trial(text)), batch=701)
    assert sorted(map(bare, live)) == sorted(map(bare, shadow))
    fewer = Counter((alert.rule, alert.action) for alert in run(book(SHIPPED))[0])
    more = Counter((alert.rule, alert.action) for alert in shadow) - fewer
    rules = {"datacenter_use", "city_alternation", "handed_over", "signups_alike", "flood_rate"}
    assert rules <= {rule for rule, _ in more}


def test_two_policies_with_parameters_of_their_own_do_not_hear_one_another() -> None:
    texts = {"a": otherwise("datacenter_use"), "b": edited("[rules.datacenter_use]", STRICTER)}
    live, shadow = cloud(book(SHIPPED, *(on_trial(text, name) for name, text in texts.items())))
    told = [sorted(map(bare, live))]
    for name, text in texts.items():
        own = [bare(alert) for alert in shadow if alert.policy_version == name]
        assert sorted(map(bare, cloud(book(text))[0])) == sorted(own)
        told.append(sorted(own))
    assert 3 == len(set(map(tuple, told)))


def cloud(of: Book) -> tuple[list[Alert], list[Alert]]:
    """The alerts of an account that is used from a cloud just so long that it is warned."""
    running = Engine(workshop(book=of))
    running.take(records(cloud_for_long(0)))
    return running.finish(), running.take_shadow()


def actions(alerts: list[Alert]) -> list[str]:
    return [alert.action for alert in alerts]


@pytest.mark.parametrize(
    "of",
    [
        book(in_mode("shadow", "datacenter_use")),
        book(in_mode("off", "datacenter_use"), on_trial()),
        book(in_mode("shadow", "datacenter_use") + '\n[products.p.rules.crawl_rate]\nmode = "off"\n'),
    ],
)
def test_what_is_in_shadow_tells_of_a_history_what_it_would_have_told(of: Book) -> None:
    live, shadow = cloud(of)
    assert [] == live
    assert actions(cloud(book(SHIPPED))[0]) == actions(shadow) == ["observe", "warn"]


def test_what_is_said_in_shadow_of_a_product_holds_back_nothing_that_is_live_of_another() -> None:
    events = [{**event, "product": "qp"[number % 2]} for number, event in enumerate(bot_by_its_own_word(4))]
    told = []
    for mode in ("off", "shadow"):
        of = book(SHIPPED + f'\n[products.p.rules.declared_bot]\nmode = "{mode}"\n')
        running = Engine(workshop(book=of))
        running.take(records(events))
        told.append([encode(alert) for alert in running.finish()])
        apart = actions(running.take_shadow())
    assert (told[0], ["observe"]) == (told[1], apart)
    assert told[0]


def test_a_replay_counts_what_is_in_shadow_apart() -> None:
    running = Engine(workshop(book=book(SHIPPED, on_trial())))
    running.take(records(cloud_for_long(0)))
    live = running.finish()
    assert (2, 2, 2) == (len(live), running.summary.alerts.total(), running.summary.shadow)
    assert (2, 0) == (len(running.take_shadow()), len(running.take_shadow()))
