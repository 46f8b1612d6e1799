"""Are the rules of others those that the lock has, and that policies keep?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.ownership import is_ours
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.kinds import FOREIGN_RULES_CHANGED
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet


def foreign_changes(
    live: RuleSet,
    expected: ExpectedBucket,
    *,
    without_effect: bool = False,
    new_are_told: bool = False,
) -> list[Diagnostic]:
    """At most one for a bucket. `without_effect`: the bucket does what is expected of it, so these
    are rules that a deployment would stumble over, and no drift. `new_are_told`: those that are new
    stand in another finding, which says to remove them.
    """
    there = {rule.id: rule for rule in _theirs(live, expected)}
    kept = {rule.id: rule for rule in _theirs(expected.rules, expected)}
    going = {rule.id: rule for rule in expected.going}
    known = kept.keys() | going.keys()
    notes = [
        *_listed("new since the lock", () if new_are_told else there.keys() - known),
        *_listed(
            "changed since the lock",
            (id for id in there.keys() & known if not _is_one(there[id], {**going, **kept}[id])),
        ),
        *_listed("gone since the lock", kept.keys() - there.keys()),
    ]
    if not without_effect:
        still = (id for id in there.keys() & going.keys() if _is_one(there[id], going[id]))
        notes += _listed("live, though policies replace it", still)
    if not notes:
        return []
    bucket = visible(expected.bucket.name)
    return [
        FOREIGN_RULES_CHANGED.at(
            BucketPlace(expected.bucket.name, expected.bucket.account.id.value),
            f"rules on `{bucket}` that Firnline did not write are not those of the lock"
            + ("; they change nothing for objects" if without_effect else ""),
            notes=notes,
            severity=Severity.WARNING if without_effect else Severity.ERROR,
        )
    ]


def _theirs(rules: RuleSet, expected: ExpectedBucket) -> Iterator[Rule]:
    return (rule for rule in rules.rules if not is_ours(rule.id, expected.namespace))


def _is_one(one: Rule, other: Rule) -> bool:
    """Whether they do the same, and so are one rule: S3 may spell it another way."""
    return one.in_order == other.in_order or (
        one.enabled is other.enabled and surely_same(RuleSet((one,)), RuleSet((other,)))
    )


def _listed(what: str, ids: Iterable[str]) -> list[str]:
    names = ", ".join(f"`{visible(id)}`" if id else "one without an ID" for id in sorted(ids))
    return [f"{what}: {names}"] if names else []
