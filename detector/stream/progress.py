"""What is committed beside an offset: how far event time was closed, and how."""

import msgspec

from detector.errors import StateError


class IdleStep(msgspec.Struct, frozen=True, array_like=True):
    """At `offset`, before the message there was read, what lay before `frontier` was closed."""

    offset: int
    frontier: int


class Progress(
    msgspec.Struct,
    frozen=True,
    rename={"steps": "s", "frontier": "f", "newest": "n", "quiet": "q", "partitions": "p"},
):
    """The metadata of a committed offset of stage accounts; times are event time, Unix ms.

    `steps` are those since the last checkpoint: a take-over goes through them again. `partitions` are the
    numbers of them with which the group works: of the events, the crowds and the findings.
    """

    frontier: int = 0
    newest: int = 0
    quiet: bool = False
    steps: tuple[IdleStep, ...] = ()
    partitions: tuple[int, int, int] | None = None

    def encode(self) -> str:
        """Return it as the text that Kafka keeps."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decode(cls, text: str) -> "Progress":
        """Read it back; nothing was ever committed where the text is empty. Raises `StateError`."""
        if not text:
            return cls()
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.MsgspecError as error:
            raise StateError(
                f"the metadata of a committed offset is not this program's ({error}): does another consumer "
                "use the same group? give the detector one of its own (DETECTOR_GROUP)"
            ) from error
