"""Labels: what is true of whom, and when."""

from collections.abc import Iterable, Iterator

import msgspec

from detector.errors import InputError

BENIGN = "benign"


class Subject(msgspec.Struct, frozen=True):
    """Whom a label or an alert is about; `type` is account, org, network, device or group."""

    type: str
    id: str


class Label(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a labels file; [from, to] in Unix ms.

    `category` is `benign` for a subject that must stay quiet. `also` are other right categories,
    `alt_subjects` other right subjects; rows with the same `incident` are one affair.
    """

    subject_type: str
    subject_id: str
    category: str
    from_ms: int = msgspec.field(name="from")
    to_ms: int = msgspec.field(name="to")
    profile: str
    difficulty: str | None = None
    also: tuple[str, ...] = ()
    alt_subjects: tuple[Subject, ...] = ()
    incident: str | None = None

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Return the subject and its alternatives."""
        return (Subject(type=self.subject_type, id=self.subject_id), *self.alt_subjects)


def read_labels(lines: Iterable[tuple[int, bytes]], name: str) -> Iterator[Label]:
    """Decode labels from numbered JSON lines; blank lines are passed over.

    Raises InputError with `name` and the line's number where a line is no label.
    """
    decoder = msgspec.json.Decoder(Label)
    for number, line in lines:
        if not line.strip():
            continue
        try:
            label = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{name}, line {number}: not a label: {error}") from error
        if label.from_ms > label.to_ms:
            raise InputError(f"{name}, line {number}: not a label: `from` is after `to`")
        yield label
