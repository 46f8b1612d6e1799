"""Do statements allow a call? An explicit denial overrides, and what nothing allows is denied.

IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from firnline.testing.access.policy import Condition, Patterns, Statement, matches

Context = Mapping[str, tuple[str, ...]]
"""What a request says, by condition key in lower case; a key that is absent is not in it."""


class Verdict(Enum):
    """The values are those of SimulatePrincipalPolicy."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "implicitDeny"
    DENIED = "explicitDeny"


@dataclass(frozen=True, slots=True)
class Call:
    """`resource` is an ARN, or `*` for an action that has none."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


def evaluate(
    statements: Iterable[Statement], call: Call, principals: Iterable[str] = ()
) -> Verdict:
    """`principals` is whoever calls, under each name that a policy may use."""
    known = tuple(principals)
    fitting = [each.allows for each in statements if _applies(each, call, known)]
    if not all(fitting):
        return Verdict.DENIED
    return Verdict.ALLOWED if fitting else Verdict.NOT_ALLOWED


def _applies(statement: Statement, call: Call, principals: tuple[str, ...]) -> bool:
    return (
        statement.actions.match(call.action)
        and statement.resources.match(call.resource)
        and (statement.principals is None or _names(statement.principals, principals))
        and all(_holds(each, call.context) for each in statement.conditions)
    )


def _names(said: Patterns, principals: tuple[str, ...]) -> bool:
    """No wildcards in principals but `*` alone (IAM User Guide, "Principal")."""
    found = "*" in said.patterns or any(each in said.patterns for each in principals)
    return found is not said.negated


def _holds(condition: Condition, context: Context) -> bool:
    values = context.get(condition.key)
    if condition.operator == "Null":
        return (values is None) is (condition.values == ("true",))
    if values is None:
        negated = "Not" in condition.operator
        return condition.if_exists or negated or condition.quantifier == "ForAllValues:"
    found = [_fits(condition, each) for each in values]
    return all(found) if condition.quantifier == "ForAllValues:" else any(found)


def _fits(condition: Condition, value: str) -> bool:
    exact = condition.operator in ("StringEquals", "StringNotEquals")
    if condition.operator == "Bool":
        return value.lower() in condition.values
    fits = any(value == each if exact else matches(each, value) for each in condition.values)
    return fits is not ("Not" in condition.operator)
