"""`--out parquet:FILE` and `--out csv[:FILE]` of an audit: what nobody needs, as it is found."""

from __future__ import annotations

import argparse
import sys
from collections import deque

from firnline.atomic_file import write_parts
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer, FormatName
from firnline.cli.named_file import refuse_unwritable
from firnline.cli.out import Output, outputs
from firnline.reach.mark.unneeded_file import Batches, csv_parts, parquet_parts

_STREAMED = (FormatName.PARQUET, FormatName.CSV)


def unneeded_output(arguments: argparse.Namespace) -> Output | None:
    """If one is named. Every output can be written, as far as can be told now. Raises
    `CommandFailed`.
    """
    for _, file in outputs(Answer.AUDIT, arguments):
        refuse_unwritable(file)
    streamed = [each for each in outputs(Answer.AUDIT, arguments) if each[0].name in _STREAMED]
    if len(streamed) > 1:
        raise CommandFailed(
            "only one of --out parquet:FILE and --out csv:FILE is written at a time"
        )
    if not streamed:
        return None
    format, file = streamed[0]
    if file is None and format.name is FormatName.PARQUET:
        raise CommandFailed("name the file of --out parquet:FILE: it is no text")
    return streamed[0]


def write_unneeded(batches: Batches, output: Output | None, *, with_reads: bool) -> None:
    """In any case all batches are read."""
    if output is None:
        deque(batches, maxlen=0)
        return
    format, file = output
    to_parts = parquet_parts if format.name is FormatName.PARQUET else csv_parts
    parts = to_parts(batches, with_reads=with_reads)
    if file is not None:
        write_parts(file, parts)
        return
    for part in parts:
        sys.stdout.write(part.decode())
