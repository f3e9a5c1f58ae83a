"""What stage cases commits beside an offset: how far each sender is, small enough for Kafka's 4,096 bytes.

Frontiers are numbers of one width, counted from the lowest. Between 2000 and 2100 they fit into six bytes, so
that `MOST_SENDERS` fit however far they are apart.
"""

from base64 import b85decode, b85encode
from collections.abc import Mapping
from typing import Final

import msgspec

from detector.errors import StateError
from detector.stages.gathering import Standing

MOST_SENDERS: Final = 512
"""Partitions of the events and of the crowds together."""


class CasesProgress(
    msgspec.Struct,
    frozen=True,
    rename={"position": "p", "frontier": "f", "lowest": "l", "width": "w", "senders": "s"},
):
    """The metadata of a committed offset of stage cases; times are event time, Unix ms.

    `position`: all before it was read. `senders` in base 85 (RFC 1924): for each sender by its number, in
    `width` bytes, 0 where it was not heard, else 1 + its frontier - `lowest`.
    """

    position: int = 0
    frontier: int = 0
    lowest: int = 0
    width: int = 0
    senders: str = ""

    @classmethod
    def of(cls, standing: Standing, position: int) -> "CasesProgress":
        """Make it of what stage cases keeps."""
        heard = {sender: frontier for sender, frontier in standing.senders.items() if frontier > 0}
        if not heard:
            return cls(position, standing.frontier)
        lowest, most = min(heard.values()), max(heard.values())
        width = ((most - lowest + 1).bit_length() + 7) // 8
        packed = b"".join(_number(heard, sender, lowest).to_bytes(width) for sender in range(max(heard) + 1))
        return cls(position, standing.frontier, lowest, width, b85encode(packed).decode())

    @property
    def standing(self) -> Standing:
        """What stage cases restores."""
        packed, width = b85decode(self.senders), self.width
        numbers = [
            int.from_bytes(packed[start : start + width]) for start in range(0, len(packed), width or 1)
        ]
        senders = {sender: self.lowest + number - 1 for sender, number in enumerate(numbers) if number}
        return Standing(self.frontier, senders)

    def encode(self) -> str:
        """Return it as the text that Kafka keeps."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decode(cls, text: str) -> "CasesProgress":
        """Read it back; nothing was ever committed where the text is empty. Raises `StateError`."""
        if not text:
            return cls()
        try:
            progress = msgspec.json.decode(text, type=cls)
            progress.standing  # noqa: B018  # what cannot be unpacked shows now
        except (msgspec.MsgspecError, ValueError) as error:
            raise StateError(
                f"the metadata of a committed offset is not this program's ({error}): does another consumer "
                "use the same group? give the detector one of its own (DETECTOR_GROUP)"
            ) from error
        return progress


def _number(heard: Mapping[int, int], sender: int, lowest: int) -> int:
    return heard[sender] - lowest + 1 if sender in heard else 0
