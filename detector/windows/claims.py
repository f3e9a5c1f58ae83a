"""Claimed addresses: how often a row's chains of forwarders changed, and over how many networks.

A claim is what the peer says it forwards for and nobody vouches for (detector/stages/claims.py).
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import CHANGED_CLAIMS, CLAIM_AGENTS, CLAIM_NETWORKS, CLAIMS, FORGED
from detector.windows.rings import add

IMPOSSIBLE, OWN = 2, 3
"""Kinds of claims, as `detector.stages.claims` has them."""


@compiled
def claim(event: Record, head: Record, totals: Array, hours: Array, out: Record) -> None:
    """Count what an event claims, and read the counts of a day.

    A claim that stays is a proxy's; only one that was not among the last ones counts as forged, but the
    platform's own proxies never stand before whom they forward for.
    """
    new = _remember(head["claims"], event["claim"])
    if event["claim_kind"] == OWN or (new and event["claim_kind"] == IMPOSSIBLE):
        add(head, totals, hours, FORGED)
    if event["claim"] != head["claim"] and head["claim"] != 0:
        add(head, totals, hours, CHANGED_CLAIMS)
    if event["fingerprint"] != head["claim_agent"] and head["claim"] != 0:
        add(head, totals, hours, CLAIM_AGENTS)
    if event["claim_network"] != 0 and _remember(head["claim_networks"], event["claim_network"]):
        add(head, totals, hours, CLAIM_NETWORKS)
    head["claim"] = event["claim"]
    head["claim_agent"] = event["fingerprint"]
    out["forged_24h"] = totals[FORGED]
    out["changed_claims_24h"] = totals[CHANGED_CLAIMS]
    out["claim_networks_24h"] = totals[CLAIM_NETWORKS]
    out["claim_agents_24h"] = totals[CLAIM_AGENTS]


@compiled
def _remember(known: Array, word: int) -> bool:
    """Move a word to the front of those known last; return whether it was not among them."""
    place = CLAIMS - 1
    new = True
    for slot in range(CLAIMS):
        if known[slot] == word:
            place = slot
            new = False
            break
    for slot in range(place, 0, -1):
        known[slot] = known[slot - 1]
    known[0] = word
    return new
