"""docs/evidence.md says how to check alerts without this program: what it says works."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from detector.evidence import encode_heads
from tests.evidence.chained import forged, heads, lines, without

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"


@pytest.fixture(scope="module")
def program() -> str:
    (found,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(found)


def checked(program: str, folder: Path, texts: Sequence[bytes]) -> int:
    """Run the page's program over a file of these alerts and the heads; return its exit code."""
    alerts, tips = folder / "alerts.jsonl", folder / "heads.jsonl"
    alerts.write_bytes(b"".join(text + b"\n" for text in texts))
    tips.write_bytes(b"".join(encode_heads(heads())))
    arguments = ["-W", "ignore", "-c", program, str(alerts), str(tips)]
    return subprocess.run([sys.executable, *arguments], check=False, timeout=60).returncode  # noqa: S603 (the page's)


def test_what_a_replay_wrote_holds_by_the_page(program: str, tmp_path: Path) -> None:
    assert 0 == checked(program, tmp_path, lines())


def test_what_was_done_to_it_shows_by_the_page(program: str, tmp_path: Path) -> None:
    changed = lines()[0].replace(b'"approval":"automatic"', b'"approval":"required"')
    assert 1 == checked(program, tmp_path, [changed, *lines()[1:]])
    assert 1 == checked(program, tmp_path, without(lines(), 12))
    assert 1 == checked(program, tmp_path, [*lines()[:-1], forged(lines()[-1], score=0.5)])
