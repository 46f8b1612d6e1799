"""A references file → what was found, in columns.

`reference_file.read_whole` is the definition. Lines in the form in which `to_lines` writes them
without an escape have their fields cut out; each other line is read as the definition reads it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TextIO

import polars as pl

from firnline.reach.location import LocationKind
from firnline.reach.reference_file import Answered, Covered, Found, Proof, found_in
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)

REASONS: Final = tuple(OrphanReason)
AT_A_TIME: Final = 1 << 22
"""Characters that are read at a time, some 20,000 lines."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What follows each other in a file, a row for each: `rows` has the columns of `SCHEMA`.
    `others` are the roots and rules for checkpoints among them, by their row.
    """

    rows: pl.DataFrame
    others: tuple[tuple[int, Root | CheckpointRule], ...] = ()


SCHEMA: Final = {
    "registry": pl.String,
    "bucket": pl.String,
    "kind": pl.String,
    "key": pl.String,
    "strength": pl.UInt8,
    "reason": pl.UInt8,
    "because": pl.String,
    "owner": pl.String,
    "experiment": pl.String,
    "line": pl.UInt32,
}
"""`strength` is 0 of what is no reference, and `reason` of what is needed; else the place behind 1
in `REASONS`. `because` is JSON, `line` the number of lines before.
"""


def read_lines(text: TextIO, called: str) -> Iterator[datetime | Answered | Lines]:
    """When it was made, then what is referenced and the certificates, as they come. Raises
    `UnusableReferences`, where the end is missing after all else was yielded: until then nothing
    may be concluded.
    """
    proof = Proof(called)
    for part in _parts(text):
        yield from _read(part, proof)
    proof.finish()


def read_at(text: TextIO, called: str, lines: Collection[int]) -> Iterator[tuple[int, Found]]:
    """What stands in these lines of a file that was read whole before. Raises `UnusableReferences`,
    also where it is not whole any more.
    """
    proof = Proof(called)
    parts = _parts(text)
    part = next(parts, None)
    while part is not None:
        following = next(parts, None)
        first, count = proof.lines, part.count("\n")
        wanted = {each - first for each in lines if first <= each < first + count}
        if following is None:
            wanted.add(count - part.endswith("\n"))
        yield from _read_some(part, sorted(wanted), proof)
        part = following
    proof.finish()


def _read_some(part: str, wanted: list[int], proof: Proof) -> Iterator[tuple[int, Found]]:
    first, passed = proof.lines, 0
    texts = part.split("\n") if wanted else []
    for number in wanted:
        proof.pass_over(number - passed)
        passed = number + 1
        for each in found_in(proof.read(texts[number]), proof.called):
            if isinstance(each, tuple):
                yield first + number, each
    if proof.end is None:
        proof.pass_over(part.count("\n") - passed)
    proof.digest(part if proof.end is None else _without_last(part))


def lines_of(found: Iterable[Found]) -> Lines:
    """The same of what was read line by line."""
    rows, others = [], []
    for number, (registry, said) in enumerate(found):
        rows.append((*_row(registry, said), number))
        if isinstance(said, Root | CheckpointRule):
            others.append((number, said))
    return Lines(pl.DataFrame(rows, SCHEMA, orient="row"), tuple(others))


def _parts(text: TextIO) -> Iterator[str]:
    """Some whole lines at a time."""
    rest: list[str] = []
    while more := text.read(AT_A_TIME):
        head, end, tail = more.rpartition("\n")
        if end:
            yield "".join((*rest, head, end))
            rest = []
        rest.append(tail)
    if last := "".join(rest):
        yield last


def _read(part: str, proof: Proof) -> Iterator[datetime | Answered | Lines]:
    texts = pl.Series("line", [part]).str.split("\n").explode()
    if part.endswith("\n"):
        texts = texts.head(-1)
    fields = texts.str.extract_groups(_FORM).struct.unnest()
    is_plain = fields.select(_is_plain()).to_series()
    if not proof.lines:
        is_plain[0] = False  # the first line is no such line
    first, odd = proof.lines, (~is_plain).arg_true()
    found: list[tuple[int, Found]] = []
    passed = 0
    for number, line in zip(odd.to_list(), texts.gather(odd).to_list(), strict=True):
        proof.pass_over(number - passed)
        passed = number + 1
        for each in found_in(proof.read(line), proof.called):
            if isinstance(each, tuple):
                found.append((first + number, each))
            else:
                yield each
    proof.pass_over(len(texts) - passed)
    proof.digest(part if proof.end is None else _without_last(part))
    yield _joined(_plain(fields, is_plain, first), found)


def _is_plain() -> Any:
    """Whether a line has the form, and its key is the one of a folder without a slash behind."""
    is_of_its_kind = (pl.col("what") == "reference") == pl.col("strength").is_not_null()
    ends = (pl.col("kind") == LocationKind.DIR.value) & pl.col("key").str.ends_with("/")
    return (is_of_its_kind & ~ends).fill_null(False)


def _without_last(part: str) -> str:
    head, end, _ = part.removesuffix("\n").rpartition("\n")
    return head + end


def _plain(fields: pl.DataFrame, is_plain: pl.Series, first: int) -> pl.DataFrame:
    strength = pl.col("strength").replace_strict(_STRENGTHS, default=0, return_dtype=pl.UInt8)
    reason = pl.col("reason").replace_strict(_NUMBERS, default=0, return_dtype=pl.UInt8)
    told = fields.with_row_index("line", offset=first).filter(is_plain)
    return told.with_columns(strength, reason).select(*SCHEMA)


def _joined(plain: pl.DataFrame, found: list[tuple[int, Found]]) -> Lines:
    """In the order of lines."""
    if not found:
        return Lines(plain)
    read = lines_of(each for _, each in found)
    numbers = pl.Series("line", [number for number, _ in found], dtype=pl.UInt32)
    both = pl.concat([plain, read.rows.with_columns(numbers)]).with_row_index("place")
    ordered = both.sort("line", maintain_order=True)
    places = ordered["place"].arg_sort()
    others = tuple((places[len(plain) + number], each) for number, each in read.others)
    return Lines(ordered.drop("place"), others)


def _row(registry: str, said: Covered) -> tuple[Any, ...]:
    kind, strength, reason = said.location.kind, 0, 0
    because: tuple[str, ...] = ()
    match said:
        case Reference():
            strength, because = int(said.strength), said.because
        case Unneeded():
            reason, because = 1 + REASONS.index(said.reason), said.because
        case Root() | CheckpointRule():
            kind = LocationKind.DIR
    experiment = None if isinstance(said, Root) else said.experiment
    return (
        registry,
        said.location.bucket,
        kind.value,
        said.location.key,
        strength,
        reason,
        json.dumps(because, ensure_ascii=False, separators=(",", ":")),
        said.owner,
        experiment,
    )


_TEXT: Final = r"[^\"\\\x00-\x1f]*"
"""Of a JSON string that is its own text."""

_DAY: Final = (
    "[12][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_MOMENT: Final = f"{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{{6}})?Z"
_STRENGTHS: Final = {str(each): each.value for each in Strength}
_NUMBERS: Final = {each.value: 1 + place for place, each in enumerate(REASONS)}


def _group(name: str, pattern: str = _TEXT) -> str:
    return f'"(?P<{name}>{pattern})"'


_STRINGS: Final = f'(?P<because>\\[(?:"{_TEXT}"(?:,"{_TEXT}")*)?\\])'
_FORM: Final = (
    rf'^\{{"registry":{_group("registry")},"(?P<what>reference|unneeded)":\{{'
    + ",".join(
        (
            f'"bucket":{_group("bucket")}',
            f'"kind":{_group("kind", "|".join(each.value for each in LocationKind))}',
            f'"key":{_group("key")}',
            f'"(?:strength":{_group("strength", "|".join(_STRENGTHS))}'
            f'|reason":{_group("reason", "|".join(_NUMBERS))})',
            f'"because":{_STRINGS}',
        )
    )
    + f'(?:,"since":"{_MOMENT}")?(?:,"owner":{_group("owner")})?'
    rf'(?:,"experiment":{_group("experiment")})?\}}\}}$'
)
