"""`--out parquet:FILE` and `--out csv[:FILE]` of an audit: what nobody needs, as it is found."""

from __future__ import annotations

import argparse
import sys
from collections import deque

from firnline.atomic_file import write_parts
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer, FormatName
from firnline.cli.out import outputs
from firnline.reach.mark.unneeded_file import Batches, csv_parts, parquet_parts

_STREAMED = (FormatName.PARQUET, FormatName.CSV)


def write_unneeded(batches: Batches, arguments: argparse.Namespace) -> None:
    """Into the file that is named, if one is; in any case all batches are read. Raises
    `CommandFailed`.
    """
    streamed = [each for each in outputs(Answer.AUDIT, arguments) if each[0].name in _STREAMED]
    if len(streamed) > 1:
        raise CommandFailed(
            "only one of --out parquet:FILE and --out csv:FILE is written at a time"
        )
    if not streamed:
        deque(batches, maxlen=0)
        return
    ((format, file),) = streamed
    parts = parquet_parts(batches) if format.name is FormatName.PARQUET else csv_parts(batches)
    if file is not None:
        write_parts(file, parts)
        return
    if format.name is FormatName.PARQUET:
        raise CommandFailed("name the file of --out parquet:FILE: it is no text")
    for part in parts:
        sys.stdout.write(part.decode())
