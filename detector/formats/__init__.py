"""Histories in files: how their lines are read (lines.py), and how each format's line becomes an event.

A new format is one file with a `Format`, listed in `FORMATS`.
"""

from collections.abc import Mapping
from typing import Final

from detector.formats.combined import COMBINED
from detector.formats.extents import Extent, extents_of
from detector.formats.format import Format
from detector.formats.jsonl import JSONL
from detector.formats.lines import LineBatch, Mask, Places, cut, lines_of, open_lines, read_batches
from detector.formats.source import source_of

FORMATS: Final[Mapping[str, Format]] = {known.name: known for known in (JSONL, COMBINED)}

__all__ = [
    "FORMATS",
    "Extent",
    "Format",
    "LineBatch",
    "Mask",
    "Places",
    "cut",
    "extents_of",
    "lines_of",
    "open_lines",
    "read_batches",
    "source_of",
]
