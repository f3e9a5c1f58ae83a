"""Log lines with fields: `log.info("took over", partition=3)`.

How lines look and where they go is decided once, in cli/logs.py.
"""

import logging
from typing import Final

FIELDS: Final = "fields"
"""The attribute of a log record that holds its fields."""


class Log:
    """A thin face of a standard logger that takes fields by keyword."""

    __slots__ = ("_logger",)

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, message: str, **fields: object) -> None:
        """Log what only a developer asks for."""
        self._write(logging.DEBUG, message, fields)

    def info(self, message: str, **fields: object) -> None:
        """Log what happened."""
        self._write(logging.INFO, message, fields)

    def warning(self, message: str, **fields: object) -> None:
        """Log what somebody should look at."""
        self._write(logging.WARNING, message, fields)

    def error(self, message: str, **fields: object) -> None:
        """Log what failed."""
        self._write(logging.ERROR, message, fields)

    def exception(self, message: str, **fields: object) -> None:
        """Log what failed, with the traceback of the exception being handled."""
        self._write(logging.ERROR, message, fields, traceback=True)

    def _write(self, level: int, message: str, fields: dict[str, object], *, traceback: bool = False) -> None:
        self._logger.log(level, message, extra={FIELDS: fields}, exc_info=traceback, stacklevel=3)


def get_logger(name: str) -> Log:
    """Return the log of a module: `get_logger(__name__)`."""
    return Log(logging.getLogger(name))
