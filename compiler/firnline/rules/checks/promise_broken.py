"""Is every promise kept, for every possible key, tag and size?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise, Drop, EndSooner, KeyPath, LetBe, Remedy, Way
from firnline.language.check import Check, Needs, Subject
from firnline.language.units import FOREVER, Kept
from firnline.rules.checks.sections import section_of
from firnline.rules.checks.words import example
from firnline.rules.program import Owned, Program
from firnline.rules.prove.promised import (
    ROUNDING,
    DeletedEarly,
    OldDeletedEarly,
    StartsAgain,
    StaysLong,
    Suspended,
    VersioningUnknown,
    broken_promises,
)
from firnline.rules.prove.promised_cells import Owners
from firnline.s3.scope import Scope, Tags
from firnline.s3.terms import Days

BREAKS_PROMISE = Kind(
    code="FL406",
    name="breaks-promise",
    severity=Severity.ERROR,
    title="the retentions do not keep a promise",
    why=(
        "A promise holds for every possible key, tag and size under its prefix, or the policies"
        " do not compile. `keep_at_least` covers objects that are not overwritten or deleted."
        " `gone_within` covers the bytes of every version, whether or not users overwrite or"
        " delete it: the objects' clock, the noncurrent versions' clock, and a day of rounding for"
        " each."
    ),
    help="change the retention to keep the promise, or change the promise",
    wrong="""\
promises: {models-stay: {prefix: models/prod/, keep_at_least: 2y}}
retain: {models: {prefix: models/, delete_after: 365d}}
""",
    right="""\
promises: {models-stay: {prefix: models/prod/, keep_at_least: 1y}}
retain: {models: {prefix: models/, delete_after: 400d}}
""",
)
BREAKS_MINIMUM = Kind(
    code="FL407",
    name="breaks-minimum",
    severity=Severity.ERROR,
    title="overwritten or deleted objects are not kept as long as promised",
    why=(
        "`old_versions: {keep_at_least: 30d}` promises that what was overwritten or deleted by"
        " mistake can be recovered for that long. It counts from the day a version was replaced;"
        " whether some of the newest stay longer does not matter, as newer ones may follow."
    ),
    help="delete noncurrent versions later, or promise less",
    wrong="""\
versioning: enabled
promises: {undo: {prefix: db/, old_versions: {keep_at_least: 30d}}}
retain: {db: {prefix: db/, delete_after: never, old_versions: {delete_after: 7d}}}
""",
    right="""\
versioning: enabled
promises: {undo: {prefix: db/, old_versions: {keep_at_least: 30d}}}
retain: {db: {prefix: db/, delete_after: never, old_versions: {delete_after: 30d}}}
""",
)

PROMISE_SUSPENDED = Kind(
    code="FL413",
    name="promise-suspended",
    severity=Severity.NOTE,
    title="a hold keeps data that a promise says is deleted",
    why=(
        "A hold suspends every rule that could destroy what it names, and what shares a rule with"
        " it. Data that is kept for this reason breaks no `gone_within`; it becomes due when the"
        " hold is removed."
    ),
    help="remove the hold once it is no longer needed, or promise less",
    wrong="""\
versioning: off
retain: {tmp: {prefix: tmp/, delete_after: 14d}}
promises: {tidy: {prefix: tmp/, gone_within: 30d}}
holds: {LIT-1: {prefix: tmp/, ask_again: 2999-12-31, why: discovery, approved_by: legal}}
""",
    right="""\
versioning: off
retain: {tmp: {prefix: tmp/, delete_after: 14d}}
promises: {tidy: {prefix: tmp/, gone_within: 30d}}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for broken in broken_promises(program):
        match broken:
            case DeletedEarly():
                yield _deleted_early(program, broken)
            case OldDeletedEarly():
                yield _old_deleted_early(program, broken)
            case StaysLong():
                yield _stays(program, broken)
            case StartsAgain():
                yield _starts_again(program, broken)
            case VersioningUnknown():
                pass  # `check_versioning` reports it, once there is a lock
            case Suspended():
                yield _suspended(program, broken)
            case _:
                assert_never(broken)


def check_versioning(program: Program) -> Iterator[Diagnostic]:
    for broken in broken_promises(program):
        if isinstance(broken, VersioningUnknown):
            yield BREAKS_MINIMUM.at(
                broken.said.span,
                f"nothing says whether `{program.example}` keeps noncurrent versions",
                remedy=(
                    Advise("write `versioning: enabled` in the policy"),
                    Advise("run `firnline resolve`: the lock says how a bucket is versioned"),
                ),
            )


CHECK = Check(
    Subject.PROGRAM_UNDER_HOLDS, check, (BREAKS_PROMISE, BREAKS_MINIMUM, PROMISE_SUSPENDED)
)
VERSIONING_CHECK = Check(
    Subject.PROGRAM_UNDER_HOLDS, check_versioning, (BREAKS_MINIMUM,), needs=(Needs.LOCK,)
)


def _deleted_early(program: Program, broken: DeletedEarly) -> Diagnostic:
    owner = broken.owners.objects
    assert owner is not None
    assert owner.timeline.delete is not None
    called = owner.unit.called
    return BREAKS_PROMISE.at(
        broken.said.span,
        f"{called} deletes at {broken.age}",
        also=[(owner.timeline.delete.span, "deleted here")],
        notes=[f"for example {_witness(program, broken.owners)}"],
        remedy=(_keep_for(broken.said.value, owner, ("delete_after",)), _LESS),
    )


