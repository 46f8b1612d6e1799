"""Can objects with `delete_when: unreferenced` ever be deleted, and by what?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.zero_day_delete import ZERO_DAY_DELETE
from firnline.language.model import Policy
from firnline.language.units import NEVER

_REFERENCES = "references: {from: mlflow, grace: 14d}\n"
_MODELS = "retain: {models: {prefix: models/, delete_after: 365d, delete_when: unreferenced}}\n"

DELETED_BY_GC = Kind(
    code="FL326",
    name="deleted-by-gc",
    severity=Severity.NOTE,
    title="no lifecycle rule deletes this; only `gc` does",
    why=(
        "S3 cannot know what a registry needs. So `delete_when: unreferenced` makes no rule that"
        " deletes, and until `gc` sweeps, everything there stays and is billed."
    ),
    help="leave `delete_when` out where age alone decides",
    wrong=_REFERENCES + _MODELS,
    right="retain: {models: {prefix: models/, delete_after: 365d}}",
)
NO_REGISTRIES = Kind(
    code="FL327",
    name="no-registries",
    severity=Severity.ERROR,
    title="objects are deleted when unreferenced, but no registries are named",
    why="Without a registry any object might still be needed, so none would ever be deleted.",
    help="add `references: {from: …, grace: 14d}` with the registries of the fleet file",
    wrong=_MODELS,
    right="retain: {models: {prefix: models/, delete_after: 365d}}",
)
NEVER_OLD_ENOUGH = Kind(
    code="FL328",
    name="never-old-enough",
    severity=Severity.ERROR,
    title="objects that are never old enough cannot be deleted when unreferenced",
    why="With `delete_when`, `delete_after` is the age from which an object may be deleted.",
    help="set the age from which it may be deleted, or leave `delete_when` out",
    wrong=_REFERENCES + _MODELS.replace("365d", "never"),
    right="retain: {models: {prefix: models/, delete_after: never}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for retention in policy.retentions:
        unreferenced = retention.delete_when
        if unreferenced is None:
            continue
        age = unreferenced.least_age
        if policy.references is None:
            message = f"`{policy.name.value}` has no `references`"
            yield NO_REGISTRIES.at(unreferenced.span, message)
        elif age is not None and age.value is NEVER:
            also = [(unreferenced.span, "so this has no effect")]
            yield NEVER_OLD_ENOUGH.at(age.span, "no object ever reaches this age", also=also)
        elif age is not None and age.value == 0:
            message = "a registry can name an object one day after its creation at the earliest"
            yield ZERO_DAY_DELETE.at(age.span, message)
        elif age is not None:
            message = f"from {age.value} on, what no registry needs waits for `gc`"
            yield DELETED_BY_GC.at(unreferenced.span, message)


CHECK = Check(
    Subject.POLICY,
    check,
    (
        ZERO_DAY_DELETE,
        DELETED_BY_GC,
        NO_REGISTRIES,
        NEVER_OLD_ENOUGH,
    ),
)
