"""The sentence for whom an alert is about, in Chinese and English, with the clauses behind it."""

from detector.categories import CLAUSES
from detector.policy.model import Policy


def notice(policy: Policy, category: str, subject: str = "account") -> dict[str, str]:
    """Return the sentences for a category and a type of subject, with the clauses they rest on."""
    of_subject = policy.notices_of_organisations if subject == "org" else policy.notices
    said = of_subject.get(category, policy.notices[category])
    clauses = CLAUSES[category]
    return {
        "zh": f"{said['zh']}（用户协议第{'、'.join(clauses)}条）",
        "en": f"{said['en']} (User agreement, {', '.join(clauses)})",
    }
