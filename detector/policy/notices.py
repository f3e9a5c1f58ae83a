"""What whom an alert is about is told, in Chinese and English, with the clauses behind it."""

from typing import Final

from detector.alerts import SubjectType
from detector.categories import CLAUSES
from detector.policy.document import OF_RELEASES, Action
from detector.policy.model import Policy, Said

_NOTHING: Final[Said] = {"zh": "", "en": ""}

_OTHERWISE: Final[dict[SubjectType, str]] = {
    "account": "",
    "org": "organisation",
    "network": "source",
    "device": "source",
    "group": "source",
}


def told_as(subject: SubjectType, notify: str) -> SubjectType:
    """Return as what a subject is spoken to: accounts that are told of together, each as an account."""
    return "account" if notify == "holder" else subject


def notice(policy: Policy, category: str, subject: SubjectType, purpose: str, action: Action) -> Said:
    """Return what is said of a category to a type of subject, and of the step, with the clauses."""
    return _said(policy, category, subject, CLAUSES[category], policy.consequences[purpose].get(action))


def notice_of_release(policy: Policy, category: str, subject: SubjectType) -> Said:
    """Return what is said of the release of a step that rested on a category's clauses."""
    return _said(policy, OF_RELEASES, subject, CLAUSES[category])


def _said(
    policy: Policy, name: str, subject: SubjectType, clauses: tuple[str, ...], more: Said | None = None
) -> Said:
    otherwise = policy.notices_otherwise.get(_OTHERWISE[subject], {})
    said, more = otherwise.get(name, policy.notices[name]), more or _NOTHING
    return {
        "zh": f"{said['zh']}{more['zh']}（用户协议第{'、'.join(clauses)}条）",
        "en": " ".join(filter(None, (said["en"], more["en"], f"(User agreement, {', '.join(clauses)})"))),
    }
