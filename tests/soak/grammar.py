"""A JSON Schema and chance → data of that shape: mostly right, now and then a little wrong.

Whatever the schemas learn, this makes: nothing here names a key of the language.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

# What stands in leaves. A pattern of the schema chooses those that fit it.
TEXTS = (
    *("1d", "7d", "30d", "60d", "90d", "365d", "2w", "7y", "0d", "never", "never", "2147483647d"),
    *("1B", "64KiB", "128KiB", "5MiB", "1GiB", "5GiB", "1000TiB"),
    *("0", "1", "3", "100", "1000000000", "25%"),
    *("2027-03-31", "2026-11-20", "2027-01-31", "2026-02-30"),
    *("us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1"),
    *("111122223333", "012345670123", "arn:aws:iam::111122223333:role/retention"),
    *("ou-ab12-cd34ef56", "r-ab12", "retention", "{name}.ReadOnly", "../c7n/accounts.yml"),
    *("lab", "lab", "lab", "a", "*", "l*", "lab-*", "!lab-tmp", "lab-data", "lab-tmp", "lab-more"),
    *("FL503", "FL310", "FL999", "review-overdue", "lab/old", "lab/lab-data"),
    *("FL401", "lab/us-east-1/lab-data", "registered", "finished", "running"),
    *("https://mlflow.lab.example", "models.json", "REGISTRY_URL", "model-registry"),
    "sha256:" + "0" * 64,
)
PREFIXES = ("", "a/", "a/b/", "a/b/c", "a/bc", "b/", "logs/", "/a", "a/*", "s3://lab-data/a/", "é/")
WRONG = (
    "",
    " ",
    "7",
    "30 days",
    "1GB",
    "~",
    "no",
    "日本",
    "x" * 300,
    "\\ud800",
    "A B",
    "{}",
    "9" * 30,
)


class Grammar:
    """Makes one document after another; `wrong` is how often something is not of its shape."""

    def __init__(self, schema: Mapping[str, Any], chance: random.Random, wrong: float) -> None:
        self._schema = schema
        self._chance = chance
        self._wrong = wrong

    def document(self) -> dict[str, Any]:
        made = self._map(self._schema)
        return {"firnline": self._schema["properties"]["firnline"]["const"], **made}

    def _value(self, shape: Mapping[str, Any]) -> Any:
        shape = self._resolved(shape)
        if self._rarely():
            return self._chance.choice([*WRONG, [], {}, ["a", "a"], {"a": "b"}])
        if "const" in shape or "enum" in shape:
            return self._chance.choice([shape["const"]] if "const" in shape else shape["enum"])
        types = shape.get("type", "string")
        match self._chance.choice([types] if isinstance(types, str) else types):
            case "object":
                return self._map(shape)
            case "array":
                items = [self._value(shape["items"]) for _ in range(self._few(shape, "minItems"))]
                return [item for nth, item in enumerate(items) if item not in items[:nth]]
            case _:
                return self._text(shape)

    def _map(self, shape: Mapping[str, Any]) -> dict[str, Any]:
        needed = shape.get("required", ())
        made = {
            name: self._value(within)
            for name, within in shape.get("properties", {}).items()
            if (not self._rarely() if name in needed else self._chance.random() < 0.2)
        }
        if len(made) < shape.get("minProperties", 0) and shape.get("properties"):
            name, within = self._chance.choice([*shape["properties"].items()])
            made[name] = self._value(within)
        if isinstance(others := shape.get("additionalProperties"), Mapping):
            names = self._resolved(shape.get("propertyNames", {}))
            for _ in range(self._few(shape, "minProperties")):
                made[self._text(names)] = self._value(others)
        if made and self._rarely():
            name = self._chance.choice([*made])
            made[name[:-1] + self._chance.choice("xe")] = made.pop(name)
        return made

    def _text(self, shape: Mapping[str, Any]) -> str:
        if "prefix" in shape.get("title", ""):
            return self._chance.choice(PREFIXES)
        return self._chance.choice(_fitting(shape.get("pattern", "")))

    def _few(self, shape: Mapping[str, Any], least: str) -> int:
        return max(int(shape.get(least, 0)), self._chance.choice([0, 1, 1, 2]))

    def _rarely(self) -> bool:
        return self._chance.random() < self._wrong

    def _resolved(self, shape: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in shape:
            name = shape["$ref"].rpartition("/")[2]
            shape = self._schema["definitions"][name]
        return shape


@cache
def _fitting(pattern: str) -> tuple[str, ...]:
    return tuple(text for text in TEXTS if re.search(pattern, text)) or TEXTS
