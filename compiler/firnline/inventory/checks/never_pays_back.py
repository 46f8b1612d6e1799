"""Do objects cost more to move than their new class saves?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.inventory.checks.transition import (
    WORTH_TELLING,
    Moved,
    Transition,
    days_that_pay,
    largest,
    leave_out,
    total,
)
from firnline.inventory.money import dollars
from firnline.s3.terms import Bytes

NEVER_PAYS_BACK = Kind(
    code="FL501",
    name="never-pays-back",
    severity=Severity.WARNING,
    title="objects cost more to move than their new class saves",
    why=(
        "A transition is paid once for each object, whatever its size (S3 pricing), so that small"
        " objects, and those that are deleted soon, may never save what their move costs."
        " `firnline forecast` and `firnline check --inventory` report it, which know how many"
        " objects there are. A transition has until its objects leave the class to pay, and at"
        " most as many months as are forecast."
    ),
    help="let smaller objects stay where they are, with `smallest_move`, or drop the transition",
    wrong="retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: 365d}}",
    right=(
        "retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: 365d,"
        " smallest_move: 1MiB}}"
    ),
)


def check(transition: Transition) -> Iterator[Diagnostic]:
    lasting = [each for each in transition.moved if not each.is_stop and not each.costs_by_size]
    losing = [each for each in lasting if each.loses]
    found = total(losing)
    if found.lost < WORTH_TELLING:
        return
    sizes = [each.pays_from() for each in losing]
    least = largest(sizes)
    within = f"within {how_many(transition.months, 'month')}"
    if all(each.end == each.move.end for each in losing):
        within = "before they are deleted"
    yield NEVER_PAYS_BACK.at(
        transition.where.place,
        f"{transition.where.by}moving {found.in_words} to {transition.into} costs"
        f" {dollars(found.paid)}, and storing them there {found.saves} {within}",
        notes=[*_larger(sizes, least), *_longer(losing)],
        remedy=leave_out(transition, least),
    )


def _larger(sizes: Sequence[int | None], least: Bytes | None) -> Iterator[str]:
    if least is not None:
        yield f"an object of {least} or more saves what its move costs"
    elif all(size is None for size in sizes):
        yield "a larger object does not save what its move costs either"


def _longer(losing: Sequence[Moved]) -> Iterator[str]:
    """Where all are deleted: how long they would have to stay."""
    if all(each.end == each.move.end for each in losing) and (days := days_that_pay(losing)):
        yield f"they would have to stay there for {how_many(days, 'day')} to save it"
