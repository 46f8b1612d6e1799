"""A saved summary: read from disk, or the reason why it cannot be used; and how it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from firnline.atomic_file import write_file
from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.inventory.summary.problems import UnusableSummary
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.inventory.summary.words import in_words
from firnline.s3.terms import Bytes

try:
    from firnline.inventory.summary.file import read_summary, to_parquet
except ModuleNotFoundError as missing:
    raise CommandFailed(
        f"a summary is read by {missing.name}: pip install 'firnline[inventory]'"
    ) from None


def read_summary_file(path: str) -> Summary:
    """Raises `CommandFailed`."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise CommandFailed(f"{visible(path)} cannot be read: {error.strerror}") from None
    try:
        return read_summary(content, path)
    except UnusableSummary as problem:
        raise CommandFailed(str(problem)) from None


def save(
    summaries: Sequence[BucketSummary],
    path: str,
    write: Callable[[str, bytes], None] = write_file,
) -> None:
    """Raises `CommandFailed`."""
    content = to_parquet(Summary(tuple(summaries)))
    try:
        write(path, content)
    except OSError as error:
        raise CommandFailed(f"{visible(path)} cannot be written: {error.strerror}") from None
    for each in summaries:
        say(f"{visible(path)}: {in_words(each)}")
    say(f"{visible(path)}: {Bytes(len(content)).rounded}")
