"""What a report says of registries: what policies do to what they need, and what nobody needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from firnline.cli.audit_file import NotAnAudit, read_audit
from firnline.cli.doomed import read_references
from firnline.cli.doomed_days import dated_by, lists_objects
from firnline.cli.failed import CommandFailed
from firnline.cli.known_buckets import KnownBucket
from firnline.cli.named_file import beginning_of
from firnline.diagnostics.visible import visible
from firnline.pipeline import Compilation
from firnline.reach.doomed.doomed import Covering, Met, entries_of
from firnline.reach.doomed.findings import findings
from firnline.reach.doomed.trusted import distrust
from firnline.reach.mark.report import ObjectClass
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.targets.report.needed import Needed, Orphans, Unneeded

_NAME_AN_AUDIT = "name what `firnline gc audit --out json:FILE` wrote"
_Of = tuple[str, str, str | None]


def needed(
    compilation: Compilation, buckets: Sequence[KnownBucket], file: str, today: date
) -> Needed:
    """`file`: what `firnline gc refs --out` wrote. Raises `CommandFailed`."""
    patterns = rules_of_patterns(compilation.folder)
    are_dated = any(map(lists_objects, buckets))
    met = Met(Covering(entries_of(compilation.buckets), patterns), names_all=are_dated)
    head, _ = read_references(file, met.see)
    doomed = dated_by(met.doomed, buckets, today) if are_dated else met.doomed
    doubts = distrust(head, file, compilation.folder.policies, today)
    return Needed(
        read_on=head.made.date(),
        registries=tuple(each.name for each in head.answered),
        references=met.references,
        findings=(*doubts, *findings(doomed, head.made, file)),
        days_as_of={each.entry.bucket: each.stored_as_of for each in doomed},
    )


def unneeded(path: str) -> Unneeded:
    """Of what `firnline gc audit --out json` printed. Raises `CommandFailed`."""
    try:
        return _unneeded(read_audit(beginning_of(path, _NAME_AN_AUDIT, -1)))
    except NotAnAudit as why:
        raise CommandFailed(f"{visible(path)} is no audit: {why}: {_NAME_AN_AUDIT}") from None


def _unneeded(audit: Mapping[str, Any]) -> Unneeded:
    found: dict[_Of, Orphans] = {}
    for each in _orphans(audit["buckets"]):
        of = each.bucket, each.reason, each.owner
        found[of] = found[of].plus(each) if of in found else each
    return Unneeded(
        read_on=audit["references"],
        prices=audit["prices"],
        facts=tuple(f"{each['bucket']}: {each['facts']}" for each in audit["buckets"]),
        orphans=tuple(sorted(found.values(), key=lambda each: (-each.bytes, str(each)))),
    )


def _orphans(buckets: Iterable[Mapping[str, Any]]) -> Iterator[Orphans]:
    for bucket in buckets:
        for share in bucket["shares"]:
            if share["class"] == ObjectClass.ORPHAN.value:
                yield Orphans(
                    bucket["bucket"],
                    share.get("reason", ""),
                    share.get("owner"),
                    int(share["objects"]),  # 10.0 is an integer of JSON Schema
                    int(share["bytes"]),
                    Fraction(str(share["usd_a_month"])),
                )
