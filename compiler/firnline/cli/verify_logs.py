"""`firnline verify --logs`: what S3 itself deleted, by its server access logs."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from firnline.cli.failed import CommandFailed
from firnline.cli.log_paths import log_paths
from firnline.inventory.reads.lifecycle_lines import deletions
from firnline.inventory.reads.log_files import LogFile, LogKind, log_files
from firnline.inventory.reads.problems import UnusableReads

_FORMS = "name S3's server access logs, or their folder, on disk or s3://…"


def deleted_by_s3(named: Sequence[str], folder: str) -> Mapping[str, frozenset[str]]:
    """The keys, by bucket. Raises `CommandFailed`."""
    found: dict[str, set[str]] = defaultdict(set)
    with TemporaryDirectory(prefix="firnline-") as copies:
        try:
            files = log_files(list(log_paths(named, None, Path(copies), _FORMS, folder)))
            for each in files:
                _read(each, found)
        except (UnusableReads, OSError, EOFError) as why:
            raise CommandFailed(f"the logs cannot be read: {why}") from None
    return {bucket: frozenset(keys) for bucket, keys in found.items()}


def _read(file: LogFile, into: Mapping[str, set[str]]) -> None:
    if file.kind is not LogKind.ACCESS_LOG:
        raise CommandFailed(f"{file.path} is no server access log: {_FORMS}")
    opened = gzip.open if file.is_gzip else open
    with opened(file.path, "rt", encoding="utf-8", errors="replace", newline="\n") as lines:
        for bucket, key in deletions(lines):
            into[bucket].add(key)
