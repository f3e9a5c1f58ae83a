"""Whose account it is: a person's own, a seat of an organisation, or an administrator's.

A seat is shared as a personal account is, so what entitlements excuse of the one they excuse of the other.
An administrator works on many machines and in others' seats: nothing that he does is sharing.
"""

from detector.categories import ACCOUNT_SHARING_BIT, SEAT_SHARING_BIT
from detector.windows.compiled import Record, compiled

NOBODYS, UNTOLD, SEAT, ADMIN = range(4)
"""Told by an event: nothing; an organisation but no role; a seat, or a member of an organisation; an
administrator. Events that say less than those before are taken to be of the same role."""
SHARING_BITS = ACCOUNT_SHARING_BIT | SEAT_SHARING_BIT


@compiled
def role_of(event: Record, head: Record) -> int:
    """Return an account's role, NOBODYS, SEAT or ADMIN, and excuse in `event` what is no sharing there."""
    role = int(event["role"])
    if role >= SEAT:
        head["role"] = role
    elif head["role"] != NOBODYS:
        role = int(head["role"])
    elif role == UNTOLD:
        role = SEAT
    if role == ADMIN or (role == SEAT and event["excused"] & SHARING_BITS):
        event["excused"] = int(event["excused"]) | SHARING_BITS
    return role
