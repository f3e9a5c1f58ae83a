"""Policy files to read, made of the shipped one."""

from copy import deepcopy
from functools import lru_cache

from detector.policy import Book
from detector.policy.files import default_text
from detector.policy.names import CATALOGUE, parameters_of, written
from detector.policy.reading import Sheet, read
from detector.values import duration_text

SHIPPED = default_text()


def edited(old: str = "", new: str = "", more: str = "") -> str:
    """Return the shipped file with the first `old` replaced, and `more` behind it."""
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1) + more


def addresses_shown(how: str) -> str:
    """Return the shipped file, by which alerts show addresses so."""
    return edited('addresses = "clear"', f'addresses = "{how}"')


def sheet(text: str, file: str = "p.toml") -> Sheet:
    """Return a file that was read; nobody else has the same object, though many ask for the same file."""
    return deepcopy(_read(text, file))


@lru_cache(maxsize=256)
def _read(text: str, file: str) -> Sheet:
    return read(file, text.encode())


def book(*texts: str) -> Book:
    """Return the book of some files, `0.toml`, `1.toml`, …."""
    return Book.of([sheet(text, f"{number}.toml") for number, text in enumerate(texts)])


def in_mode(mode: str, *rules: str, text: str = SHIPPED) -> str:
    """Return a file with some rules, which have no mode in it, in another mode than live."""
    for rule in rules:
        head = f"\n[rules.{rule}]\n"
        assert head in text
        text = text.replace(head, f'{head}mode = "{mode}"\n', 1)
    return text


def otherwise(*rules: str, text: str = SHIPPED) -> str:
    """Return a file with other parameters of some rules, which have none in it: half of their own."""
    for rule in rules:
        given = ", ".join(map(_halved, parameters_of(CATALOGUE[rule]).items()))
        head = f"\n[rules.{rule}]\n"
        assert head in text
        text = text.replace(head, f"{head}parameters = {{ {given} }}\n", 1)
    return text


def _halved(parameter: tuple[str, int | float]) -> str:
    field, value = parameter
    half = value / 2 if isinstance(value, float) else max(1, value // 2)
    name = written(field)
    return f"{name} = {half}" if name == field else f'{name} = "{duration_text(int(half))}"'


def on_trial(text: str = SHIPPED, name: str = "trial", date: str = "") -> str:
    """Return a file as a policy in shadow of that name, from a date on if there is one."""
    effective = f"\neffective = {date}" if date else ""
    return text.replace('version = "1"', f'version = "{name}"\nmode = "shadow"{effective}', 1)


def hashed_like(of: Book, other: Book) -> Book:
    """Return a book after giving its policies the hashes of another's, which has the same parties."""
    for version, like in zip(of.versions, other.versions, strict=True):
        for party, policy in version.policies.items():
            object.__setattr__(policy, "hash", like.policies[party].hash)
    return of
