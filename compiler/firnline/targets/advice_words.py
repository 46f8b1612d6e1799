"""Why does a proposed line stand in a policy, and how much does it save? In a comment each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.inventory.advice.advice import Advice
from firnline.inventory.advice.proposed import ENDS, OLD_VERSIONS, SMALLEST, UPLOADS, Line, Worth
from firnline.inventory.advice.search import CheapestTimeline
from firnline.inventory.advice.worth import Below
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.inventory.prices.retrieval import retrieval
from firnline.s3.billing import GB
from firnline.s3.terms import Bytes

_CENT = Fraction(1, 100)
_WITHOUT_READS = "without what reads cost"
PREFIX, NEVER = "prefix", "never"


def reasons(advice: Advice) -> Mapping[Line, str]:
    """Of each line that is new, and of `PREFIX` and `NEVER` of each retention."""
    found: dict[Line, str] = {}
    proposed = advice.draft.proposed
    if proposed.cleanup.old_versions is not None:
        found[Line(None, OLD_VERSIONS)] = _cleaning(advice, OLD_VERSIONS)
    if proposed.cleanup.uploads is not None:
        found[Line(None, UPLOADS)] = _cleaning(advice, UPLOADS)
    for each in proposed.tiers:
        found |= {Line(each.prefix, setting): text for setting, text in _below(advice, each)}
    for prefix in proposed.kept:
        found |= {Line(prefix, setting): text for setting, text in _kept(advice, prefix)}
    return found


def saves(worth: Worth, without: str = "by itself") -> str:
    """`saves $8.10 a month, $90.00 in 12 months`; what costs more does so `without` something."""
    months = how_many(len(worth.saved), "month")
    if not any(worth.saved):
        return "saves nothing yet"
    if worth.in_all < 0:
        return f"costs {dollars(-worth.in_all)} more in {months}, {without}"
    if worth.a_month < 0:
        return f"costs {dollars(-worth.a_month)} a month, saves {dollars(worth.in_all)} in {months}"
    a_month = f"{dollars(worth.a_month)} a month, " if worth.a_month >= _CENT else ""
    return f"saves {a_month}{dollars(worth.in_all)} in {months}"


def amount(volume: Volume, what: str = "object") -> str:
    return how_much(volume.objects, volume.bytes, what)


def _cleaning(advice: Advice, setting: str) -> str:
    worth = advice.worths.lines[Line(None, setting)]
    deleted, markers, aborted = (
        worth.first.get(each, Volume())
        for each in (Happens.DELETED, Happens.MARKERS_REMOVED, Happens.ABORTED)
    )
    if aborted.objects and not aborted.bytes:
        many = how_many(aborted.objects, "incomplete upload")
        return f"the first run aborts {many} of unknown size"
    if aborted.objects:
        return f"{saves(worth)}: the first run aborts {amount(aborted, 'incomplete upload')}"
    gone = [amount(deleted, "old version")] if deleted.objects else []
    if markers.objects:
        gone.append(f"{how_many(markers.objects, 'delete marker')} that hide nothing")
    if gone:
        return f"{saves(worth)}: the first run deletes {' and '.join(gone)}"
    nothing = "no old version" if setting == OLD_VERSIONS else "no incomplete upload"
    return f"{saves(worth)}: {nothing} is known that is old enough"


def _kept(advice: Advice, prefix: str) -> Iterator[tuple[str, str]]:
    below = advice.worths.below.get(prefix)
    if below is None:
        yield NEVER, "everything outside the other prefixes"
        return
    yield PREFIX, _today(advice, prefix, below)
    yield NEVER, f"{dollars(below.at_last)} a month remain: no tier saves enough here"


def _unless_read(advice: Advice, each: CheapestTimeline) -> str:
    """Of all its tiers, where reads are not known: by the price of a byte in the last one."""
    (prices,) = advice.forecast.prices
    found = retrieval(prices, each.timeline.moves[-1].into)
    lines = (advice.worths.lines[Line(each.prefix, n)] for n in range(len(each.timeline.moves)))
    saved = sum((worth.a_month for worth in lines), Fraction())
    if advice.evidence.known is not None or found is None or not found.a_gb or saved <= 0:
        return ""
    much = Bytes(int(saved / Fraction(found.a_gb) * GB))
    return f"; pays while less than {much.rounded} a month is read"


def _today(advice: Advice, prefix: str, below: Below) -> str:
    reads = advice.evidence.in_words(prefix)
    return f"{dollars(below.today)} a month today: {amount(below.volume)}{reads}"


def _below(advice: Advice, each: CheapestTimeline) -> Iterator[tuple[int | str, str]]:
    lines, below = advice.worths.lines, advice.worths.below[each.prefix]
    yield PREFIX, _today(advice, each.prefix, below)
    moved = below.first_run.transitions
    for place, move in enumerate(each.timeline.moves):
        worth = lines[Line(each.prefix, place)]
        first = moved.get(move.into)
        tail = f", {amount(first)} in the first run" if first else ""
        if place + 1 == len(each.timeline.moves):
            tail += _unless_read(advice, each)
        saved = saves(worth, _WITHOUT_READS)
        yield place, f"{move.into} {saved} after {dollars(worth.paid)} for moving{tail}"
    if Line(each.prefix, SMALLEST) in lines:
        worth = lines[Line(each.prefix, SMALLEST)]
        yield SMALLEST, f"{saves(worth)}: smaller objects do not save what their move costs"
    elif small := advice.draft.small.get(each.prefix):
        yield SMALLEST, f"{how_many(small, 'object')} smaller than that stay where they are"
    if each.timeline.ends is not None:
        worth = lines[Line(each.prefix, ENDS)]
        hidden = worth.first.get(Happens.DELETE_MARKERS, Volume())
        deleted = worth.first.get(Happens.DELETED, Volume()).plus(hidden)
        tail = f", {amount(deleted)} in the first run" if deleted.objects else ""
        yield ENDS, f"{saves(worth)}, as --may-delete allows{tail}"
    else:
        yield NEVER, f"{dollars(below.at_last)} a month remain: no current object is deleted"
