"""What rules do to the layouts of readers → diagnostics, with numbers where facts tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple, assert_never

from firnline.consumers.found import Evidence, Found
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, Remedy
from firnline.diagnostics.visible import visible
from firnline.rules.at_risk.kinds import LAYOUT_ARCHIVED, LAYOUT_DELETED, UNDO_LOST
from firnline.rules.at_risk.risks import TIERED, AtRisk, Due
from firnline.rules.kept_acts import instead_of_kept, kept_called
from firnline.rules.threats import Loss
from firnline.s3.law.limits import SMALL_OBJECT

MOST_NAMED: Final = 3
_SEEMING: Final = {
    Evidence.SHOWN: "",
    Evidence.LIKELY: "what looks like ",
    Evidence.POSSIBLE: "what may be ",
}


class Taken(NamedTuple):
    """Facts of a bucket, which may not be known: what they are called, when they were taken."""

    bucket: str | None
    called: str
    as_of: datetime
    tags_known: bool


Counted = tuple[Taken, Due]
"""What is due of what some facts list."""


def finding(each: AtRisk, counted: Counted | None = None) -> Diagnostic:
    return kind_of(each).at(
        each.place,
        _message(each),
        notes=tuple(_notes(each, counted)),
        remedy=_remedy(each),
        severity=Severity.NOTE if each.evidence is Evidence.POSSIBLE else None,
        layout=_as_data(each, counted),
    )


def kind_of(each: AtRisk) -> Kind:
    if each.risk.of_old:
        return UNDO_LOST
    match each.risk.threat.loss:
        case Loss.ARCHIVED:
            return LAYOUT_ARCHIVED
        case Loss.DELETED:
            return LAYOUT_DELETED
        case _:
            assert_never(each.risk.threat.loss)


def _message(each: AtRisk) -> str:
    """`this moves the data files of the Delta Lake table `lake/orders/` to GLACIER at 90d`"""
    threat = each.risk.threat
    on = f"on {threat.after}" if isinstance(threat.after, date) else f"at {threat.after}"
    if threat.kept is not None:
        on = f"{on}, by {kept_called(threat.kept)}"
    if threat.storage_class is None:
        return f"this deletes {_what(each)} {on}"
    return f"this moves {_what(each)} to {threat.storage_class} {on}"


def _what(each: AtRisk) -> str:
    layout, found = each.layout, each.found
    if len(found) > 1:
        names = ", ".join(map(_root, found[:MOST_NAMED]))
        whose = (
            f"{len(found):,} {layout.plural} ({names}{', …' if len(found) > MOST_NAMED else ''})"
        )
    elif layout.undo and not found[0].is_object:
        whose = f"the {layout.plural} below {_root(found[0])}"
    else:
        whose = f"the {layout.called} {_root(found[0])}"
    whose = f"{_SEEMING[each.evidence]}{whose}"
    parts = [part.called for part in each.parts if part.called]
    if each.risk.of_old:
        return f"the old versions of {whose}"
    return f"the {' and '.join(parts)} of {whose}" if parts else whose


def _root(found: Found) -> str:
    return f"`{visible(found.root)}`" if found.root else "that is the whole bucket"


def _remedy(each: AtRisk) -> Remedy:
    layout, risk = each.layout, each.risk
    own = layout.instead if layout.undo else f"leave that to its own cleaning: {layout.instead}"
    if each.evidence is not Evidence.SHOWN:
        own = f"{own}; if it is no {layout.called}, waive this finding"
    ways = [] if risk.way is None else [risk.way]
    if risk.threat.kept is not None:
        ways = [Advise(instead_of_kept(risk.threat.kept))]
    elif risk.way is None and risk.of_old:
        ways = [Advise("let the newest stay, with `NewerNoncurrentVersions`")]
    if risk.threat.loss is Loss.ARCHIVED and risk.threat.storage_class not in TIERED:
        ways.append(Advise("move to a class that is read at once, such as STANDARD_IA"))
    return (*ways, Advise(own))


def _notes(each: AtRisk, counted: Counted | None) -> Iterator[str]:
    if counted is not None:
        bucket = counted[0].bucket
        where = "" if bucket is None else f"of `{visible(bucket)}` "
        yield f"{where}{_counted(each, *counted)}"
    if each.evidence is not Evidence.SHOWN:
        yield "judged by the prefix alone: `--inventory` lets the keys tell whether it is one"
    if each.risk.threat.storage_class in TIERED:
        yield "objects of this bucket are in archive tiers: what nobody reads goes there from here"
    elif each.risk.threat.storage_class is not None and not each.risk.of_old:
        yield f"a reader fails on what is in {each.risk.threat.storage_class} until it is restored"
    elif not each.risk.of_old:
        yield f"safe to delete by age: {each.layout.by_age}"
    if each.layout.parts[-1] in each.parts and not each.layout.undo:
        yield each.layout.untold
    if _is_open(each, counted[0] if counted else None):
        yield "whether these objects match the filter is not known: keys tell neither tags nor size"


def _is_open(each: AtRisk, taken: Taken | None) -> bool:
    """Whether what nothing tells decides what is taken: of a listing or table, tags alone."""
    threat = each.risk.threat
    if taken is None:
        return threat.is_filtered
    return threat.is_filtered and bool(threat.scope.tags) and not taken.tags_known


def _counted(each: AtRisk, taken: Taken, due: Due) -> str:
    by = f"{visible(taken.called)} of {taken.as_of:%Y-%m-%d %H:%M}Z"
    if due.first is None:
        return f"{by} lists nothing that this would take now{_why_none(each, due)}"
    is_open = _is_open(each, taken)
    many = how_many(due.objects, "version" if each.risk.of_old else "object")
    when = f"the first is due {'since' if due.first <= taken.as_of else 'on'} {due.first.date()}"
    earliest = " at the earliest" if is_open else ""
    takes = _takes(at_least=due.at_least, at_most=is_open)
    more = f"; another rule deletes {due.gone_before:,} more before" if due.gone_before else ""
    return f"{takes} {many}, {due.bytes.rounded}, {when}{earliest}, by {by}{more}"


def _why_none(each: AtRisk, due: Due) -> str:
    if due.gone_before:
        return f": another rule deletes {due.gone_before:,} before"
    if each.risk.threat.scope.at_least == SMALL_OBJECT:
        return ": S3 moves nothing under 128KiB there, nor what is in such a class already"
    return ""


def _takes(*, at_least: bool, at_most: bool) -> str:
    if at_least and at_most:
        return "this may take"
    bound = " at least" if at_least else " at most" if at_most else ""
    return f"this takes{bound}"


def _as_data(each: AtRisk, counted: Counted | None) -> Mapping[str, Any]:
    after = each.risk.threat.after
    return {
        "layout": each.layout.called,
        "bucket": counted[0].bucket if counted else None,
        "prefixes": [found.root for found in each.found[:MOST_NAMED]],
        "count": len(each.found),
        "evidence": each.evidence.value,
        "parts": [part.called for part in each.parts if part.called],
        "loss": each.risk.threat.loss.value,
        "of_old_versions": each.risk.of_old,
        "days": None if isinstance(after, date) else int(after),
        "from": after.isoformat() if isinstance(after, date) else None,
        "storage_class": each.risk.threat.storage_class,
        "instead": each.layout.instead,
        "stored": _stored(*counted, at_most=_is_open(each, counted[0])) if counted else None,
    }


def _stored(taken: Taken, due: Due, *, at_most: bool) -> Mapping[str, Any]:
    return {
        "as_of": f"{taken.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "objects": due.objects,
        "bytes": int(due.bytes),
        "first_day": due.first and due.first.date().isoformat(),
        "at_least": due.at_least,
        "at_most": at_most,
    }
