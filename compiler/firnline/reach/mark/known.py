"""What registries say of one bucket, in columns: a million references in a few hundred bytes each.

A line is a reference, a location that is not needed, or a root; its number is its place here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from firnline.reach.location import LocationKind
from firnline.reach.mark.covering import NONE
from firnline.reach.mark.lines import Lines, lines_of
from firnline.reach.reference_file import Covered
from firnline.reach.references import CheckpointRule, Root, Strength

_OTHER: Final = "other"
_SCHEMA: Final[dict[Any, Any]] = {
    "text": pl.String,
    "kind": pl.Enum([each.value for each in LocationKind]),
    "strength": pl.UInt8,
    "reason": pl.UInt8,
    "place": pl.UInt32,
    "owner": pl.Int32,
    "experiment": pl.Int32,
    "subject": pl.UInt64,
    "group": pl.UInt32,
    "line": pl.UInt32,
    _OTHER: pl.Int32,
}
"""`subject` is that of a live reference, as a digest: what its reason begins with."""


MOST: Final = (1 << 26) - 2
"""Names of owners, or of experiments: several times what fits in the memory of an audit."""


class Names:
    """Each name once, by number; `NONE` is that of no name."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        return [*self._numbers]

    def numbers(self, names: pl.Series) -> pl.Series:
        each = names.drop_nulls().unique(maintain_order=True).to_list()
        known = [self._numbers.setdefault(name, len(self._numbers)) for name in each]
        assert len(self._numbers) <= MOST
        return names.replace_strict(each, known, default=NONE, return_dtype=pl.Int32)


class OfBucket:
    """What all registries say of one bucket. `lines` has the text of each as it stands in the order
    of keys: those of folders and objects with a slash at the end. `place` is that in the order in
    which all lines of all buckets were added, `group` the same for references that follow each
    other and are needed for the same reasons, and `line` where that stands in the file.
    """

    def __init__(self, lines: pl.DataFrame, others: list[Root | CheckpointRule]) -> None:
        self.roots: dict[int, list[Root]] = {}
        """By the number of the first of the same location."""
        self.checkpoint_rules: list[tuple[str, CheckpointRule]] = []
        self.lines = self._numbered(lines, others).drop(_OTHER).rechunk()

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def texts(self) -> pl.Series:
        return self.lines["text"]

    def folders(self) -> pl.DataFrame:
        """What is said of texts, sorted; objects are among them as `exact`."""
        return self._said(pl.col("kind") != LocationKind.RAW_PREFIX.value)

    def prefixes(self) -> pl.DataFrame:
        """The same of prefixes."""
        return self._said(pl.col("kind") == LocationKind.RAW_PREFIX.value)

    def _numbered(self, lines: pl.DataFrame, others: list[Root | CheckpointRule]) -> pl.DataFrame:
        """Without rules for checkpoints, and without the roots whose location another one has."""
        rows = lines.with_row_index("row").filter(pl.col(_OTHER) != NONE)
        first: dict[str, int] = {}
        dropped: list[int] = []
        for row, text, other in rows.select("row", "text", _OTHER).iter_rows():
            said = others[other]
            if isinstance(said, CheckpointRule):
                self.checkpoint_rules.append((text, said))
                dropped.append(row)
                continue
            number = first.setdefault(text, row - len(dropped))
            self.roots.setdefault(number, []).append(said)
            if number != row - len(dropped):
                dropped.append(row)
        if not dropped:
            return lines
        is_kept = pl.Series([True]).new_from_index(0, len(lines)).scatter(dropped, False)
        return lines.filter(is_kept)

    def _said(self, which: pl.Expr) -> pl.DataFrame:
        number = pl.col("number").cast(pl.Int32)
        roots = pl.Series([*self.roots], dtype=pl.Int32)
        return (
            self.lines.with_row_index("number")
            .filter(which)
            .sort("text", maintain_order=True)
            .select(
                "text",
                (pl.col("kind") == LocationKind.EXACT.value).alias("exact"),
                pl.col("strength").cast(pl.Int32),
                pl.when(pl.col("strength") > 0).then(number).otherwise(NONE).alias("reference"),
                pl.when(pl.col("reason") > 0).then(number).otherwise(NONE).alias("unneeded"),
                pl.when(number.is_in(roots.implode())).then(number).otherwise(NONE).alias("root"),
                "owner",
                "experiment",
            )
        )


