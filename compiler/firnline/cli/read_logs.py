"""Logs or a file of reads that an option names → the table of reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from firnline.cli.failed import CommandFailed
from firnline.cli.item_options import now
from firnline.cli.log_paths import S3, log_paths
from firnline.cli.named_file import beginning_of
from firnline.diagnostics.visible import visible
from firnline.inventory.reads.known import LONGEST_SILENCE
from firnline.reach.experiments.reads import Reads, ReadsOfBucket, keys_of

try:
    from firnline.inventory.reads.gathering import gather
    from firnline.inventory.reads.log_files import begins_as_log, log_files
    from firnline.inventory.reads.problems import UnusableReads
    from firnline.inventory.reads.reads_table import ReadsTable
    from firnline.inventory.reads.saved import is_counted, is_saved, open_saved
    from firnline.inventory.reads.saved_rows import FORMS
except ModuleNotFoundError as missing:
    raise CommandFailed(
        f"logs are read by {missing.name}: pip install 'firnline[inventory]'"
    ) from None

_FORMS = "name S3's server access logs, or the JSON files of a trail, or their folder"


@contextmanager
def open_reads(
    named: str, at: datetime | None = None, *, counted: bool = True
) -> Iterator[ReadsTable]:
    """What `--reads` names: a file of reads, or logs. `at` is the moment after which nothing was
    read yet, by default now; `counted` as in `open_saved`. Raises `CommandFailed`.
    """
    if _are_logs(named):
        with open_logs([named], LONGEST_SILENCE) as found:
            yield found
        return
    beginning_of(named, FORMS)
    try:
        with open_saved(Path(named), at or now(), counted=counted) as found:
            yield found
    except UnusableReads as why:
        raise CommandFailed(str(why)) from None


def tells_how_often(named: str) -> bool:
    """Or only when, as an older query of the logs did."""
    return _are_logs(named) or is_counted(Path(named))


def _are_logs(named: str) -> bool:
    if named.startswith(S3):
        return True
    return not is_saved(Path(named)) and begins_as_log(Path(named))


def reads_of(table: ReadsTable) -> Reads:
    """The newest read of each key, whatever it may be by the log."""
    newest: dict[str, dict[str, datetime]] = {each.bucket: {} for each in table.buckets}
    for batch in table.rows():
        for row in batch.select(["bucket", "key", "logged", "read"]).to_pylist():
            found, read = newest[row["bucket"]], row["read"]
            for key in (row["key"], *(keys_of(row["logged"]) if row["logged"] else ())):
                found[key] = max(read, found.get(key, read))
    return Reads(
        {
            each.bucket: ReadsOfBucket(each.known.period, newest.pop(each.bucket))
            for each in table.buckets
        }
    )


@contextmanager
def open_logs(
    named: Sequence[str], longest_silence: timedelta, account: str | None = None
) -> Iterator[ReadsTable]:
    """Those in S3 are copied first. `account` is the label of the account whose role reads them.
    Raises `CommandFailed`, also for what is wrong when rows are read.
    """
    with TemporaryDirectory(prefix="firnline-") as copies:
        paths = list(log_paths(named, account, Path(copies), _FORMS))
        try:
            with gather(log_files(paths), longest_silence=longest_silence) as found:
                _refuse_empty(found, named[0])
                yield found
        except UnusableReads as why:
            raise CommandFailed(str(why)) from None


def _refuse_empty(found: ReadsTable, named: str) -> None:
    if not found.buckets:
        raise CommandFailed(
            f"{visible(named)} has no request of any bucket{_unreadable(found)}: {_FORMS}"
        )


def _unreadable(found: ReadsTable) -> str:
    if not found.unreadable:
        return ""
    first = found.unreadable[0]
    return f", but lines that cannot be read, such as {visible(first.sample)!r} in {first.file}"
