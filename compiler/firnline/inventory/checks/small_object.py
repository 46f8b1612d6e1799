"""Are objects so small that their new class bills more for them than the old one?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.inventory.checks.transition import (
    SMALL,
    WORTH_TELLING,
    Moved,
    Transition,
    largest,
    leave_out,
    total,
)
from firnline.inventory.money import dollars
from firnline.inventory.payback.balance import cheaper_from
from firnline.s3.billing import ARCHIVED

SMALL_OBJECT = Kind(
    code="FL503",
    name="small-object",
    severity=Severity.WARNING,
    title="objects are so small that their new class bills more for them",
    why=(
        "STANDARD_IA, ONEZONE_IA and GLACIER_IR bill at least 128 KiB for each object; GLACIER"
        " and DEEP_ARCHIVE bill 32 KiB more for each at their own price, and 8 KiB at that of"
        " STANDARD (S3 pricing). `firnline forecast` and `firnline check --inventory` report it,"
        " which know how large the objects are."
    ),
    help="let smaller objects stay where they are, with `smallest_move`",
    wrong=(
        "retain: {runs: {prefix: runs/, warm_after: 30d, delete_after: never, smallest_move: 1KiB}}"
    ),
    right=(
        "retain: {runs: {prefix: runs/, warm_after: 30d, delete_after: never, smallest_move: 1MiB}}"
    ),
)


def check(transition: Transition) -> Iterator[Diagnostic]:
    small = [each for each in transition.moved if each.costs_by_size]
    found = total(small)
    if found.lost < WORTH_TELLING:
        return
    least = largest(_cheaper_from(small))
    billed = "with 40KiB more" if transition.into in ARCHIVED else f"as {SMALL}"
    yield SMALL_OBJECT.at(
        transition.where.place,
        f"{transition.where.by}storing {found.in_words} in {transition.into}, where each is billed"
        f" {billed}, {found.saves} within {how_many(transition.months, 'month')}, and moving them"
        f" costs {dollars(found.paid)}",
        notes=[f"an object is cheaper there from {least} on"] if least else (),
        remedy=leave_out(transition, least),
    )


def _cheaper_from(small: Iterable[Moved]) -> Iterator[int | None]:
    return (cheaper_from(each.payback, each.move, each.end) for each in small)
