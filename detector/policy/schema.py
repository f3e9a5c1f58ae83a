"""The JSON Schema of a policy file, made of its types and of the catalogue of rules.

`python -m detector.policy.schema > detector/schemas/policy-1.json`
"""

import sys
from typing import Any

import msgspec

from detector.categories import CLAUSES
from detector.policy.document import Document
from detector.policy.names import CATALOGUE, NOTICES, AnyRule, parameters_of, written
from detector.schema import schema_of
from detector.values import duration_text

Schema = dict[str, Any]


def policy_schema() -> Schema:
    """Return the schema (draft 2020-12); a moment, which TOML has without quotes, is text in it."""
    made = schema_of(Document)
    kinds = made["$defs"]
    for name, rule in CATALOGUE.items():
        kinds[f"parameters of {name}"] = _parameters(rule)
    categories = list(CLAUSES)
    for whole, of_rules in (("Document", "Rule"), ("Layer", "RuleLayer")):
        kinds[whole]["properties"]["rules"] |= _rules(of_rules)
        kinds[whole]["properties"]["notices"]["propertyNames"] = {"enum": list(NOTICES)}
    for ladders in ("Ladders", "LaddersLayer"):
        kinds[ladders]["properties"]["own"]["propertyNames"] = {"enum": categories}
    kinds["Document"]["properties"]["rules"]["required"] = list(CATALOGUE)
    kinds["Document"]["properties"]["notices"]["required"] = list(NOTICES)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:detector:schema:policy-1",
        "title": "Policy",
        **made,
    }


def _rules(kind: str) -> Schema:
    """Return what a table of rules may hold: each by its name, with its own parameters."""
    return {
        "additionalProperties": False,
        "properties": {
            name: {
                "$ref": f"#/$defs/{kind}",
                "properties": {"parameters": {"$ref": f"#/$defs/parameters%20of%20{name}"}},
            }
            for name in CATALOGUE
        },
    }


def _parameters(rule: AnyRule) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {written(name): _parameter(name, value) for name, value in parameters_of(rule).items()},
    }


def _parameter(field: str, value: float) -> Schema:
    if written(field) != field:
        return {
            "type": "string",
            "pattern": "^0*[1-9][0-9]*(ms|s|m|h|d)$",
            "default": duration_text(int(value)),
        }
    kind = "integer" if isinstance(value, int) else "number"
    return {"type": kind, "exclusiveMinimum": 0, "default": value}


def as_text() -> str:
    """Return the schema as its file has it."""
    return msgspec.json.format(msgspec.json.encode(policy_schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())
