"""`firnline verify --logs`: what S3 itself deleted, by its server access logs."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from firnline.cli.failed import CommandFailed
from firnline.cli.log_paths import log_paths
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.reads.lifecycle_lines import days_without, lifecycle_lines
from firnline.inventory.reads.log_files import LogFile, LogKind, log_files
from firnline.inventory.reads.problems import UnusableReads

_FORMS = "name S3's server access logs, or their folder, on disk or s3://…"


@dataclass(frozen=True, slots=True)
class Logged:
    """Of one bucket: the keys that S3 deleted an object of, and the days of which there are lines,
    as the log writes them.
    """

    keys: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)


def read_logs(named: Sequence[str], folder: str) -> Mapping[str, Logged]:
    """By bucket. Raises `CommandFailed`."""
    found: dict[str, Logged] = defaultdict(Logged)
    with TemporaryDirectory(prefix="firnline-") as copies:
        try:
            files = log_files(list(log_paths(named, None, Path(copies), _FORMS, folder)))
            for each in files:
                _read(each, found)
        except (UnusableReads, OSError, EOFError) as why:
            raise CommandFailed(f"the logs cannot be read: {why}") from None
    return dict(found)


def deleted_by_s3(
    logs: Mapping[str, Logged], bucket: str, since: datetime, until: datetime
) -> frozenset[str] | None:
    """The keys; None, and it is said, where the logs of the bucket lack a day of that time: what S3
    deleted then would look as if others had.
    """
    found = logs.get(bucket, Logged())
    missing = days_without(found.days, since.date(), until.date())
    if not missing:
        return frozenset(found.keys)
    more = "more day"
    say(
        f"the logs have no line about {visible(bucket)} of {missing[0]:%Y-%m-%d}"
        f"{f' and {how_many(len(missing) - 1, more)}' if missing[1:] else ''}: they do not tell who"
        " deleted an object, and every deletion counts"
    )
    return None


def _read(file: LogFile, into: Mapping[str, Logged]) -> None:
    if file.kind is not LogKind.ACCESS_LOG:
        raise CommandFailed(f"{file.path} is no server access log: {_FORMS}")
    opened = gzip.open if file.is_gzip else open
    with opened(file.path, "rt", encoding="utf-8", errors="replace", newline="\n") as lines:
        for bucket, day, keys in lifecycle_lines(lines):
            logged = into[bucket]
            logged.days.add(day)
            logged.keys.update(keys)
