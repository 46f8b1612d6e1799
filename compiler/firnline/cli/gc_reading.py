"""The registries of a fleet file, read into a references file, or only counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from firnline.atomic_file import write_parts
from firnline.cli.gc_extra import need_extra
from firnline.cli.gc_registries import (
    last_complete,
    policies_of,
    references_lines,
    registries_of,
)
from firnline.cli.item_options import now
from firnline.cli.named_file import refuse_unwritable
from firnline.cli.reads_file import reads_in
from firnline.cli.registry_progress import registry_progress
from firnline.cli.streams import say
from firnline.reach.tally import Tally


def read_registries(
    folder: str,
    names: Sequence[str],
    previous: str | None,
    out: str | None,
    reads: str | None,
    colour: str,
) -> list[Tally]:
    """`previous` is an earlier references file, by default the one that `out` replaces; `reads` a
    file of reads. Raises `CommandFailed`.
    """
    need_extra()
    refuse_unwritable(out)
    tallies: list[Tally] = []
    registries = registries_of(folder, names)
    before = last_complete(previous, out)
    policies = policies_of(folder)
    known = reads_in(reads, now()) if reads else None
    if known and not any(each.keep_read_within for one in policies for each in one.run_retentions):
        say(_NO_EFFECT)
    chosen = {each.name for each in registries}
    others = [each for each in registries_of(folder, ()) if each.name not in chosen]
    with registry_progress(registries, colour) as watched:
        lines = references_lines(watched, policies, tallies, before, others, known)
        if out:
            write_parts(out, _encoded(lines))
        else:
            deque(lines, maxlen=0)
    return tallies


_NO_EFFECT = "--reads has no effect: no `runs` entry of the policies has `keep_read_within`"


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    return (line.encode("utf-8", "surrogatepass") for line in lines)
