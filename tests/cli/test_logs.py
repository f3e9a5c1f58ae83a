"""Log lines: one line each, fields kept, noise left out."""

import io
import json
import logging

import pytest

from detector.cli.logs import configure
from detector.logs import get_logger


def lines(log_format: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure(log_format, level, stream)
    return stream


def test_a_text_line_is_time_level_message_fields() -> None:
    stream = lines("text")
    get_logger("detector.x").info("took 100% over", partition=3, why="lost = gone", nothing="")
    time, rest = stream.getvalue().split(" ", 1)
    assert rest == 'INFO took 100% over partition=3 why="lost = gone" nothing=""\n'
    assert len(time) == len("2026-01-01T00:00:00Z")
    assert time.endswith("Z")


def test_a_json_line_is_an_object() -> None:
    stream = lines("json")
    get_logger("detector.x").warning("odd\nline", path=io, time=5, zh="位")
    line = json.loads(stream.getvalue())
    assert {"warning", "detector.x", "odd\nline", "位"} <= {
        line["level"],
        line["logger"],
        line["message"],
        line["zh"],
    }
    assert line["time_"] == 5
    assert line["path"] == str(io)
    assert stream.getvalue().count("\n") == 1


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_exception_keeps_its_traceback(log_format: str) -> None:
    stream = lines(log_format)
    try:
        int("why")
    except ValueError:
        get_logger("detector.x").exception("failed")
    assert "ValueError: invalid literal" in stream.getvalue()
    assert "Traceback" in stream.getvalue()


def test_a_message_with_a_line_end_stays_one_line_of_text() -> None:
    stream = lines("text")
    get_logger("detector.x").error("a\nb", name="c\nd")
    assert stream.getvalue().count("\n") == 1


def test_the_level_is_for_the_detector_and_libraries_only_warn() -> None:
    stream = lines("text", "debug")
    get_logger("detector.x").debug("mine")
    logging.getLogger("faust").info("theirs")
    logging.getLogger("faust").warning("loud")
    assert [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()] == [
        "DEBUG mine",
        "WARNING loud",
    ]


def test_what_aiokafka_tries_again_is_left_out() -> None:
    stream = lines("text")
    kafka = logging.getLogger("aiokafka.producer.sender")
    kafka.error("Got error produce response: %s", "NotEnoughReplicasError [Error 19] NOT_ENOUGH_REPLICAS")
    kafka.error("Connection lost")
    assert stream.getvalue().endswith("ERROR Connection lost\n")
    assert stream.getvalue().count("\n") == 1
