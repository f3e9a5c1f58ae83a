from dataclasses import replace
from itertools import pairwise

import msgspec

from detector.simulate import History, messages, simulate
from detector.simulate.world.visits import DAY_MS, HOUR_MS


def test_the_same_seed_gives_the_same_bytes(history: History) -> None:
    small = replace(history, accounts=30, days=1)
    assert list(messages(small)) == list(messages(replace(small)))


def test_another_seed_gives_another_history(history: History) -> None:
    small = replace(history, accounts=30, days=1)
    assert list(messages(small)) != list(messages(replace(small, seed=8)))


def test_more_accounts_change_nothing_for_the_first(history: History) -> None:
    few = replace(history, accounts=20, days=1)
    more = replace(history, accounts=40, days=1)
    known = {key for key, _, _ in messages(few)}
    assert list(messages(few)) == [message for message in messages(more) if message[0] in known]


def test_more_days_change_nothing_of_the_first(history: History) -> None:
    day = replace(history, accounts=30, days=1)
    both = [m for m in messages(replace(day, days=2)) if m[2] < day.end_ms]
    assert list(messages(day)) == both


def test_events_come_in_the_order_in_which_they_are_judged(history: History) -> None:
    order = [(event["time"], event["event_id"]) for event in simulate(history)]
    assert all(before < after for before, after in pairwise(order))


def test_a_history_holds_nothing_from_outside_its_days(history: History) -> None:
    late = replace(history, accounts=50, days=1, start_ms=history.start_ms + 15 * HOUR_MS)
    times = [time_ms for _, _, time_ms in messages(late)]
    assert late.start_ms <= times[0]
    assert late.end_ms - HOUR_MS < times[-1] < late.end_ms == late.start_ms + DAY_MS


def test_messages_carry_the_platforms_key(history: History) -> None:
    for key, value, time_ms in messages(replace(history, days=1)):
        event = msgspec.json.decode(value)
        assert (event.get("account_id") or f"anon:{event['ip']}").encode() == key
        assert event["time"] == time_ms


def test_people_are_awake_when_people_are(history: History) -> None:
    innocent = {label.subject_id for label in history.labels() if label.category == "benign"}
    hours = [0] * 24
    for event in simulate(history):
        if event.get("account_id") in innocent:
            hours[(int(str(event["time"])) // HOUR_MS + 8) % 24] += 1
    assert sum(hours[1:6]) < 0.01 * sum(hours) < sum(hours[9:18]) / 60
