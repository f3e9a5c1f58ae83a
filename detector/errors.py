"""The errors that a user of the detector can meet: one small tree.

A message says what was wrong, where, and what to do. The command line prints it in a line or two and ends
with the class's `exit_code`.
"""


class DetectorError(Exception):
    """Anything the detector reports on purpose."""

    exit_code = 1


class UsageError(DetectorError):
    """A command, an option or a setting that cannot be understood."""

    exit_code = 2


class InputError(DetectorError):
    """A file or topic that cannot be read as what it was said to be."""


class StateError(DetectorError):
    """Rows, checkpoints or cases that cannot be used: unknown version, damaged bytes."""


class OwnershipLostError(DetectorError):
    """Another worker owns this shard now; what is in memory is void and must be dropped."""


class UnavailableError(DetectorError):
    """Kafka or Redis cannot be reached, or refuses what is needed of it."""
