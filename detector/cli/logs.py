"""How log lines look and where they go: text or JSON lines, on stderr.

2026-01-01T00:00:00Z INFO took over partition=3
{"time": "2026-01-01T00:00:00.000Z", "level": "info", "logger": "detector.stream", "message": ...}
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from detector.logs import FIELDS

_PLAIN = re.compile(r"[^\s\"=]+")
# "Markers of the last transaction are still being written", as a broker tells older clients. The client
# tries again by itself and succeeds; as an error line it would wake somebody up for nothing.
_RETRIED = re.compile(r"NOT_ENOUGH_REPLICAS|NotEnoughReplicas")


def configure(log_format: str, level: str, stream: TextIO | None = None) -> None:
    """Send all log lines to `stream` (stderr where None) as `text` or `json`, from `level` on."""
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    handler.addFilter(not_a_retry)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # of libraries only what somebody should look at
    logging.getLogger("detector").setLevel(level.upper())
    logging.captureWarnings(capture=True)


def not_a_retry(record: logging.LogRecord) -> bool:
    """Say whether a record is more than aiokafka's complaint about something it will try again."""
    return not (record.name.startswith("aiokafka") and _RETRIED.search(record.getMessage()))


class TextLines(logging.Formatter):
    """`time LEVEL message key=value ...`; a value with blanks or quotes is written as JSON text."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; only a traceback makes it longer than a line."""
        fields = "".join(f" {key}={_text(value)}" for key, value in _fields(record).items())
        message = record.getMessage().replace("\n", "\\n")
        line = f"{_time(record, 'seconds')} {record.levelname} {message}{fields}"
        return line if not record.exc_info else f"{line}\n{self.formatException(record.exc_info)}"


class JsonLines(logging.Formatter):
    """One JSON object a line; a field that is called like one of the line's own gets a `_` behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, a traceback as the text `exception`."""
        line: dict[str, object] = {
            "time": _time(record, "milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {f"{key}_" if key in line else key: value for key, value in _fields(record).items()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return getattr(record, FIELDS, {})


def _time(record: logging.LogRecord, timespec: str) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def _text(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
