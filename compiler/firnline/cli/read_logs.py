"""Logs or a file of reads that an option names → the table of reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import unread
from firnline.diagnostics.visible import visible

try:
    from firnline.inventory.reads.gathering import gather
    from firnline.inventory.reads.log_files import log_files
    from firnline.inventory.reads.problems import UnusableReads
    from firnline.inventory.reads.reads_table import ReadsTable
except ModuleNotFoundError as missing:
    raise CommandFailed(
        f"logs are read by {missing.name}: pip install 'firnline[inventory]'"
    ) from None

_FORMS = "name S3's server access logs, or the JSON files of a trail, or their folder"


@contextmanager
def open_logs(named: Sequence[str], longest_silence: timedelta) -> Iterator[ReadsTable]:
    """Raises `CommandFailed`, also for what is wrong when rows are read."""
    for each in named:
        _refuse_absent(each)
    try:
        files = log_files(map(Path, named))
        with gather(files, longest_silence=longest_silence) as found:
            if not found.buckets:
                raise CommandFailed(
                    f"{visible(named[0])} has no request of any bucket"
                    f"{_unreadable(found)}: {_FORMS}"
                )
            yield found
    except UnusableReads as why:
        raise CommandFailed(str(why)) from None


def _unreadable(found: ReadsTable) -> str:
    if not found.unreadable:
        return ""
    first = found.unreadable[0]
    return f", but lines that cannot be read, such as {visible(first.sample)!r} in {first.file}"


def _refuse_absent(named: str) -> None:
    try:
        Path(named).stat()
    except (OSError, ValueError) as why:
        raise unread(named, why, _FORMS) from None
