"""Are objects still read that rules send to a class where reading costs money or hours?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, Drop, Way
from firnline.inventory.checks.transition import WORTH_TELLING, Transition, total
from firnline.inventory.forecast.possible_tags import TOLD_BY
from firnline.inventory.forecast.reads import ClassReads
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.money import dollars
from firnline.inventory.payback.reading import ColdRead
from firnline.inventory.prices.retrieval import HOURS
from firnline.s3.terms import Bytes

COLD_READS = Kind(
    code="FL508",
    name="cold-reads",
    severity=Severity.WARNING,
    title="objects are read that go to a class which is slow or dear to read",
    why=(
        "An object in GLACIER or DEEP_ARCHIVE must be restored before it can be read, which takes"
        " hours; from STANDARD_IA, ONEZONE_IA and GLACIER_IR each read costs for its bytes, which"
        " may be more than storing them there saves, and INTELLIGENT_TIERING keeps what is read in"
        " its dearest tier. `firnline forecast --reads` reports it, and"
        " `firnline check --inventory FILE --reads FILE`: they know from S3's logs at which age"
        " objects are read."
    ),
    help="let the transition begin later, when objects are no longer read, or drop it",
    wrong="retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: 365d}}",
    right="retain: {runs: {prefix: runs/, archive_after: 180d, delete_after: 365d}}",
)


def check(transition: Transition) -> Iterator[Diagnostic]:
    read = transition.reads
    if read is None:
        return
    if transition.into in HOURS:
        if read.at_most.volume.reads:
            yield _diagnostic(transition, read, _restored(transition, read.at_most))
        return
    volume, usd = read.surely
    if usd is None or not volume.reads:
        return  # that a price is not known is said once for the bucket, not of each step
    saved = total(transition.moved)
    a_month = (saved.saved - saved.paid) / transition.months
    if usd > a_month and usd >= WORTH_TELLING:
        yield _diagnostic(
            transition,
            read._replace(at_most=read.surely),
            _dearer(transition.into, usd, a_month),
        )


def _restored(transition: Transition, read: ClassReads) -> str:
    unknown = ", and what it costs is not known"
    cost = unknown if read.usd is None else f", and costs {dollars(read.usd)} a month"
    return f"each needs a restore first, which takes {HOURS[transition.into]}{cost}"


def _dearer(into: str, usd: Fraction, a_month: Fraction) -> str:
    saves = f"saves {dollars(a_month)} a month" if a_month > 0 else "saves nothing"
    kept = " with what it keeps in the dearest tier" if into == INTELLIGENT_TIERING else ""
    return f"reading costs {dollars(usd)} a month{kept}, and storing them there {saves}"


def _diagnostic(transition: Transition, read: ColdRead, what: str) -> Diagnostic:
    where, volume = transition.where, read.at_most.volume
    some = f"{how_many(volume.reads, 'read')} a month"
    up_to, are = ("", "is" if volume.reads == 1 else "are")
    if read.surely != read.at_most:
        up_to, are = "up to ", "may be"
    size = Bytes(volume.bytes).rounded
    return COLD_READS.at(
        where.place,
        f"{where.by}{up_to}{some} ({size}) {are} of objects that are in {transition.into} by then:"
        f" {what}",
        notes=list(_notes(read)),
        remedy=tuple(_ways(transition)),
    )


def _notes(read: ColdRead) -> Iterator[str]:
    yield f"by the logs from {read.since:%Y-%m-%d} to {read.until:%Y-%m-%d}"
    if read.surely != read.at_most:
        yield (
            f"rules filter by tags, and nothing tells those of all that was read: surely"
            f" {how_many(read.surely.volume.reads, 'read')}; {TOLD_BY}"
        )
    if read.at_most.usd is None:
        yield (
            f"`firnline prices update --region {read.region}` reads what reading costs there, or"
            " state it in a price file that firnline.toml names"
        )


def _ways(transition: Transition) -> Iterator[Way]:
    yield Advise("let the transition begin later, when objects are no longer read")
    if transition.where.move is not None:
        yield Drop(transition.where.move.name)
    else:
        yield Advise(f"remove its transition into {transition.into}")
