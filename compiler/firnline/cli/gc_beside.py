"""What an audit is compared with: the last one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from firnline.cli.audit_file import NotAnAudit, read_audit
from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import beginning_of
from firnline.diagnostics.visible import visible
from firnline.reach.mark.compared import shrunk
from firnline.reach.mark.report import ObjectClass, OrphansOf, Registry, Total

_NAME_AN_AUDIT = "name what `firnline gc audit --out json:FILE` or `parquet:FILE` wrote"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier audit: its orphans, and how many records each registry had, if it says so."""

    path: str
    orphans: Mapping[OrphansOf, Total]
    records: Mapping[str, int]

    def refuse_shrunk(self, registries: tuple[Registry, ...]) -> None:
        """Registries that answer much less than they did then. Raises `CommandFailed`."""
        for name, then, now in shrunk(self.records, registries):
            raise CommandFailed(
                f"no verdict: registry `{visible(name)}` has {now:,} records, and {then:,} in"
                f" {visible(self.path)}: see that all of it is read; if they were deleted, audit"
                " once without --previous",
                1,
            )


def previous_of(path: str) -> Previous:
    """In JSON or Parquet. Raises `CommandFailed`."""
    begins = beginning_of(path, f"{_NAME_AN_AUDIT}; leave --previous out where there is none yet")
    if begins.startswith(_PARQUET):
        return Previous(path, _of_parquet(path), {})
    try:
        document = read_audit(beginning_of(path, _NAME_AN_AUDIT, -1))
    except NotAnAudit as why:
        raise _no_earlier_audit(path, str(why)) from None
    records = {each["name"]: int(each["records"]) for each in document["registries"]}
    return Previous(path, _of_json(document), records)


def _no_earlier_audit(path: str, why: str) -> CommandFailed:
    return CommandFailed(f"{visible(path)} is no earlier audit: {why}: {_NAME_AN_AUDIT}")


def _of_json(document: Mapping[str, Any]) -> Mapping[OrphansOf, Total]:
    found: dict[OrphansOf, Total] = defaultdict(Total)
    for bucket in document["buckets"]:
        for share in bucket["shares"]:
            if share["class"] != ObjectClass.ORPHAN:
                continue
            names = (share.get(each) for each in ("reason", "owner", "experiment"))
            amounts = (share[each] for each in Total._fields)
            of = OrphansOf(bucket["bucket"], *names)
            found[of] = found[of].plus(Total(*amounts))
    return dict(found)


def _of_parquet(path: str) -> Mapping[OrphansOf, Total]:
    """Raises `CommandFailed`."""
    sums = (
        pl.scan_parquet(path)
        .filter(pl.col("class") == ObjectClass.ORPHAN.value)
        .group_by(OrphansOf._fields)
        .agg(pl.len().cast(pl.Int64).alias("objects"), pl.sum("bytes"), pl.sum("usd_month"))
    )
    try:
        rows = sums.collect().iter_rows()
    except pl.exceptions.PolarsError as why:
        cause = str(why).partition("\n")[0]
        raise _no_earlier_audit(
            path, f"its Parquet is damaged or has other columns ({cause})"
        ) from None
    width = len(OrphansOf._fields)
    return {OrphansOf(*row[:width]): Total(*row[width:]) for row in rows}
