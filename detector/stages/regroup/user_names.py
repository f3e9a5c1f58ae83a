"""User names: what two names that a farm made have in common, and what two people's names have not.

A farm's names are one word with running numbers, or letters drawn at random in one shape. People's names are
made of words and of syllables; Chinese ones in pinyin, where hardly a consonant goes without its vowel.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LEAST_STEM: Final = 3
"""Letters that the stem of a user name must have to say anything."""
LEAST_NOISE: Final = 5
"""Letters from which on a name can be told from a person's initials (`zjh`, `wxyl`)."""
STRANGE_PAIRS: Final = 2
"""Pairs of neighbouring consonants that no syllable has, from which on letters are no words.

Of 2,200 English words of technical manuals 0.1 % have two, of six letters drawn at random 53 %.
"""

_FOLLOWED_BY: Final = {
    "b": "cjlprst",
    "c": "chklqrst",
    "d": "dglrs",
    "f": "flrt",
    "g": "bcdfghjklmnpqrstwxz",
    "h": "mrt",
    "k": "ns",
    "l": "cdflst",
    "m": "bmnps",
    "n": "bcdfghjklmnpqrstwxz",
    "p": "dhlprst",
    "r": "bcdfgklmnprstw",
    "s": "cdfhklmpst",
    "t": "cdhlmnprstw",
    "w": "hlnrs",
    "x": "cpt",
    "z": "h",
}
"""The consonants that follow each other in 98 % of those words' pairs, or where syllables of pinyin meet."""
_VOWELS: Final = frozenset("aeiouyv")
_DIGITS = re.compile(r"\d+")
_LAST_NUMBER = re.compile(r"(\d{1,18})$")
_NOT_LETTERS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class UserName:
    """What is told of a name; each text is None where the name says too little.

    `stem`: in lower case with `#` for each run of digits; `shape`: how many letters and digits, for names of
    both; `noise`: the shape again, where the letters are no syllables; `number`: its last one, with as many
    `digits`, 0 of them where there is none.
    """

    stem: str | None = None
    shape: str | None = None
    noise: str | None = None
    number: int = 0
    digits: int = 0


NAMELESS: Final = UserName()


def user_name(username: str | None) -> UserName:
    """Return what is told of a user name."""
    if not username:
        return NAMELESS
    name = username.lower().partition("@")[0]
    letters = sum(map(str.isalpha, name))
    digits = sum(map(str.isdigit, name))
    if letters < LEAST_STEM:
        return NAMELESS  # a student's or a phone's number is given to people, not made by them
    shape = f"{letters}+{digits}"
    last = _LAST_NUMBER.search(name)
    return UserName(
        stem=_DIGITS.sub("#", name),
        shape=shape if digits else None,
        noise=shape if is_noise(name) else None,
        number=int(last[1]) if last else 0,
        digits=len(last[1]) if last else 0,
    )


def is_noise(name: str) -> bool:
    """Return whether a name's Latin letters are no syllables of any language that people sign up in."""
    if not name.isascii():
        return False
    word = max(_NOT_LETTERS.split(name), key=len)
    if len(word) < LEAST_NOISE:
        return False
    strange = sum(
        left not in _VOWELS and right not in _VOWELS and right not in _FOLLOWED_BY.get(left, "")
        for left, right in pairwise(word)
    )
    return strange >= STRANGE_PAIRS or _VOWELS.isdisjoint(word)
