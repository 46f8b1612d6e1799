"""How many objects of a retention are too small to move?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Section, SetKeys
from firnline.inventory.checks.seen import Seen, SeenBucket
from firnline.inventory.coverage.tally import Match, Tally, matches
from firnline.inventory.forecast.volume import Volume
from firnline.language.model import Retention
from firnline.rules.program import Owned
from firnline.rules.prove.required import claim
from firnline.s3.compare.cells import Cell
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.terms import Bytes, Clock

PART: Final = 10
"""A tenth of the objects is told of."""

BELOW_FLOOR = Kind(
    code="FL307",
    name="below-floor",
    severity=Severity.WARNING,
    title="many objects of a retention are too small to move",
    why=(
        "S3 moves no object of less than 128 KiB unless a rule says so (S3 User Guide, constraints"
        " for transitions), since its move costs more than it saves: such objects stay in their"
        " class, however old they are. It is reported from a tenth of the current objects on, where"
        " the retention does not say itself from which size on they move."
    ),
    help=(
        "state that they stay, `smallest_move: 128KiB`, or let smaller ones move too;"
        " `firnline forecast` tells what that costs"
    ),
    wrong="retain: {runs: {prefix: runs/, warm_after: 30d, delete_after: never}}",
    right=(
        "retain: {runs: {prefix: runs/, warm_after: 30d, delete_after: never,"
        " smallest_move: 128KiB}}"
    ),
)


class Sizes(NamedTuple):
    """Of the current objects of a retention: those that are too small, those that are not, and of
    which it is not told.
    """

    retention: Retention
    small: Volume = Volume()
    large: Volume = Volume()
    perhaps: Volume = Volume()

    @property
    def most(self) -> int:
        """The objects that it may have."""
        return self.small.objects + self.large.objects + self.perhaps.objects


def check(seen: Seen) -> Iterator[Diagnostic]:
    found: dict[Span, Sizes] = {}
    for bucket in seen.buckets:
        for retention, part in sizes_of(bucket):
            before = found.get(retention.span) or Sizes(retention)
            found[retention.span] = before._replace(
                small=before.small.plus(part.small),
                large=before.large.plus(part.large),
                perhaps=before.perhaps.plus(part.perhaps),
            )
    for each in found.values():
        if each.small.objects and each.small.objects * PART >= each.most:
            yield _below(each)


def _below(found: Sizes) -> Diagnostic:
    line = found.retention.clocks.objects
    assert line is not None
    floor = Bytes(SMALL_OBJECT)
    of = found.small.objects + found.large.objects
    part = f"{100 * found.small.objects // of} % of {how_many(of, 'object')}"
    size = Bytes(found.small.bytes).rounded
    name = found.retention.name.value
    section = Section(found.retention.span, name, f"`{name}`")
    notes = []
    if found.perhaps.objects:
        notes = [f"of {how_many(found.perhaps.objects, 'object')} more it is not told"]
    return BELOW_FLOOR.at(
        line.moves[0].span,
        f"{part} ({size}) are smaller than {floor} and never move",
        notes=notes,
        remedy=SetKeys(
            section, ((("smallest_move",), str(floor)),), what="say that they stay where they are"
        ),
    )


def sizes_of(bucket: SeenBucket) -> Iterator[tuple[Retention, Sizes]]:
    owned: dict[str, list[Owned]] = defaultdict(list)
    for each in bucket.program.as_written.owned(Clock.OBJECTS):
        owned[each.prefix].append(each)
    lengths = sorted({len(prefix) for prefix in owned})
    for tally in bucket.tallies:
        if tally.current is False:
            continue
        begun = [tally.prefix[:length] for length in lengths if length <= len(tally.prefix)]
        near = [each for prefix in (*begun, *tally.longer) for each in owned.get(prefix, ())]
        yield from _of_owner(tally, near)


def _of_owner(tally: Tally, near: Sequence[Owned]) -> Iterator[tuple[Retention, Sizes]]:
    """Where several may own it, as facts leave that open, it is perhaps of each."""
    found = {each: matches(each.scope, tally) for each in near}
    volume = tally.volume
    if Match.OPEN in found.values():
        for each, match in found.items():
            if match is not Match.NO and (retention := _moving(each)):
                yield retention, Sizes(retention, perhaps=volume)
        return
    sure = [each for each, match in found.items() if match is Match.YES]
    owner = claim(Cell(tally.prefix, tally.tags, tally.least), Clock.OBJECTS, sure).owner
    if owner is None or not (retention := _moving(owner)):
        return
    if tally.most < SMALL_OBJECT:
        yield retention, Sizes(retention, small=volume)
    elif tally.least >= SMALL_OBJECT:
        yield retention, Sizes(retention, large=volume)
    else:
        yield retention, Sizes(retention, perhaps=volume)


def _moving(owned: Owned) -> Retention | None:
    """Its retention, where that moves objects and does not say from which size on."""
    retention = owned.unit.retention
    moves = retention is not None and bool(owned.timeline.moves) and not retention.smallest_move
    return retention if moves else None
