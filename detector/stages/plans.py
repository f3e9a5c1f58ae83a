"""A plan that the policy does not know: whoever has it is judged by the general part, and alerts say so."""

from detector.alerts import NotEvaluated
from detector.policy import Book

UNKNOWN_PLAN = NotEvaluated("plan", "unknown_plan")


def doubts_of_plan(book: Book, plan: str | None, time_ms: int) -> tuple[NotEvaluated, ...]:
    """Say of a plan, at a moment of event time, that the policy does not know it, if so."""
    return () if book.knows_plan(plan, time_ms) else (UNKNOWN_PLAN,)
