"""`covering.intervals` on columns: the intervals of keys in which the same is known.

Layer by layer, from what encloses most to what encloses nothing. No two entries of a layer have a
key in common, so all of it is cut out of the intervals of the layers around it at once.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from firnline.reach.mark.covering import NONE, Entry, Mark, end_of

NUMBERS: Final = Mark._fields
_NAMED: Final = ("unneeded", "root", "owner", "experiment")
_SAID: Final = {"text": pl.String, "exact": pl.Boolean, **dict.fromkeys(NUMBERS, pl.Int32)}


def said_by(*entries: Entry) -> pl.DataFrame:
    """Entries in columns."""
    rows = [(text, exact, *mark) for text, exact, mark in entries]
    return pl.DataFrame(rows, _SAID, orient="row").sort("text", maintain_order=True)


def entries_of(said: pl.DataFrame) -> list[Entry]:
    return [Entry(text, exact, Mark(*mark)) for text, exact, *mark in said.iter_rows()]


def intervals_of(said: pl.DataFrame) -> pl.DataFrame:
    """The first text of each interval, in order, and a column for each of a `Mark`'s numbers.
    `said` has the columns of entries, sorted by text.
    """
    rest = _one_of_each(said.sort("text", "exact", maintain_order=True))
    layers: list[pl.DataFrame] = []
    while len(rest):
        text = pl.col("text")
        encloses = ~pl.col("exact") & text.shift(-1).str.starts_with(text).fill_null(False)
        flags = rest.select(encloses).to_series()
        layers.append(rest.filter(~flags))
        rest = rest.filter(flags)
    found = said_by(Entry("", False, Mark())).drop("exact")
    for layer in reversed(layers):
        found = _cut(found, layer)
    return found.rechunk()


def found_at(intervals: pl.Series, texts: pl.Series) -> pl.Series:
    """The number of the interval of each text."""
    return intervals.search_sorted(texts, side="right").cast(pl.Int32) - 1


def ends_of(texts: pl.Series, exact: pl.Series) -> pl.Series:
    """The first text behind what each covers; null where none is."""
    frame = pl.DataFrame({"text": texts, "exact": exact})
    text = pl.col("text")
    ends = frame.select(
        pl.when("exact")
        .then(text + "\0")
        .when(text.str.ends_with("/"))
        .then(text.str.strip_suffix("/") + "0")
    ).to_series()
    raw = frame.select(~pl.col("exact") & ~text.str.ends_with("/")).to_series().arg_true()
    if not len(raw):
        return ends
    others = [end_of(each) for each in texts.gather(raw).to_list()]
    return ends.scatter(raw, pl.Series(others, dtype=pl.String))


def _one_of_each(said: pl.DataFrame) -> pl.DataFrame:
    """Where several have the same text, and are all exact or none is, what they say together."""
    same = [pl.col(each) == pl.col(each).shift(1) for each in ("text", "exact")]
    repeats = said.select(pl.all_horizontal(same).fill_null(False)).to_series()
    if not repeats.any():
        return said
    doubled = repeats | repeats.shift(-1, fill_value=False)
    joined = (
        said.filter(doubled)
        .group_by("text", "exact", maintain_order=True)
        .agg(
            pl.col("strength").max(),
            pl.col("reference").filter(pl.col("strength") == pl.col("strength").max()).last(),
            *(pl.col(name).filter(pl.col(name) != NONE).last().fill_null(NONE) for name in _NAMED),
        )
    )
    return pl.concat([said.filter(~doubled), joined]).sort("text", "exact")


def _cut(outer: pl.DataFrame, layer: pl.DataFrame) -> pl.DataFrame:
    texts = layer["text"]
    around = outer.select(NUMBERS)[found_at(outer["text"], texts)]
    begins = layer.hstack(around.rename(_outer)).select("text", *_within())
    behind = ends_of(texts, layer["exact"]).drop_nulls()
    ends = outer.select(NUMBERS)[found_at(outer["text"], behind)].insert_column(
        0, behind.alias("text")
    )
    # What begins counts, where something else ends or another interval begins.
    cut = pl.concat([outer, ends, begins]).sort("text", maintain_order=True)
    return cut.filter((pl.col("text") != pl.col("text").shift(-1)).fill_null(True))


def _within() -> list[Any]:
    """As `Mark.within`."""
    strength, around = pl.col("strength"), pl.col(_outer("strength"))
    is_stronger = (strength > 0) & (strength >= around)
    return [
        pl.max_horizontal(strength, around).alias("strength"),
        pl.when(is_stronger).then("reference").otherwise(_outer("reference")).alias("reference"),
        *(
            pl.when(pl.col(name) == NONE).then(_outer(name)).otherwise(name).alias(name)
            for name in _NAMED
        ),
    ]


def _outer(name: str) -> str:
    return f"{name}_around"
