"""What no policy covers, for people: buckets, their large prefixes, folders of registries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.coverage.uncovered import Amount, BucketCoverage, Coverage
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.reach.doomed.uncovered import Uncovered
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned
from firnline.targets.coverage_report import CoverageReport, Registries

_SHOWN = 30


def to_text(report: CoverageReport, columns: int) -> str:
    lines = [*_of_lock(report.coverage), *_of_stored(report.coverage, columns)]
    if report.registries is None:
        lines.append("--references FILE says it of the folders of registries, too")
    else:
        lines += _of_registries(report.registries)
    return "\n".join(lines) + "\n"


def _of_lock(found: Coverage) -> Iterator[str]:
    if found.locked is None:
        yield "no fleet lock: which buckets there are is not known; `firnline resolve` writes it"
        return
    bare = found.unpoliced
    if not bare:
        yield f"policies cover all {how_many(found.locked, 'bucket')} of the fleet lock"
        return
    are = "bucket of the fleet lock has" if len(bare) == 1 else "buckets of the fleet lock have"
    yield f"{len(bare):,} {are} rules of ours, and no policy covers them:"
    yield from _few([f"{visible(each.bucket)} (account {each.account_id})" for each in bare])


def _of_stored(found: Coverage, columns: int) -> Iterator[str]:
    if not found.buckets:
        yield from wrapped(_NOT_KNOWN, columns, hanging=2)
        return
    for prices in found.prices:
        yield from wrapped(f"prices: {prices}", columns, hanging=2)
    for each in found.buckets:
        yield ""
        yield from wrapped(_head(each), columns, hanging=2)
        if each.of_others.volume.objects:
            theirs = f"  rules of others that are kept delete {_amount(each.of_others)} more"
            yield from wrapped(theirs, columns, hanging=2)
        yield from _folders(each, columns)
    yield ""
    if len(found.buckets) > 1 and found.usd_a_month is not None:
        surely = "surely " if any(each.perhaps.volume.bytes for each in found.buckets) else ""
        in_all = f"in all {dollars(found.usd_a_month)} a month for what {surely}no retention covers"
        yield f"{in_all}{_without(found.unpriced)}"
    if found.untold:
        yield f"what is stored is not known of {how_many(len(found.untold), 'covered bucket')}:"
        yield from _few([visible(each) for each in found.untold])


def _without(unpriced: Sequence[str]) -> str:
    return f", without {', '.join(map(visible, unpriced))}: cost not known" if unpriced else ""


_NOT_KNOWN = (
    "what is stored is not known: --inventory, --summary or --cloudwatch tells which prefixes no"
    " retention covers"
)


def _head(each: BucketCoverage) -> str:
    stored, left = each.stored.volume, each.uncovered.volume
    of = f"of {how_much(stored.objects, stored.bytes, 'object version')}"
    if not each.has_policy:
        return f"no policy covers {each.facts}: {_amount(each.stored)}"
    untold = ""
    if each.perhaps.volume.objects or each.perhaps.volume.bytes:
        untold = f"of {_amount(each.perhaps)} it is not told whether a retention matches them"
    if each.of_others.volume.objects and not (left.objects or untold):
        return f"{each.facts}: retentions and kept rules of others cover all {of}"
    if left.objects:
        more = f"; {untold}" if untold else ""
        return f"{each.facts}: {_amount(each.uncovered)} {of} match no retention{more}"
    if not untold:
        return f"{each.facts}: retentions cover all {of}"
    rest = stored.objects > each.perhaps.volume.objects
    return f"{each.facts}: {untold}{f', {of}; they cover the others' if rest else ''}"


def _folders(each: BucketCoverage, columns: int) -> Iterator[str]:
    if each.folders is None:
        yield "  below which prefixes is not known: an inventory tells"
        return
    if not each.folders:
        return
    rows: list[Sequence[str]] = [("", "objects", "size", "$ a month", "prefix")]
    for folder in each.folders[:_SHOWN]:
        volume, usd = folder.amount
        name = f"{'  ' * (folder.depth - 1)}{visible(folder.prefix)}"
        cost = "not known" if usd is None else dollars(usd)
        rows.append(("", f"{volume.objects:,}", Bytes(volume.bytes).rounded, cost, name))
    yield from aligned(rows, columns, right=(1, 2, 3))
    if len(each.folders) > _SHOWN:
        yield f"  and {len(each.folders) - _SHOWN:,} more"


def _amount(amount: Amount) -> str:
    objects = how_many(amount.volume.objects, "object version")
    usd = amount.usd_a_month
    cost = "" if usd is None else f", {dollars(usd)} a month"
    return f"{objects} ({Bytes(amount.volume.bytes).rounded}{cost})"


def _of_registries(found: Registries) -> Iterator[str]:
    by = f"by {visible(found.file)}, read on {found.read}"
    if not found.gaps:
        yield f"retentions cover all {how_many(found.folders, 'folder')} of registries, {by}"
        return
    folders = how_many(found.folders, "folder")
    yield f"{len(found.gaps):,} of {folders} of registries have a gap, {by}:"
    yield from _few([_gap(each) for each in found.gaps])


def _gap(each: Uncovered) -> str:
    what = f"{visible(each.root.what)}, {visible(each.registry)}"
    parts = f": {', '.join(map(visible, each.parts[:3]))}" if each.parts else ""
    return f"{visible(str(each.root.location))} ({what}): {each.gap.value}{parts}"


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {each}" for each in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  and {len(lines) - _SHOWN:,} more"
