"""What nobody needs, for people: tables of classes, reasons, experiments and owners, and the first
orphans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.reach.mark.report import (
    Audit,
    BucketAudit,
    Change,
    Gone,
    Missing,
    ObjectClass,
    Orphan,
    Share,
    Total,
    summed,
)
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned, cut_inside

_ROWS: Final = 20
_AMOUNTS: Final = ("objects", "size", "$ a month")
_Rows = list[Sequence[str]]


def to_text(audit: Audit, columns: int) -> str:
    registries = ", ".join(
        f"{visible(each.name)} ({visible(each.kind)}, {how_many(each.records, 'record')})"
        for each in audit.registries
    )
    head = [
        *(each.facts for each in audit.buckets),
        f"references: of {audit.references:%Y-%m-%d %H:%M}Z from {registries}",
        f"prices: {audit.prices}",
    ]
    lines = _wrapped(head, columns)
    for each in audit.buckets:
        for table in _tables(each):
            lines += ["", *aligned(table, columns, right=(0, 1, 2, 3, 4))]
    if orphans := _orphans(audit):
        lines += ["", *aligned(orphans, columns, right=(0, 1), cutting=cut_inside)]
    if audit.missing:
        lines += ["", *aligned(_missing(audit.missing, audit.more_missing), columns)]
    for table in (_gone(audit.gone), _changes(audit.changes)):
        if table:
            lines += ["", *_aligned(table, columns)]
    lines += ["", *_wrapped([f"note: {each}" for each in audit.assumptions], columns)]
    return "\n".join([*lines, "", *_wrapped([_verdict(audit)], columns)]) + "\n"


def _tables(bucket: BucketAudit) -> Iterator[_Rows]:
    yield _classes(bucket)
    orphans = [share for share in bucket.shares if share.is_ is ObjectClass.ORPHAN]
    if orphans:
        yield _reasons(orphans)
    yield _active_and_orphaned(bucket, "experiment", lambda share: share.experiment)
    yield _active_and_orphaned(bucket, "owner", lambda share: share.owner)


def _classes(bucket: BucketAudit) -> _Rows:
    rows: _Rows = [(*_AMOUNTS, "", "", visible(bucket.bucket))]
    for each in ObjectClass:
        if (total := bucket.total(each)).objects:
            rows.append((*_amounts(total), "", "", _CLASSES[each]))
    if bucket.noncurrent and bucket.noncurrent.objects:
        rows.append((*_amounts(bucket.noncurrent), "", "", "noncurrent versions, not judged"))
    whole = bucket.total().plus(bucket.noncurrent or Total())
    return [*rows, (*_amounts(whole), "", "", "in all")]


_CLASSES: Final[Mapping[ObjectClass, str]] = {
    ObjectClass.ACTIVE: "active: a registry needs them",
    ObjectClass.ORPHAN: "orphans: nobody needs them",
    ObjectClass.RECENT: "not needed, but too young, or next to something young",
    ObjectClass.KEPT: "not needed, but a policy keeps them",
    ObjectClass.UNCLASSIFIED: "unclassified: nothing says what they are",
}


def _reasons(orphans: Sequence[Share]) -> _Rows:
    by_reason = _by(orphans, lambda share: share.reason)
    rows: _Rows = [(*_AMOUNTS, "", "", "reason of orphans")]
    for reason, total in _largest(by_reason):
        rows.append((*_amounts(total), "", "", (reason or "-").replace("_", " ")))
    return rows


def _active_and_orphaned(
    bucket: BucketAudit, of: str, name: Callable[[Share], str | None]
) -> _Rows:
    active = _by((each for each in bucket.shares if each.is_ is ObjectClass.ACTIVE), name)
    orphaned = _by((each for each in bucket.shares if each.is_ is ObjectClass.ORPHAN), name)
    rows: _Rows = [("orphans", "size", "$ a month", "active", "$ a month", of)]
    ranked = _largest({each: orphaned.get(each, Total()) for each in (*orphaned, *active)})
    for each, total in ranked[:_ROWS]:
        used = active.get(each, Total())
        needed = Bytes(used.bytes).rounded, _usd(used)
        rows.append((*_amounts(total), *needed, visible(each) if each else "none is known"))
    return _with_more(rows, len(ranked) - _ROWS)


def _by(
    shares: Iterator[Share] | Sequence[Share], name: Callable[[Share], str | None]
) -> dict[str | None, Total]:
    found: dict[str | None, Total] = defaultdict(Total)
    for share in shares:
        found[name(share)] = found[name(share)].plus(share.total)
    return dict(found)


def _largest(totals: Mapping[str | None, Total]) -> list[tuple[str | None, Total]]:
    return sorted(
        totals.items(), key=lambda each: (-each[1].usd_a_month, -each[1].bytes, each[0] or "")
    )


def _orphans(audit: Audit) -> _Rows:
    first = sorted(
        (each for bucket in audit.buckets for each in bucket.orphans),
        key=lambda each: (-each.usd_a_month, each.bucket, each.key),
    )[:_ROWS]
    if not first:
        return []
    rows: _Rows = [("$ a month", "size", "last modified", "reason", "owner", "orphan")]
    of_one_bucket = len(audit.buckets) == 1
    rows += [_orphan(each, "" if of_one_bucket else f"s3://{each.bucket}/") for each in first]
    count = sum(each.total(ObjectClass.ORPHAN).objects for each in audit.buckets)
    return _with_more(rows, count - len(first))


def _orphan(each: Orphan, where: str) -> Sequence[str]:
    return (
        dollars(Fraction(each.usd_a_month)),
        Bytes(each.bytes).rounded,
        f"{each.last_modified:%Y-%m-%d}",
        each.reason.replace("_", " "),
        visible(each.owner) if each.owner else "-",
        visible(where + each.key),
    )


def _missing(missing: Sequence[Missing], more: int) -> _Rows:
    rows: _Rows = [("strength", "registry", "needed, but nothing is stored there")]
    for each in missing:
        needed = f"{visible(each.location)} ← {visible(' ← '.join(each.because))}"
        rows.append((each.strength, visible(each.registry), needed))
    return _with_more(rows, more)


def _aligned(table: _Rows, columns: int) -> list[str]:
    return aligned(table, columns, right=(0, 1, 2)) if len(table[0]) > 1 else [table[0][0]]


def _gone(gone: Sequence[Gone] | None) -> _Rows:
    if gone is None:
        return []
    rows: _Rows = [("not needed", "$ a month", "active", "owner who is not there", "successor")]
    for each in gone[:_ROWS]:
        because = f" ({visible(each.because)})" if each.because else ""
        rows.append(
            (
                Bytes(each.unneeded.bytes).rounded,
                _usd(each.active.plus(each.unneeded)),
                Bytes(each.active.bytes).rounded,
                visible(each.owner),
                f"{visible(each.successor)}{because}" if each.successor else "nobody is known",
            )
        )
    return _with_more(rows, len(gone) - _ROWS) if gone else [("every owner is there",)]


def _changes(changes: Sequence[Change] | None) -> _Rows:
    if changes is None:
        return []
    rows: _Rows = [("before", "now", "$ a month", "since", "orphans of the last audit and now")]
    for each in changes[:_ROWS]:
        of = (each.of.bucket, (each.of.reason or "-").replace("_", " "), each.of.experiment)
        rows.append(
            (
                Bytes(each.before.bytes).rounded,
                Bytes(each.now.bytes).rounded,
                dollars(Fraction(each.now.usd_a_month - each.before.usd_a_month)),
                _since(each),
                visible(", ".join(filter(None, (*of, each.of.owner)))),
            )
        )
    more = len(changes) - _ROWS
    return _with_more(rows, more) if changes else [("the same orphans as in the last audit",)]


def _since(change: Change) -> str:
    if not change.before.objects:
        return "new"
    if not change.now.objects:
        return "gone"
    return "grown" if change.now.bytes >= change.before.bytes else "shrunk"


def _with_more(rows: _Rows, more: int) -> _Rows:
    return rows if more <= 0 else [*rows, (f"and {more:,} more",)]


def _verdict(audit: Audit) -> str:
    whole = summed(each.total(ObjectClass.ORPHAN) for each in audit.buckets)
    if not whole.objects:
        return "no orphans: something needs every object, or keeps it, or nothing says what it is"
    return f"{how_much(whole.objects, whole.bytes, 'orphan')}, {_usd(whole)} a month"


def _amounts(total: Total) -> tuple[str, str, str]:
    return f"{total.objects:,}", Bytes(total.bytes).rounded, _usd(total)


def _usd(total: Total) -> str:
    return dollars(Fraction(total.usd_a_month))


def _wrapped(texts: Sequence[str], columns: int) -> list[str]:
    return [line for each in texts for line in wrapped(each, columns, hanging=2)]
