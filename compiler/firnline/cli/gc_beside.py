"""What an audit is compared with: the last one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import beginning_of
from firnline.diagnostics.visible import visible
from firnline.reach.mark.compared import shrunk
from firnline.reach.mark.report import ObjectClass, OrphansOf, Registry, Total
from firnline.targets.formats.audit_json import SCHEMA_VERSION

_NAME_AN_AUDIT = "name what `firnline gc audit --out json:FILE` or `parquet:FILE` wrote"
_END = "\n"
_PARQUET = b"PAR1"


class _OtherVersion(Exception):
    """The audit is of another version of Firnline."""


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
    try:
        if begins.startswith(_PARQUET):
            return Previous(path, _of_parquet(path), {})
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        if document["schema_version"] != SCHEMA_VERSION:
            raise _OtherVersion
        records = {each["name"]: int(each["records"]) for each in document["registries"]}
        return Previous(path, _of_json(document), records)
    except (
        _OtherVersion,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        pl.exceptions.PolarsError,
    ) as why:
        raise CommandFailed(
            f"{visible(path)} is no earlier audit: {_no_audit(why)}: {_NAME_AN_AUDIT}"
        ) from None


def _no_audit(why: Exception) -> str:
    match why:
        case _OtherVersion():
            return f"its `schema_version` is not {SCHEMA_VERSION}, so another Firnline wrote it"
        case json.JSONDecodeError():
            return f"it is neither Parquet nor JSON (line {why.lineno}: {why.msg})"
        case UnicodeDecodeError():
            return "it is neither Parquet nor JSON"
        case pl.exceptions.PolarsError():
            return f"its Parquet is damaged or has other columns ({str(why).partition(_END)[0]})"
        case OSError():
            return f"it cannot be read ({why.strerror or why})"
        case _:
            return "it is JSON, but of something else"


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
    sums = (
        pl.scan_parquet(path)
        .filter(pl.col("class") == ObjectClass.ORPHAN.value)
        .group_by(OrphansOf._fields)
        .agg(pl.len().cast(pl.Int64).alias("objects"), pl.sum("bytes"), pl.sum("usd_month"))
        .collect()
    )
    width = len(OrphansOf._fields)
    return {OrphansOf(*row[:width]): Total(*row[width:]) for row in sums.iter_rows()}
