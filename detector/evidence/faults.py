"""What was found wrong, in one plain line that no alert's text can make look like something else."""

from dataclasses import dataclass, replace
from typing import Final

LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` is wrong with an alert, which lies at `place`; None is what it does not say of itself."""

    place: str
    alert_id: str | None
    case_id: str | None
    sequence: int | None
    what: str

    def of(self, what: str) -> "Fault":
        """Return something else that is wrong with the same alert."""
        return replace(self, what=what)

    def __str__(self) -> str:
        """Write it in a line: where, which alert, what."""
        return (
            f"{plain(self.place, LONGEST_TEXT)}: alert {plain(self.alert_id)}, case {plain(self.case_id)}, "
            f"number {plain(self.sequence)}: {plain(self.what, LONGEST_TEXT)}"
        )


def plain(value: str | int | None, most: int = LONGEST_NAME) -> str:
    """Return text of at most `most` characters that a terminal shows as it is; ? for None."""
    if value is None:
        return "?"
    shown = "".join(each if each.isprintable() else _escaped(each) for each in str(value)[:most])
    return shown if len(shown) <= most and len(str(value)) <= most else f"{shown[:most]}…"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
