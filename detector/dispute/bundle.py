"""A bundle: the files that a dossier becomes, in a folder for the holder and one for who decides."""

import json
from collections.abc import Iterable
from importlib.resources import files as resources
from typing import Any

import msgspec

from detector.alerts import canonical
from detector.dispute.dossier import Dossier
from detector.dispute.exhibits import enclosed
from detector.dispute.markup import picture
from detector.dispute.proof import proof
from detector.dispute.statement import statement
from detector.dispute.told import picture_of
from detector.dispute.words import LANGUAGES, words
from detector.policy.applied import PolicyRecord


def bundled(dossier: Dossier) -> dict[str, bytes]:
    """Return the files of a bundle by name, but for its manifest."""
    return {"README.txt": _readme(), **_holder(dossier), **_record(dossier)}


def _holder(dossier: Dossier) -> dict[str, bytes]:
    events = (each.found.value for each in dossier.enclosed if each.found is not None)
    files = {"holder/events.jsonl": _lines(enclosed(value, cut=dossier.cut) for value in events)}
    for language in LANGUAGES:
        said = words(language)
        files[f"holder/statement.{language}.html"] = statement(said, dossier)
        files[f"holder/timeline.{language}.svg"] = picture(picture_of(said, dossier))
    return files


def _record(dossier: Dossier) -> dict[str, bytes]:
    decoded = msgspec.json.decode(dossier.filed.text)
    record = {
        "alert.json": dossier.filed.text,
        "alert.hashed.txt": dossier.alert.chain.previous.encode() + canonical(decoded),
        "case.jsonl": _lines(each.text for each in dossier.case),
        "exhibits.json": _json([each.entry() for each in dossier.exhibits]),
        "recomputation.json": _json(
            {**dossier.again.entry(), "databases": dossier.builds, "sources": list(dossier.sources)}
        ),
        **{f"proof.{language}.html": proof(words(language), dossier) for language in LANGUAGES},
    }
    if dossier.left:
        record["left.jsonl"] = _lines(each.text for each in dossier.left)
    if dossier.again.alert:
        record["alert.recomputed.json"] = dossier.again.alert
    if dossier.policy is not None:
        record["policy.toml"] = dossier.policy.file.text
        record["policy.joined.toml"] = dossier.policy.joined
        record["policy.canonical.json"] = dossier.policy.policy.canonical()
    others = [each for each in dossier.policies if dossier.policy is None or each != dossier.policy.file]
    record |= {f"policy.other.{number}.toml": each.text for number, each in enumerate(others, start=1)}
    if dossier.applied:
        record["policy.applied.jsonl"] = _lines(map(_unsigned, dossier.applied))
    return {f"record/{name}": content for name, content in record.items()}


def _unsigned(record: PolicyRecord) -> bytes:
    """Return what was done to a policy without who did it and why: that is the platform's own."""
    return msgspec.json.encode(msgspec.structs.replace(record, author=None, note=None))


def _lines(values: Iterable[bytes]) -> bytes:
    return b"".join(value + b"\n" for value in values)


def _json(value: Any) -> bytes:  # noqa: ANN401 (any JSON)
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _readme() -> bytes:
    return resources("detector.dispute").joinpath("README.txt").read_bytes()
