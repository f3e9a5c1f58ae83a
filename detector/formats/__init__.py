"""Histories in files: how their lines are read (lines.py), and how each format's line becomes an event.

A new format is one file with a `Format`, listed in `FORMATS`.
"""

from collections.abc import Mapping
from typing import Final

from detector.formats.combined import COMBINED
from detector.formats.format import Format
from detector.formats.jsonl import JSONL
from detector.formats.lines import LineBatch, lines_of, open_lines, read_batches, read_texts
from detector.formats.source import source_of

FORMATS: Final[Mapping[str, Format]] = {known.name: known for known in (JSONL, COMBINED)}

__all__ = [
    "FORMATS",
    "Format",
    "LineBatch",
    "lines_of",
    "open_lines",
    "read_batches",
    "read_texts",
    "source_of",
]
