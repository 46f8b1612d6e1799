"""Which objects of a bucket are intermediate checkpoints that nothing else needs?

`experiments/checkpoints.py` is the definition; this is the same for batches of keys, in two passes:
all keys are added, then each is judged. What is kept meanwhile is one moment for each checkpoint.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import polars as pl

from firnline.reach.mark.batch_kernel import Covering
from firnline.reach.mark.covering import Entry, Mark
from firnline.reach.mark.intervals import said_by
from firnline.reach.mark.known import OfBucket, subject_of
from firnline.reach.references import CheckpointRule, Strength


class Checkpoints:
    """Of one bucket. A rule takes from the `live` references of its run that have its own location;
    whatever else covers a key keeps it.
    """

    def __init__(self, known: OfBucket) -> None:
        rules = dict(_in_force(known))
        texts = [*rules]
        self._rules = [*rules.values()]
        self._lengths = pl.Series(map(len, texts), dtype=pl.Int64)
        self._roots = Covering(
            said_by(*(Entry(text, False, Mark(1, n)) for n, text in enumerate(texts)))
        )
        self._folders = Covering(_others(known.folders(), texts, self._roots))
        self._prefixes = Covering(_others(known.prefixes(), texts, self._roots))
        self._newest: dict[tuple[int, str], datetime] = {}
        self._undated: set[tuple[int, str]] = set()
        self._gone: pl.DataFrame | None = None

    def __bool__(self) -> bool:
        return bool(self._rules)

    def add(self, objects: pl.DataFrame) -> None:
        """The keys of current objects with their last_modified, null where it is not known."""
        self.add_newest(self.newest_of(objects).iter_rows())

    def newest_of(self, objects: pl.DataFrame) -> pl.DataFrame:
        """For each checkpoint among these keys: its rule, its name, the newest moment, and whether
        one is not known.
        """
        moment = pl.col("last_modified")
        named = self._named(objects.select("key", "last_modified").sort("key"))
        return named.group_by("rule", "checkpoint").agg(
            moment.max(), moment.is_null().any().alias("is_undated")
        )

    def add_newest(self, newest: Iterable[tuple[Any, ...]]) -> None:
        """Rows of `newest_of`, whichever keys they are of."""
        for rule, checkpoint, latest, is_undated in newest:
            if is_undated:
                self._undated.add((rule, checkpoint))
            if latest is not None:
                known = self._newest.setdefault((rule, checkpoint), latest)
                self._newest[rule, checkpoint] = max(known, latest)

    def among(self, objects: pl.DataFrame) -> pl.Series:
        """A flag for each row, in the order of keys, after all were added."""
        if self._gone is None:
            self._gone = pl.DataFrame(
                [*self._intermediate()],
                schema={"rule": pl.Int32, "checkpoint": pl.String},
                orient="row",
            )
        rows = objects.select("key").with_row_index()
        found = self._named(rows).join(self._gone, on=["rule", "checkpoint"], how="semi")
        free = found.filter(~self._is_needed(found["key"]))
        flags = pl.Series("is_intermediate", [False], dtype=pl.Boolean)
        return flags.new_from_index(0, len(rows)).scatter(free["index"], True)

    def _intermediate(self) -> Iterator[tuple[int, str]]:
        by_rule: dict[int, dict[str, datetime]] = defaultdict(dict)
        for (rule, checkpoint), moment in self._newest.items():
            if (rule, checkpoint) not in self._undated:
                by_rule[rule][checkpoint] = moment
        for rule, moments in by_rule.items():
            kept = sorted(moments.values(), reverse=True)[: max(1, self._rules[rule].keep_newest)]
            yield from ((rule, name) for name, at in moments.items() if at < kept[-1])

    def _named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Those that belong to a checkpoint, with the number of its rule and its name."""
        rule = self._roots.at(rows["key"] + "/")["reference"].alias("rule")
        below = rows.with_columns(rule).filter(pl.col("rule") >= 0)
        if not len(below):
            return below.with_columns(pl.lit(None, dtype=pl.String).alias("checkpoint"))
        start = self._lengths.gather(below["rule"])
        paths = below.with_columns(start.alias("start")).with_columns(
            pl.col("key").str.slice("start").alias("path")
        )
        found = [
            paths.filter(pl.col("rule").is_in(numbers)).with_columns(
                pl.coalesce(_checkpoint(each) for each in match).alias("checkpoint")
            )
            for match, numbers in self._by_match().items()
        ]
        return pl.concat(found).drop("start", "path").drop_nulls("checkpoint")

    def _by_match(self) -> dict[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, rule in enumerate(self._rules):
            found[rule.match].append(number)
        return found

    def _is_needed(self, keys: pl.Series) -> pl.Series:
        folders = self._folders.at(keys + "/")["strength"]
        return (folders > 0) | (self._prefixes.at(keys)["strength"] > 0)


def _in_force(known: OfBucket) -> Iterator[tuple[str, CheckpointRule]]:
    """By location, in order. Where rules differ, or the location of one encloses another, whose
    checkpoints are meant is not known, and all are kept; as they are where another run, or another
    registry, needs the same location.
    """
    by_text: dict[str, set[CheckpointRule]] = defaultdict(set)
    for text, rule in known.checkpoint_rules:
        by_text[text].add(rule)
    if not by_text:
        return
    pinned = known.texts.filter(known.lines["strength"] >= Strength.PIN).sort().to_list()
    subjects = _subjects(known, by_text)
    outer: str | None = None
    for text in sorted(by_text):
        if outer is not None and text.startswith(outer):
            continue
        outer = text
        rules = by_text[text]
        rule = next(iter(rules))
        is_alone = len(rules) == 1 and subjects[text] <= {subject_of(rule.because)}
        if is_alone and (not rule.registered_only or _any_below(pinned, text)):
            yield text, rule


def _subjects(known: OfBucket, texts: Collection[str]) -> dict[str, set[int]]:
    """Of the live references to these locations."""
    is_live = known.lines["strength"] == Strength.LIVE
    lines = known.lines.filter(is_live & known.texts.is_in(list(texts)))
    found: dict[str, set[int]] = defaultdict(set)
    for text, subject in lines.select("text", "subject").unique().iter_rows():
        found[text].add(subject)
    return found


def _any_below(texts: list[str], text: str) -> bool:
    """Whether one of the sorted texts begins with it."""
    place = bisect_right(texts, text)
    near = texts[max(place - 1, 0) : place + 1]
    return any(each.startswith(text) for each in near)


def _others(said: pl.DataFrame, texts: list[str], rules: Covering) -> pl.DataFrame:
    """References that may keep a checkpoint, apart from those that a rule takes from."""
    if not texts:
        return said.clear()
    own = pl.Series("text", texts, dtype=pl.String)
    following = own.search_sorted(said["text"], side="left")
    inside = rules.at(said["text"])["strength"].alias("inside") > 0
    next_rule = own.gather(following.set(following == len(own), None)).alias("next")
    text = pl.col("text")
    is_own = ~pl.col("exact") & (pl.col("strength") == Strength.LIVE) & text.is_in(texts)
    is_near = inside | pl.col("next").str.starts_with(text).fill_null(False)
    others = said.with_columns(next_rule).filter((pl.col("strength") > 0) & ~is_own & is_near)
    return others.drop("next")


def _checkpoint(pattern: str) -> pl.Expr:
    """The name of the checkpoint that a path belongs to; null where it belongs to none."""
    segments = pattern.strip("/").split("/")
    place = "/".join("[^/]*".join(map(_literal, each.split("*"))) for each in segments)
    above = "(?:[^/]*/)" + f"{{{len(segments) - 1}}}"
    matched = pl.col("path").str.extract(f"(?s)^(?:artifacts/)?({place})(?:/|$)", 1)
    return matched.str.extract(f"(?s)^({above}[^/0-9]*[0-9]+)", 1)


def _literal(text: str) -> str:
    return "".join(each if each.isalnum() else f"\\x{{{ord(each):x}}}" for each in text)
