"""What is stored, for people: a table for each question, such as how old, how large, where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.summary.breakdown import By, Part
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned
from firnline.targets.summed_up import Summaries, SummedUp

_TITLES = {
    By.VERSIONS: "all items",
    By.PREFIX: "prefix",
    By.AGE: "age",
    By.SIZE: "size",
    By.STORAGE_CLASS: "storage class",
    By.NONCURRENT_AGE: "noncurrent for",
    By.NEWER_VERSIONS: "newer noncurrent versions",
    By.TAG: "tag",
}
_SHOWN = 100
"""A prefix is shown with a hundredth of all bytes."""


def to_text(summaries: Summaries, columns: int) -> str:
    return "\n".join("\n".join(_lines(each, columns)) + "\n" for each in summaries)


def _lines(found: SummedUp, columns: int) -> Iterator[str]:
    yield from wrapped(found.facts, columns, hanging=2)
    for by, parts in groupby(found.parts, lambda part: part.by):
        yield ""
        yield from _table(by, list(parts), columns)


def _table(by: By, parts: Sequence[Part], columns: int) -> list[str]:
    whole = parts[0] if by is By.PREFIX else None
    total = whole.volume.bytes if whole else sum(part.volume.bytes for part in parts)
    rows: list[tuple[str, ...]] = [("objects", "bytes", "of all", _TITLES[by])]
    shown = [part for part in parts if part is not whole]
    if whole:
        shown = [part for part in shown if part.volume.bytes * _SHOWN >= total]
    rows += [_row(part, total) for part in shown]
    if whole:
        rows.append(_row(whole, total, "in all"))
    return aligned(rows, columns, right=(0, 1, 2))


def _row(part: Part, total: int, name: str | None = None) -> tuple[str, ...]:
    share = 100 * part.volume.bytes / (total or 1)
    return (
        f"{part.volume.objects:,}",
        Bytes(part.volume.bytes).rounded,
        f"{share:.0f}%",
        name or "  " * (part.depth - 1) + visible(part.name),
    )
