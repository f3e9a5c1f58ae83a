"""Which accounts somebody may have entered: stage crowds tells of these by themselves.

It is known for as long as a finding of a takeover may be held against whoever entered, and whether or not it
led to a step; the account's case knows more.
"""

from msgspec import UNSET

from detector.findings import Finding
from detector.ladder.intruders import AT_MOST_MS, TAKEOVER
from detector.policy import Book
from detector.stages.ledger import Ledger


def is_of_takeover(finding: Finding, book: Book) -> bool:
    """Return whether what is in force says so of an account: what is tried out in shadow changes nothing."""
    if finding.category != TAKEOVER or finding.trial is not UNSET:
        return False
    return book.mode(finding.rule, finding.time, finding.product, finding.plan) == "live"


def note_entered(ledger: Ledger, moment: int, since: int) -> None:
    """Note that somebody may have entered an account at a moment; nobody asks for one before `since`."""
    ledger.entered = [*(one for one in ledger.entered if since - one < AT_MOST_MS), moment]


def is_entered(ledger: Ledger, now: int) -> bool:
    """Return whether somebody may have entered an account at a moment or not long before, Unix ms."""
    return any(0 <= now - moment < AT_MOST_MS for moment in ledger.entered)
