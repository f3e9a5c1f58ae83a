"""The sentence for whom an alert is about, in Chinese and English, with the clauses behind it."""

from detector.categories import CLAUSES
from detector.policy.document import OF_RELEASES
from detector.policy.model import Policy


def notice(policy: Policy, category: str, subject: str = "account") -> dict[str, str]:
    """Return the sentences for a category and a type of subject, with the clauses they rest on."""
    return _said(policy, category, subject, CLAUSES[category])


def notice_of_release(policy: Policy, category: str, subject: str) -> dict[str, str]:
    """Return the sentences for the release of a step that rested on a category's clauses."""
    return _said(policy, OF_RELEASES, subject, CLAUSES[category])


def _said(policy: Policy, name: str, subject: str, clauses: tuple[str, ...]) -> dict[str, str]:
    of_subject = policy.notices_of_organisations if subject == "org" else policy.notices
    said = of_subject.get(name, policy.notices[name])
    return {
        "zh": f"{said['zh']}（用户协议第{'、'.join(clauses)}条）",
        "en": f"{said['en']} (User agreement, {', '.join(clauses)})",
    }
