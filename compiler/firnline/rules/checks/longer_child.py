"""Is something to be kept longer than a broader setting for it allows?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.recipes import TAG_AT_WRITE
from firnline.diagnostics.remedy import (
    Advise,
    KeyPath,
    NameSiblings,
    Remedy,
    SayInRetentions,
    SetKeys,
    TakeLongerLife,
)
from firnline.language.check import Check, Subject
from firnline.language.units import NEVER, After
from firnline.rules.checks.covering_less import may_be_limited, may_leave
from firnline.rules.checks.never_versioned import judged
from firnline.rules.checks.sections import CLOCK_KEYS, longer_end, prefixes_above, section_of
from firnline.rules.checks.words import also_matches, by_owner, witness
from firnline.rules.program import Owned, Program
from firnline.rules.prove.interference import CutShort
from firnline.s3.scope import NO_LIMIT
from firnline.s3.terms import Clock, Days

LONGER_CHILD = Kind(
    code="FL301",
    name="longer-child",
    severity=Severity.ERROR,
    title="a broader rule cuts a narrower one short",
    why=(
        "S3 applies every rule that matches, and the earliest deletion wins: neither a longer"
        " prefix nor a tag or size protects from a rule that matches more (S3 User Guide, how"
        " lifecycle handles conflicts)."
    ),
    help="let the shorter-lived rule match less: name its prefixes, or filter it by a tag or size",
    wrong="""\
retain:
  checkpoints: {prefix: checkpoints/, delete_after: 90d}
  releases: {prefix: checkpoints/prod/, delete_after: 400d}
""",
    right="""\
retain:
  checkpoints: {prefix: [checkpoints/ci/, checkpoints/dev/], delete_after: 90d}
  releases: {prefix: checkpoints/prod/, delete_after: 400d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for cuts in by_owner(program, CutShort):
        soonest = min(cuts, key=lambda cut: (cut.outer.timeline.ends or 0, -len(cut.outer.prefix)))
        yield judged(_cut_short(program, soonest), program, soonest.clock)


CHECK = Check(Subject.PROGRAM, check, (LONGER_CHILD,))


def _said(end: Days | None) -> After:
    return NEVER if end is None else end


def _cut_short(program: Program, cut: CutShort) -> Diagnostic:
    clock, outer, inner = cut.clock, cut.outer, cut.inner
    ends, required_end = outer.timeline.ends_of(cut.newer), inner.timeline.ends_of(cut.newer)
    cutting = outer.timeline.delete or outer.timeline.keep_newest
    assert cutting is not None
    key = witness(program, cut)
    where = inner.timeline.delete.span if inner.timeline.delete else inner.timeline.span
    return LONGER_CHILD.at(
        where,
        _message(clock, _said(ends), _said(required_end)),
        also=[
            (outer.unit.span, also_matches(inner)),
            (cutting.span, "S3 applies this one too"),
        ],
        notes=[
            f"for example {key}: required {_in_words(clock, _said(required_end))},"
            f" gets {_in_words(clock, _said(ends))} from {outer.unit.called}",
            "S3 has no exclusions: when two rules match, the earlier deletion wins",
        ],
        remedy=_remedy(program, clock, outer, inner),
    )


def _message(clock: Clock, ends: After, required_end: After) -> str:
    if clock is Clock.DELETE_MARKERS:
        return "this keeps delete markers, but S3 would remove them"
    verb = "abort" if clock is Clock.MULTIPART_UPLOADS else "delete"
    return f"{required_end} required here, but S3 would {verb} {clock.value} at {ends}"


def _in_words(clock: Clock, end: After) -> str:
    if clock is Clock.DELETE_MARKERS:
        return "keep" if end is NEVER else "remove"
    return str(end)


def _remedy(program: Program, clock: Clock, outer: Owned, inner: Owned) -> Remedy:
    if outer.unit.retention is None:
        return (SayInRetentions(section_of(outer.unit), CLOCK_KEYS[clock][0]),)
    longer = _longer_life(clock, outer, inner)
    bound = _size_bound(program, outer, inner)
    above = prefixes_above(outer.unit, inner.unit)
    if not may_leave(program, outer.unit, above or [outer.prefix]):
        return longer, *([bound] if bound else [])
    tagged = [_TAG] if clock in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS) else []
    if above:
        siblings = NameSiblings(section_of(outer.unit), above, what="short-lived prefixes")
        return siblings, longer, *([bound] if bound else tagged)
    return bound or _NO_EXCLUSION, longer


_TAG = Advise(f"tag the short-lived objects when they are written ({TAG_AT_WRITE})")
_NO_EXCLUSION = Advise(
    "S3 filters cannot exclude: tag the short-lived objects when they are written, and filter by"
    f" that tag ({TAG_AT_WRITE})"
)


def _size_bound(program: Program, outer: Owned, inner: Owned) -> SetKeys | Advise | None:
    """The other setting covers only the sizes that this one does not; None where no single bound
    says that, or where it would leave objects undecided, or to a setting that ends them sooner.
    """
    if inner.scope.tags:
        return None
    at_least, at_most = inner.scope.at_least, inner.scope.at_most
    begins_later = at_least > max(outer.scope.at_least, 1)
    ends_sooner = at_most is not None and at_most < (outer.scope.at_most or NO_LIMIT)
    # Both bounds exclude themselves: an object of just that size is in one of the two.
    if begins_later and not ends_sooner:
        left = replace(outer.scope, at_most=at_least - 1)
        way = _limit(outer, inner, "smaller", ("size", "under"), at_least)
    elif at_most is not None and ends_sooner and not begins_later:
        left = replace(outer.scope, at_least=at_most + 1)
        way = _limit(outer, inner, "larger", ("size", "over"), at_most)
    else:
        return None
    within = [unit.scope for unit in program.units if outer.scope.holds(unit.scope)]
    crossed = any(
        left.shared_with(scope) and not left.holds(scope)  # FL302, where no narrowest one decides
        for scope in within
        if scope not in (outer.scope, inner.scope)
    )
    if crossed or not may_be_limited(program, outer.unit, inner.unit, left):
        return None
    return way


def _limit(outer: Owned, inner: Owned, which: str, key: KeyPath, bound: int) -> SetKeys | Advise:
    what = f"limit {outer.unit.called} to {which} objects"
    also = list(_also_to_do(outer, inner))
    if not also:
        return SetKeys(section_of(outer.unit), ((key, f"{bound}B"),), what=what)
    setting = f"`{key[0]}: {{{key[1]}: {bound}B}}`"
    return Advise(", and ".join([f"{what} with {setting}", *also]))


def _also_to_do(outer: Owned, inner: Owned) -> Iterator[str]:
    """What a size would leave to nobody, and what cannot stand beside one (FL322)."""
    clocks = outer.unit.clocks
    if clocks.old_versions and not inner.unit.clocks.old_versions:
        yield f"repeat its `old_versions` in {inner.unit.called}"
    by_prefix = {"uploads": clocks.uploads, "delete_markers": clocks.delete_markers}
    for name, said in by_prefix.items():
        if said:
            yield f"move its `{name}` to a retention of the prefix alone"


def _longer_life(clock: Clock, outer: Owned, inner: Owned) -> TakeLongerLife:
    newest = (*CLOCK_KEYS[clock], "keep_newest")
    settings = longer_end(outer.timeline, inner.timeline, clock)
    is_written = any(key[: len(newest)] == newest for key, _ in settings)
    return TakeLongerLife(
        section_of(outer.unit),
        section_of(inner.unit),
        settings,
        (newest,) if outer.timeline.keep_newest and not is_written else (),
    )
