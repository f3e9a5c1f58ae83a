"""Policy files to read, made of the shipped one."""

from detector.policy import Book
from detector.policy.files import default_text
from detector.policy.reading import Sheet, read

SHIPPED = default_text()


def edited(old: str = "", new: str = "", more: str = "") -> str:
    """Return the shipped file with the first `old` replaced, and `more` behind it."""
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1) + more


def addresses_shown(how: str) -> str:
    """Return the shipped file, by which alerts show addresses so."""
    return edited('addresses = "clear"', f'addresses = "{how}"')


def sheet(text: str, file: str = "p.toml") -> Sheet:
    """Return a file that was read."""
    return read(file, text.encode())


def book(*texts: str) -> Book:
    """Return the book of some files, `0.toml`, `1.toml`, …."""
    return Book.of([sheet(text, f"{number}.toml") for number, text in enumerate(texts)])
