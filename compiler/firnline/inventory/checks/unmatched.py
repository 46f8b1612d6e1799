"""How much of what is stored does no retention match?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.seen import Seen, SeenBucket, first_policy
from firnline.inventory.coverage.retentions import deciding_scopes
from firnline.inventory.coverage.tally import Matched, Scopes, left_over
from firnline.inventory.facts.branch import Branch
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much

PART: Final = 100
"""A hundredth of a bucket's bytes or objects is told of."""
_DEPTH: Final = 3
_SHOWN: Final = 5

UNMATCHED = Kind(
    code="FL317",
    name="unmatched",
    severity=Severity.WARNING,
    title="no retention matches a part of what is stored",
    why=(
        "What no retention matches is kept without an end, and nobody has said so. A retention with"
        " `delete_after: never` says that it is meant. It is reported from a hundredth of the bytes"
        " or objects of a bucket on; what a retention may match, as its tags are not told, is not"
        " counted, nor what a kept rule of others deletes. `firnline show --coverage` lists all of"
        " it, with what it costs."
    ),
    help="write a retention for it; `delete_after: never` keeps it",
    wrong="retain: {runs: {prefix: runs/, delete_after: 90d}}",
    right=(
        "retain: {runs: {prefix: runs/, delete_after: 90d},"
        " tmp: {prefix: tmp/, delete_after: never}}"
    ),
)


def check(seen: Seen) -> Iterator[Diagnostic]:
    for bucket in seen.buckets:
        found = unmatched(bucket)
        whole = bucket.volume
        if not found.sure.objects or not (
            found.sure.bytes * PART >= max(whole.bytes, 1)
            or found.sure.objects * PART >= whole.objects
        ):
            continue
        folders = _folders(bucket)
        most = f"; the largest prefix is `{visible(folders[0].prefix)}`" if folders else ""
        yield UNMATCHED.at(
            first_policy(bucket).name.span,
            f"{in_words(found.sure)} of {bucket.facts} match no retention{most}",
            notes=list(_notes(folders, found)),
        )


def unmatched(bucket: SeenBucket) -> Matched:
    scopes = Scopes(deciding_scopes(bucket.program))
    found = Matched()
    for tally in bucket.tallies:
        found = found.plus(left_over(scopes.match(tally), tally.volume))
    return found


def in_words(volume: Volume) -> str:
    return how_much(volume.objects, volume.bytes, "object version")


def _notes(folders: Sequence[Branch], found: Matched) -> Iterator[str]:
    for each in folders[:_SHOWN]:
        yield f"below `{visible(each.prefix)}`: {in_words(each.total)}"
    if len(folders) > _SHOWN:
        yield f"and below {how_many(len(folders) - _SHOWN, 'other prefix', 'other prefixes')}"
    if found.perhaps.objects:
        yield f"of {in_words(found.perhaps)} more it is not told whether a retention matches them"


def _folders(bucket: SeenBucket) -> list[Branch]:
    """The largest first."""
    scopes = deciding_scopes(bucket.program)
    whole = bucket.population.unmatched(scopes, _DEPTH)
    begun = [scope.prefix for scope in scopes]
    return (
        sorted(outside(whole, begun), key=lambda each: (-each.total.bytes, each.prefix))
        if whole
        else []
    )


def outside(branch: Branch, begun: Sequence[str]) -> Iterator[Branch]:
    """The widest of its folders inside which no retention begins, and the ends of the others."""
    for each in branch.branches:
        is_cut = any(one.startswith(each.prefix) and one != each.prefix for one in begun)
        if is_cut and each.branches:
            yield from outside(each, begun)
        else:
            yield each
