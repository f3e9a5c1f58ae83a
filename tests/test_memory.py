"""What a batch has freed is there for the next one."""

import subprocess
import sys

import pytest

FREED = """
from detector.memory import suit_batches
{before}
batch = [bytes(10_000_000) + b"1" for _ in range(10)]
del batch
with open("/proc/self/statm") as file:
    print(int(file.read().split()[1]) * 4096 > 80_000_000)
"""


def told(script: str) -> str:
    """What a process of its own says."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603  # ours


@pytest.mark.parametrize(("before", "kept"), [("", "False"), ("suit_batches()", "True")])
def test_what_was_freed_is_kept(before: str, kept: str) -> None:
    assert kept == told(FREED.format(before=before))


def test_where_the_c_library_is_another_nothing_is_asked_of_it() -> None:
    script = (
        "import gc; from detector import memory; memory.ctypes.CDLL = lambda _: object(); "
        "memory.suit_batches(); print(gc.get_threshold()[0])"
    )
    assert told(script) == "50000"
