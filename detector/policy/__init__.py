"""What is enforced and how firmly: the policy, notices, and what is agreed with single customers."""

from detector.policy.book import Book
from detector.policy.document import Action
from detector.policy.entitlements import Entitlement, Entitlements, Stamped
from detector.policy.files import default_book, load_book
from detector.policy.model import Policy

__all__ = [
    "Action",
    "Book",
    "Entitlement",
    "Entitlements",
    "Policy",
    "Stamped",
    "default_book",
    "load_book",
]
