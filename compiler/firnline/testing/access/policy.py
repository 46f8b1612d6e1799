"""A policy of IAM as JSON → its statements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_QUALIFIERS: Final = ("ForAnyValue:", "ForAllValues:")
_IF_EXISTS: Final = "IfExists"
_COMPARISONS: Final = frozenset(
    f"{kind}{comparison}"
    for kind in ("String", "Arn")
    for comparison in ("Equals", "NotEquals", "Like", "NotLike")
)


OPERATORS: Final = _COMPARISONS | {"Null", "Bool"}


class BadPolicy(Exception):
    """A policy that is none, or has something that is not evaluated here; the text says what."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Of `Action` or, negated, of `NotAction`; of resources and principals likewise."""

    patterns: tuple[str, ...]
    negated: bool = False
    ignore_case: bool = False

    def match(self, value: str) -> bool:
        found = any(matches(each, value, ignore_case=self.ignore_case) for each in self.patterns)
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class Condition:
    """`quantifier` is `ForAnyValue:`, `ForAllValues:` or empty; `key` is in lower case."""

    operator: str
    key: str
    values: tuple[str, ...]
    quantifier: str = ""
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """`principals` is None in a policy that is attached to its principal."""

    allows: bool
    actions: Patterns
    resources: Patterns
    principals: Patterns | None
    conditions: tuple[Condition, ...]


def read_policy(document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """Raises `BadPolicy`."""
    try:
        policy = json.loads(document) if isinstance(document, str) else document
        return tuple(map(_statement, _listed(policy["Statement"])))
    except (ValueError, KeyError, TypeError) as problem:
        raise BadPolicy(f"not a policy: {type(problem).__name__}: {problem}") from None


def matches(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """`*` stands for any text and `?` for one character (IAM User Guide, "Using wildcards in
    resource ARNs").
    """
    parts = ({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.fullmatch("".join(parts), value, flags) is not None


def _statement(said: Mapping[str, Any]) -> Statement:
    if said["Effect"] not in ("Allow", "Deny"):
        raise BadPolicy(f"`Effect` is `{said['Effect']}`")
    principals = _patterns(said, "Principal") if "Principal" in said else None
    # A trust policy says no resource: it is about its own role.
    resources = _patterns(said, "Resource") or Patterns(("*",))
    actions = _patterns(said, "Action")
    if actions is None:
        raise BadPolicy("a statement has no `Action`")
    return Statement(
        said["Effect"] == "Allow",
        Patterns(actions.patterns, actions.negated, ignore_case=True),
        resources,
        principals,
        tuple(_conditions(said.get("Condition", {}))),
    )


def _patterns(said: Mapping[str, Any], name: str) -> Patterns | None:
    for element, negated in ((name, False), (f"Not{name}", True)):
        if element in said:
            value = said[element]
            listed = value.get("AWS", ()) if isinstance(value, Mapping) else value
            patterns = tuple(map(str, _listed(listed)))
            if any("${" in each for each in patterns):
                raise BadPolicy(f"variables such as {patterns} are not evaluated here")
            return Patterns(patterns, negated)
    return None


def _conditions(said: Mapping[str, Mapping[str, Any]]) -> Iterator[Condition]:
    for written, keys in said.items():
        quantifier = next((each for each in _QUALIFIERS if written.startswith(each)), "")
        name = written.removeprefix(quantifier)
        operator = name.removesuffix(_IF_EXISTS)
        if operator not in OPERATORS:
            raise BadPolicy(f"the condition operator `{written}` is not evaluated here")
        for key, values in keys.items():
            texts = tuple(_text(each) for each in _listed(values))
            yield Condition(operator, key.lower(), texts, quantifier, name != operator)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
