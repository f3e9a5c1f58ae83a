"""The JSON Schemas of what the platform says of its customers and of alerts, made of the types that read it.

    python -m detector.policy.message_schemas entitlement > detector/schemas/entitlement.json
    python -m detector.policy.message_schemas feedback > detector/schemas/feedback.json

What they take, a worker takes, where their formats are checked too; of what nobody means, such as a device
whose name is a number, a worker takes more.
"""

import sys
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from detector.categories import CLAUSES
from detector.events import EARLIEST_MS, LATEST_MS
from detector.feedback import Feedback
from detector.policy.entitlements import Entitlement
from detector.schema import schema_of

Schema = dict[str, Any]

_DATE: Final = r"\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_OFFSET: Final = r"(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"
_NETWORK: Final = r"([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)(/[0-9]{1,3})?"
_VALUES: Final[Mapping[str, Schema]] = {
    "ip": {"type": "string", "pattern": f"^{_NETWORK}$"},
    "cidr": {"type": "string", "pattern": f"^{_NETWORK}$"},
    "asn": {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": "^([Aa][Ss])?[0-9]{1,10}$"},
        ]
    },
    "device": {"type": "string"},
    "user_agent": {"type": "string"},
    "client": {"type": "string"},
}
"""By the kind of an allow entry, what it goes by."""


def entitlement_schema() -> Schema:
    """Return the schema (draft 2020-12) of an entitlement's value; null, which removes, is none."""
    made = schema_of(Entitlement)
    kinds = made["$defs"]
    kinds["Entitlement"]["properties"]["valid_from"] = _or_null(_moment())
    allow = kinds["Allow"]
    allow["properties"]["expires"] = _or_null(_moment())
    allow["properties"]["for"]["items"] = {"enum": list(CLAUSES)}
    allow["allOf"] = [
        {"if": {"properties": {"kind": {"const": kind}}}, "then": {"properties": {"value": value}}}
        for kind, value in _VALUES.items()
    ]
    return _named("entitlement", made)


def feedback_schema() -> Schema:
    """Return the schema (draft 2020-12) of the value of feedback."""
    made = schema_of(Feedback)
    made["$defs"]["Feedback"]["properties"]["time"] = _moment(within=True)
    return _named("feedback", made)


SCHEMAS: Final = {"entitlement": entitlement_schema, "feedback": feedback_schema}


def _named(name: str, made: Schema) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:detector:schema:{name}",
        **made,
    }


def _moment(*, within: bool = False) -> Schema:
    """Return what a moment is, Unix ms or RFC 3339 with an offset; `within`: of the years 2000 to 2099."""
    number = {"type": "integer", "minimum": EARLIEST_MS, "exclusiveMaximum": LATEST_MS}
    century = "20" if within else r"\d{2}"
    text = {"type": "string", "pattern": f"^{century}{_DATE}{_OFFSET}$", "format": "date-time"}
    return {"anyOf": [number if within else {"type": "integer"}, text]}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [*schema["anyOf"], {"type": "null"}], "default": None}


def as_text(name: str) -> str:
    """Return a schema as its file has it."""
    return msgspec.json.format(msgspec.json.encode(SCHEMAS[name]()), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text(sys.argv[1]))