class Known:
    """What registries say of all buckets. All is added before the first is taken."""

    def __init__(self) -> None:
        self.owners, self.experiments = Names(), Names()
        self._others: list[Root | CheckpointRule] = []
        self._parts: dict[str, list[pl.DataFrame]] = defaultdict(list)
        self._buckets: dict[str, OfBucket] = {}
        self._added = self._group = 0
        self._last: tuple[Any, ...] | None = None

    def add(self, *said: Covered) -> None:
        self.add_lines(lines_of(("", each) for each in said))

    def add_lines(self, lines: Lines) -> None:
        """`Lines.others` stand at the numbers of their rows."""
        assert not self._buckets
        numbers = range(len(self._others), len(self._others) + len(lines.others))
        self._others += [each for _, each in lines.others]
        other = pl.Series([NONE], dtype=pl.Int32).new_from_index(0, len(lines.rows))
        other = other.scatter([row for row, _ in lines.others], numbers)
        rows = lines.rows
        found = rows.with_row_index("place", offset=self._added).with_columns(
            other.alias(_OTHER),
            self._groups(rows),
            self.owners.numbers(rows["owner"]),
            self.experiments.numbers(rows["experiment"]),
            _subjects(rows),
            _text().alias("text"),
        )
        self._added += len(rows)
        for bucket, part in _by_bucket(found):
            self._parts[bucket].append(part.select(*_SCHEMA).cast(_SCHEMA))

    def _groups(self, rows: pl.DataFrame) -> pl.Series:
        found = pl.Series("group", [0], dtype=pl.UInt32).new_from_index(0, len(rows))
        references = (rows["strength"] > 0).arg_true()
        if not len(references):
            return found
        reasons = rows.select("registry", "because")[references]
        if reasons.row(0) != self._last:
            self._group += 1
        numbers = reasons.to_struct().rle_id() + self._group
        self._last, self._group = reasons.row(-1), numbers[-1]
        return found.scatter(references, numbers)

    def references(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Of each bucket."""
        parts = [(name, pl.concat(each)) for name, each in self._parts.items()]
        for bucket, lines in (*parts, *((name, of.lines) for name, of in self._buckets.items())):
            yield bucket, lines.filter(pl.col("strength") > 0)

    def of(self, bucket: str) -> OfBucket:
        if bucket not in self._buckets:
            parts = self._parts.pop(bucket, [pl.DataFrame(schema=_SCHEMA)])
            self._buckets[bucket] = OfBucket(pl.concat(parts), self._others)
        return self._buckets[bucket]


def subject_of(because: tuple[str, ...]) -> int:
    """As `lines` have it of a reference with this reason."""
    first = json.dumps(because[0], ensure_ascii=False)[1:-1] if because else ""
    return int(pl.Series([first]).hash(_SEED)[0])


def _subjects(rows: pl.DataFrame) -> pl.Series:
    live = (rows["strength"] == Strength.LIVE).arg_true()
    first = rows["because"].gather(live).str.extract(_FIRST, 1).fill_null("")
    none = pl.Series("subject", [0], dtype=pl.UInt64).new_from_index(0, len(rows))
    return none.scatter(live, first.hash(_SEED))


_FIRST: Final = r'^\["((?:[^"\\]|\\.)*)"'
_SEED: Final = 0


def _text() -> Any:
    """As `covering.text_of`."""
    key, kind = pl.col("key"), pl.col("kind")
    is_whole_bucket = (kind == LocationKind.DIR.value) & (key == "")
    is_itself = is_whole_bucket | (kind == LocationKind.RAW_PREFIX.value)
    return pl.when(is_itself).then(key).otherwise(key + "/")


def _by_bucket(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (bucket,), part in rows.partition_by("bucket", as_dict=True).items():
        yield str(bucket), part
