"""The rules: one way to see one kind of abuse in each file, listed in catalog.py."""

from detector.rules.base import Features, Reason, Rule, Strengths
from detector.rules.catalog import RULES

__all__ = ["RULES", "Features", "Reason", "Rule", "Strengths"]
