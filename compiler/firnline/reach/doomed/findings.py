"""What rules do to what registries need → diagnostics, each setting of a bucket once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import visible
from firnline.reach.doomed.as_data import doomed_json
from firnline.reach.doomed.doomed import Doomed, Needed
from firnline.reach.doomed.examples import beside, example_file
from firnline.reach.references import Strength
from firnline.rules.kept_acts import instead_of_kept, kept_called
from firnline.rules.owners import ownership
from firnline.rules.threats import Loss
from firnline.s3.model import Rule
from firnline.s3.phrases import from_size, to_size
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Clock, Days, Versioning, freed_at

DOOMED_REFERENCE = Kind(
    code="FL620",
    name="doomed-reference",
    severity=Severity.ERROR,
    title="a rule deletes what a registry needs",
    why=(
        "A lifecycle rule deletes by age alone: S3 does not know which files a registered or"
        " deployed model still needs. `firnline check --references FILE` and `firnline diff` report"
        " it, where FILE is what `firnline gc refs --out` wrote; with `--inventory` also the day on"
        " which each first loses an object. A reference tells neither tags nor"
        " sizes, so any filter may match it. What only a deleted run needs, within its grace, does"
        " not count."
    ),
    help=(
        "add `delete_when: unreferenced`, so that only what nothing needs is deleted, let the"
        " retention cover a narrower prefix, or keep the objects longer"
    ),
    wrong=beside(
        "retain: {models: {prefix: models/, delete_after: 365d}}",
        example_file(),
    ),
    right=beside(
        "retain: {candidates: {prefix: candidates/, delete_after: 365d}}",
        example_file(),
    ),
)

DOOMED_RUN = Kind(
    code="FL621",
    name="doomed-run",
    severity=Severity.WARNING,
    title="a rule deletes what an active run needs",
    why=(
        "A run that is kept needs its artifacts, and a lifecycle rule deletes them by age alone."
        " The run may no longer be kept on that day, so that this is a warning: what a registered"
        " or deployed model needs is an error, FL620. `firnline check --references FILE` reports"
        " it."
    ),
    help="keep the objects longer than a run is kept, or add `delete_when: unreferenced`",
    wrong=beside(
        "retain: {runs: {prefix: runs/, delete_after: 30d}}",
        example_file(Strength.LIVE, ("run brave-owl-12",), "runs/1/brave-owl-12"),
    ),
    right=beside(
        "retain: {tmp: {prefix: tmp/, delete_after: 30d}}",
        example_file(Strength.LIVE, ("run brave-owl-12",), "runs/1/brave-owl-12"),
    ),
)

ARCHIVED_REFERENCE = Kind(
    code="FL622",
    name="archived-reference",
    severity=Severity.ERROR,
    title="a rule archives what a registry needs where it cannot be read",
    why=(
        "Objects in GLACIER and DEEP_ARCHIVE must be restored before they can be read, which takes"
        " minutes to days (S3 User Guide, archive retrieval options): a model that is loaded from"
        " there fails. From GLACIER_IR it can be read at once. What only a run needs does not"
        " count. `firnline check --references FILE` reports it."
    ),
    help=(
        "move it to a class that can be read at once, such as GLACIER_IR with `cold_after`, or let"
        " the retention cover a narrower prefix"
    ),
    wrong=beside(
        "retain: {models: {prefix: models/, archive_after: 180d, delete_after: never}}",
        example_file(),
    ),
    right=beside(
        "retain: {models: {prefix: models/, cold_after: 180d, delete_after: never}}",
        example_file(),
    ),
)


def findings(doomed: Iterable[Doomed], made: datetime, called: str) -> Iterator[Diagnostic]:
    """`called` is the references file, and `made` its date."""
    by = f"by {visible(called)}, which was read on {made.date()}"
    for each in doomed:
        notes = *_notes(each, made), by
        yield kind_of(each).at(
            each.threat.place,
            _message(each),
            notes=notes,
            remedy=None if each.threat.kept is None else Advise(instead_of_kept(each.threat.kept)),
            doomed=doomed_json(each),
        )


def kind_of(each: Doomed) -> Kind:
    match each.threat.loss:
        case Loss.DELETED:
            return DOOMED_REFERENCE if each.is_firm else DOOMED_RUN
        case Loss.ARCHIVED:
            return ARCHIVED_REFERENCE
        case _:
            assert_never(each.threat.loss)


def chain(needed: Needed) -> str:
    """`model churn v14 ← alias champion`"""
    return visible(" ← ".join(needed.because)) or visible(str(needed.location))


def what_happens(each: Doomed) -> str:
    """`deleted 365d after they were written`"""
    moved = f"to {each.threat.storage_class} " if each.threat.storage_class else ""
    verb = "deleted" if each.threat.loss is Loss.DELETED else "moved"
    after = each.threat.after
    when = f"on {after}" if isinstance(after, date) else f"{after} after they were written"
    by = "" if each.threat.kept is None else f" by {kept_called(each.threat.kept)}"
    return f"{verb} {moved}{when}{by}"


def names(each: Doomed) -> str:
    """The first few, with the days on which they first lose something, and how many more."""
    named = list(dict.fromkeys(chain(needed) + _first(each, needed) for needed in each.named))
    more = each.count - len(named)
    return f"{', '.join(named)} and {more:,} more" if more > 0 else ", ".join(named)


def _first(each: Doomed, needed: Needed) -> str:
    if each.stored_as_of is None:
        return ""
    if needed.lost is None:
        return " (nothing that is stored now)"
    day = needed.lost.day
    return f" (due since {day})" if needed.lost.is_due else f" (from {day} on)"


def _message(each: Doomed) -> str:
    of = f"objects{_filtered(each)} in `{visible(each.entry.bucket)}`"
    return f"{of} are {what_happens(each)}, and still needed: {names(each)}"


def _filtered(each: Doomed) -> str:
    scope = each.threat.scope
    tags = ", ".join(f"{visible(key)}={visible(value)}" for key, value in scope.tags)
    said = [f"with the tag{'s' if len(scope.tags) > 1 else ''} {tags}"] if tags else []
    if scope.at_least > 1:
        said.append(from_size(scope.at_least))
    if scope.at_most is not None:
        said.append(to_size(scope.at_most))
    return f" {', '.join(said)}" if said else ""


def _notes(each: Doomed, made: datetime) -> Iterator[str]:
    for needed in each.named:
        kept = f"keep ← {chain(needed)} ({visible(needed.registry)})"
        yield f"{visible(str(needed.location))}: {kept}{_lost(each, needed)}"
    if each.stored_as_of is not None:
        moment = f"{each.stored_as_of:%Y-%m-%d %H:%M}Z"
        yield f"the days are those of what was stored at {moment}: what is written later goes later"
    if each.threat.is_filtered:
        yield "whether these objects match the filter is not known: references tell the key alone"
    if each.threat.loss is Loss.DELETED and each.entry.versioning is Versioning.ENABLED:
        yield _until_gone(each, made)


def _first_end(kept: Iterable[Rule]) -> Days | None:
    """Of old versions, by rules of others."""
    return min(
        (rule.noncurrent_expires.after for rule in kept if rule.noncurrent_expires), default=None
    )


def _lost(each: Doomed, needed: Needed) -> str:
    if each.stored_as_of is None:
        return ""
    lost, verb = needed.lost, "deleted" if each.threat.loss is Loss.DELETED else "moved"
    if lost is None:
        return f"; {verb}: nothing that is stored now"
    objects = how_many(lost.objects, "object")
    first = "" if lost.objects == 1 else "the first "
    if lost.is_due:
        return f"; {verb}: {objects}, {first}due since {lost.day} and so on the next run"
    return f"; {verb}: {objects}, {first}on {lost.day}"


def _until_gone(each: Doomed, day: datetime) -> str:
    """Where versions are kept, a deletion hides an object, and its bytes end as a version."""
    if each.entry.program is None:
        return "from that day on a delete marker hides them"
    scope, key = each.threat.scope, each.named[0].location.key
    key = key if key.startswith(scope.prefix) else scope.prefix
    item = StoredItem(key, day, size=scope.at_least, tags=scope.tags)
    owning = next(
        other
        for other in ownership(each.entry.program, item)
        if other.clock is Clock.NONCURRENT_VERSIONS
    )
    ends = owning.owner.timeline.ends if owning.owner else _first_end(owning.kept)
    if ends is None or isinstance(each.threat.after, date):
        return "from that day on a delete marker hides them; their bytes stay"
    freed = freed_at(each.threat.after, ends)
    return f"from that day on a delete marker hides them; their bytes are gone at {freed}"
