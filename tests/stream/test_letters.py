"""Dead letters and late events: as they came, or cut to what their topic takes."""

import pytest
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.events import Rejected
from detector.settings import Settings
from detector.stream.kafka import LARGEST_LETTER_BYTES
from detector.stream.letters import LONGEST_DETAIL, Letters, _size
from detector.stream.transactions import OutRecord

SOURCE = TopicPartition("session-events", 3)
TOPICS = Settings().topics
WHY = Rejected("not_json", "no brace")
MOST = 10_000
LETTERS = Letters(TOPICS, dict.fromkeys((TOPICS.dead_letters, TOPICS.late), MOST))
ORIGIN = {"topic": b"session-events", "partition": b"3", "offset": b"17"}


def record(
    value: bytes | None, key: bytes | None = b"k", headers: tuple[tuple[str, bytes], ...] = ()
) -> ConsumerRecord:
    return ConsumerRecord(*SOURCE, 17, 0, 0, key, value, None, 0, 0, headers)


def headers(letter: OutRecord) -> dict[str, bytes]:
    assert len(dict(letter.headers)) == len(letter.headers)
    return dict(letter.headers)


@pytest.mark.parametrize("value", [b"{", b"", None, b"x" * 9_000])
@pytest.mark.parametrize("key", [b"k", None])
def test_a_dead_letter_is_the_message_with_reason_and_origin(value: bytes | None, key: bytes | None) -> None:
    letter = LETTERS.dead(SOURCE, record(value, key), WHY)
    assert (TOPICS.dead_letters, key, value, None) == (
        letter.topic,
        letter.key,
        letter.value,
        letter.partition,
    )
    assert {"error": b"no brace", "reason": b"not_json", **ORIGIN} == headers(letter)


def test_a_late_event_is_the_message_with_its_own_headers() -> None:
    letter = LETTERS.late(SOURCE, record(b"{}", headers=(("trace", b"1"),)))
    assert (TOPICS.late, b"k", b"{}") == (letter.topic, letter.key, letter.value)
    assert {"trace": b"1"} == headers(letter)


def test_of_a_value_that_does_not_fit_as_much_is_kept_as_does() -> None:
    letter = LETTERS.dead(SOURCE, record(b"ab" * MOST), WHY)
    assert {"error": b"no brace", "reason": b"not_json", **ORIGIN, "truncated": b"20000"} == headers(letter)
    assert MOST - 10 <= _size(letter) <= MOST
    assert (b"k", True) == (letter.key, (b"ab" * MOST).startswith(letter.value or b"-"))


@pytest.mark.parametrize("value", [b"x" * 100, b"x" * MOST, b"", None])
def test_a_key_that_leaves_no_room_is_cut_too(value: bytes | None) -> None:
    letter = LETTERS.dead(SOURCE, record(value, b"k" * MOST), WHY)
    told = headers(letter)
    assert (str(len(value or b"")).encode(), b"10000") == (told["truncated"], told["truncated_key"])
    assert len(letter.key or b"") > MOST // 3
    assert _size(letter) <= MOST
    assert (value is None) == (letter.value is None)


def test_headers_that_leave_no_room_give_way_to_the_origin() -> None:
    letter = LETTERS.late(SOURCE, record(b"{}", headers=(("trace", b"x" * MOST),)))
    assert (b"k", b"{}", {**ORIGIN, "truncated": b"2"}) == (letter.key, letter.value, headers(letter))


def test_a_long_detail_is_no_second_copy_of_the_message() -> None:
    letter = LETTERS.dead(SOURCE, record(b"{"), Rejected("unknown_type", "x" * 60_000))
    assert LONGEST_DETAIL == len(headers(letter)["error"])


def test_no_topic_is_sent_more_than_the_producer_sends() -> None:
    letters = Letters(TOPICS, {TOPICS.dead_letters: 100 * LARGEST_LETTER_BYTES})
    assert _size(letters.dead(SOURCE, record(b"x" * 2 * LARGEST_LETTER_BYTES), WHY)) <= LARGEST_LETTER_BYTES


def test_a_topic_of_which_kafka_tells_nothing_takes_what_brokers_do_by_default() -> None:
    assert _size(Letters(TOPICS, {}).dead(SOURCE, record(b"x" * 2_000_000), WHY)) <= 1_048_588
