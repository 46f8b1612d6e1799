"""Does a prefix keep objects longer than a prefix above it allows?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import (
    Advise,
    NameSiblings,
    Remedy,
    SayInRetentions,
    TakeLongerLife,
)
from firnline.language.check import Check, Subject
from firnline.language.units import NEVER, After
from firnline.rules.checks.sections import CLOCK_KEYS, longer_end, prefixes_above, section_of
from firnline.rules.checks.words import also_matches, by_owner, witness
from firnline.rules.program import Owned, Program
from firnline.rules.prove.interference import CutShort
from firnline.s3.terms import Clock, Days

LONGER_CHILD = Kind(
    code="FL301",
    name="longer-child",
    severity=Severity.ERROR,
    title="a prefix is to be kept longer than a prefix above it",
    why=(
        "S3 applies every rule that matches, and the earliest deletion wins: a longer prefix does"
        " not protect from a shorter one (S3 User Guide, how lifecycle handles conflicts)."
    ),
    help="name the short-lived prefixes instead of their parent",
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
        yield _cut_short(
            program,
            min(cuts, key=lambda cut: (cut.outer.timeline.ends or 0, -len(cut.outer.prefix))),
        )


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
        remedy=_remedy(clock, outer, inner),
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


def _remedy(clock: Clock, outer: Owned, inner: Owned) -> Remedy:
    if outer.unit.retention is None:
        return (SayInRetentions(section_of(outer.unit), CLOCK_KEYS[clock][0]),)
    longer = _longer_life(clock, outer, inner)
    above = prefixes_above(outer.unit, inner.unit)
    if not above:
        return Advise(
            "specify what may be deleted early, as S3 cannot exclude a tag or a size"
        ), longer
    such_as = (f"{outer.prefix}ci/", f"{outer.prefix}dev/")
    return NameSiblings(section_of(outer.unit), above, such_as), longer


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
