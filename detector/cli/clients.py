"""Kafka's client in a command that ends: what goes wrong for good is the command's to say, in a line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hushed_clients() -> Iterator[None]:
    """Keep aiokafka's own lines out of the log: retries that succeed, and errors that are raised as well."""
    log = logging.getLogger("aiokafka")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
