"""On an account's first day nobody knows whose tool a foreign client is."""

from detector.rules.foreign_client import ForeignClient
from tests.rules.client_streams import TOOL, by
from tests.rules.events import CHROME, HOUR_MS, LAPTOP, NOON_MS
from tests.rules.judging import findings

RULE = ForeignClient()


def strongest(*clients: tuple[str, str], known_h: int = 0) -> float:
    """Return how sure the rule is of clients after an account was known for some hours."""
    before = [LAPTOP.login(NOON_MS - known_h * HOUR_MS)] if known_h else []
    used = [event for name, agent in clients for event in by(name, agent, 5 * RULE.contrary)]
    return max(one.strength for one in findings([*before, *used]) if one.rule == RULE.name)


def test_on_the_first_day_of_an_account_no_client_is_reason_to_restrict_it() -> None:
    for client in (("plugin:photo", CHROME), ("web", TOOL)):
        assert 0.5 <= max(strongest(client), strongest(client, known_h=23)) <= RULE.unknown
        assert strongest(client, known_h=24) > RULE.unknown
