"""Numbers with their nouns."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return `1 alert`, `2 alerts`, `12,000 alerts`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
