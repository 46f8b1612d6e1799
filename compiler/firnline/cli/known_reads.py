"""What was read of a bucket, by logs, joined to what is stored there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import reduce
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from firnline.cli.stored import StoredIn
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.reads import BucketCells, ReadCell, ReadCosts, ReadsUnder
from firnline.inventory.payback.read_there import ReadThere
from firnline.inventory.payback.reading import reads_under
from firnline.inventory.prices.price_list import Prices
from firnline.inventory.reads.read_bucket import ReadBucket
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState

if TYPE_CHECKING:  # they need an extra
    from firnline.inventory.facts.engine import Batch as Rows
    from firnline.inventory.reads.reads_table import ReadsTable


@runtime_checkable
class Joined(Protocol):
    """An inventory, whose objects have keys."""

    def kept_open(self) -> AbstractContextManager[None]: ...

    def read_cells(
        self, rule_sets: Sequence[RuleSet], state: BucketState, reads: Iterable[Rows], days: float
    ) -> Sequence[ReadCell]: ...


def named_reads(named: str | None) -> AbstractContextManager[ReadsTable | None]:
    """What `--reads` names. Raises `CommandFailed`."""
    if named is None:
        return nullcontext()
    from firnline.cli.read_logs import open_reads  # an extra, and slow to import

    return open_reads(named)


def kept_open(each: StoredIn, reads: ReadsTable | None) -> AbstractContextManager[None]:
    """As long as it is needed for reads."""
    return each.kept_open() if reads is not None and isinstance(each, Joined) else nullcontext()


def cells_of(
    each: StoredIn,
    rule_sets: Sequence[RuleSet],
    state: BucketState,
    reads: ReadsTable,
    notes: dict[str, None],
) -> BucketCells | None:
    """The first of the rule sets is live. None where nothing is known, which the notes say. Raises
    `CommandFailed`.
    """
    name = visible(each.bucket or each.path)
    if not isinstance(each, Joined):
        notes[f"{name}: reads of it are not counted: that takes an S3 Inventory"] = None
        return None
    found = reads.of(each.bucket) if each.bucket else None
    notes[for_which_time(name, found)] = None
    if found is None:
        return None
    period = found.known.period
    cells = each.read_cells(rule_sets, state, reads.rows_of(found.bucket), found.known.days)
    live = ReadThere(Batch(rule_sets[0], state))
    return BucketCells(tuple(live.as_read(cells)), found.known.days, period.since, period.until)


def for_which_time(bucket: str, found: ReadBucket | None) -> str:
    """In words."""
    if found is None:
        return f"{bucket}: its reads are not known: --reads has no request of it"
    gaps = ", with gaps" if found.known.gaps else ""
    of = f"{found.known.days:.0f} days to {found.known.period.until:%Y-%m-%d}{gaps}"
    return f"{bucket}: reads by the logs of {of}"


def read_costs(
    found: Sequence[tuple[BucketCells, Changed, Prices]],
) -> ReadCosts | None:
    """Of all buckets whose reads are known; None where there is none."""
    if not found:
        return None
    before = (reads_under(changed.before, cells, prices) for cells, changed, prices in found)
    after = (reads_under(changed.after, cells, prices) for cells, changed, prices in found)
    return ReadCosts(
        min(cells.since for cells, _, _ in found),
        max(cells.until for cells, _, _ in found),
        reduce(ReadsUnder.plus, before, ReadsUnder({})),
        reduce(ReadsUnder.plus, after, ReadsUnder({})),
    )