def _old_deleted_early(program: Program, broken: OldDeletedEarly) -> Diagnostic:
    owner = broken.owners.old_versions
    if broken.age is None:
        assert program.versioning is not None
        return BREAKS_MINIMUM.at(
            broken.said.span,
            f"`{program.example}` keeps no noncurrent versions:"
            f" its versioning is {program.versioning.value}",
            notes=["what is overwritten there is gone at once"],
            remedy=Advise("enable versioning on the bucket, and write `versioning: enabled`"),
        )
    assert owner is not None
    line = owner.timeline
    return BREAKS_MINIMUM.at(
        broken.said.span,
        f"{owner.unit.called} deletes noncurrent versions at {broken.age}",
        also=[((line.delete or line).span, "deleted here")],
        notes=[f"for example {_witness(program, broken.owners)}, overwritten on day 0"],
        remedy=(_keep_for(broken.said.value, owner, ("old_versions", "delete_after")), _LESS),
    )


def _keep_for(least: Kept, owner: Owned, key: KeyPath) -> LetBe:
    return LetBe(section_of(owner.unit), key, None if least is FOREVER else str(least))


_LESS = Advise("promise less")
_DROP = Drop("gone_within")


def _stays(program: Program, broken: StaysLong) -> Diagnostic:
    if broken.locked:
        return BREAKS_PROMISE.at(
            broken.said.span,
            f"`{program.example}` has Object Lock, which may keep versions for as long as it says",
            remedy=(Advise("leave the bucket out of `applies_to`"), _DROP),
        )
    example_of = f"for example {_witness(program, broken.owners)}"
    after = broken.gone_after
    return BREAKS_PROMISE.at(
        broken.said.span,
        f"its bytes may stay {after} days" if after is not None else _endless(broken),
        also=_ends(broken),
        notes=[example_of, *([_sum(broken)] if after is not None else [])],
        remedy=_shorter(broken),
    )


def _starts_again(program: Program, broken: StartsAgain) -> Diagnostic:
    if broken.suspended:
        why = "each write to a suspended bucket replaces the version above"
        remedy: Way = Advise("enable versioning on the bucket")
    else:
        why = "the version above may have other tags or another size, and expire sooner"
        remedy = Advise("let noncurrent versions of all tags and sizes here expire on the same day")
    return BREAKS_PROMISE.at(
        broken.said.span,
        "noncurrent versions of a key that is overwritten often may never be deleted",
        also=_ends(broken),
        notes=[
            f"for example {_witness(program, broken.owners)}",
            f"{why}, and S3 does not say whether the one below then counts anew",
        ],
        remedy=(remedy, _DROP),
    )


def _suspended(program: Program, broken: Suspended) -> Diagnostic:
    names = ", ".join(f"`{hold.name.value}`" for hold in broken.holds)
    return PROMISE_SUSPENDED.at(
        broken.said.span,
        f"not while {names} is in force",
        also=[(hold.name.span, "this keeps data that should be deleted") for hold in broken.holds],
        notes=[f"for example {_witness(program, broken.owners)}"],
    )


def _endless(broken: StaysLong) -> str:
    return f"{_what_stays(broken)} here are never deleted"


def _what_stays(broken: StaysLong) -> str:
    return "objects" if broken.objects is None else "noncurrent versions"


def _sum(broken: StaysLong) -> str:
    parts = [f"{broken.objects} until it is deleted"]
    if broken.keeps_versions:
        parts.append(f"{broken.old_versions} as a noncurrent version")
    rounding = ROUNDING * len(parts)
    parts.append(f"{rounding} of rounding up to midnight")
    return " and ".join(", ".join(parts).rsplit(", ", 1)) + f": {broken.gone_after} days"


def _ends(broken: StaysLong | StartsAgain) -> list[tuple[Span, str]]:
    owners = [broken.owners.objects]
    if isinstance(broken, StartsAgain) or broken.keeps_versions:
        owners.append(broken.owners.old_versions)
    return [
        (each.timeline.delete.span, "counted here")
        for each in owners
        if each is not None and each.timeline.delete is not None
    ]


def _shorter(broken: StaysLong) -> Remedy:
    if broken.gone_after is not None:
        sooner = Days(broken.gone_after - broken.said.value)
        return EndSooner(str(sooner)), _LESS
    owner = broken.owners.objects if broken.objects is None else broken.owners.old_versions
    if owner is None:
        where = Scope(broken.owners.cell.prefix, _promised_tags(broken))
        return (Advise(f"set when {_what_stays(broken)} in {where} expire"),)
    return (Advise(f"let {_what_stays(broken)} of {owner.unit.called} expire"),)


def _promised_tags(broken: StaysLong) -> Tags:
    keys = {tag.key.value for tag in broken.promise.tags}
    return tuple(pair for pair in broken.owners.cell.tags if pair[0] in keys)


def _witness(program: Program, owners: Owners) -> str:
    scopes = [each.scope for each in (owners.objects, owners.old_versions) if each is not None]
    return example(program, owners.cell, with_size=any(scope.is_sized for scope in scopes))
