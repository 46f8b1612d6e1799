"""Every object gets the class and the reason that trying each line on it gives."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.classes import Ages, Classes
from firnline.reach.mark.covering import text_of
from firnline.reach.mark.known import Known
from firnline.reach.mark.report import ObjectClass
from firnline.reach.reference_file import Covered
from firnline.reach.references import OrphanReason, Reference, Root, Strength, Unneeded

MADE = datetime(2026, 11, 28, 1, tzinfo=UTC)
AGES = Ages(timedelta(days=7), timedelta(days=14))
_POLICY = b"""
firnline: policy/v1
policy: lab
owner: ml@acme.example
why: so that tests have one
applies_to: [{account: lab, buckets: [b]}]
references: {from: mlflow, grace: 14d}
retain:
  models: {prefix: m/, delete_after: 30d, delete_when: unreferenced}
  kept: {prefix: m/k/, delete_after: never}
  logs: {prefix: l/, delete_after: 10d}
holds:
  legal: {prefix: m/h/, ask_again: 2999-12-31, why: discovery, approved_by: legal}
"""
_FLEET = b"""
firnline: fleet/v1
namespace: acme
accounts: {lab: {id: "111111111111", regions: [us-east-1]}}
registries: {mlflow: {mlflow: {tracking_uri: "https://mlflow.acme.example"}}}
"""


class Stored(NamedTuple):
    key: str
    age: int


_SEGMENTS = st.sampled_from(["m", "k", "h", "l", "ab", "cd", "a-", "a.", "x", ""])
_KEYS = st.lists(_SEGMENTS, min_size=1, max_size=4).map("/".join)
_STORED = st.lists(
    st.builds(Stored, _KEYS, st.sampled_from([1, 8, 20, 100])),
    max_size=12,
    unique_by=lambda o: o[0],
)
_LOCATIONS = st.builds(Location, st.just("b"), st.sampled_from(LocationKind), _KEYS)
_ROOTS = st.builds(
    Root,
    st.builds(Location, st.just("b"), st.just(LocationKind.DIR), _KEYS | st.just("")),
    st.sampled_from(["ab|cd", "[a-d]+", "x"]),
    st.just("runs"),
)
_SAID = st.lists(
    st.builds(Reference, _LOCATIONS, st.sampled_from(Strength), st.just(("model m",)))
    | st.builds(Unneeded, _LOCATIONS, st.sampled_from(OrphanReason), st.just(("run r",)))
    | _ROOTS,
    max_size=6,
    unique_by=lambda each: text_of(each.location, each.location.kind),
)


@cache
def areas(with_policy: bool) -> Areas:
    if not with_policy:
        return Areas(None)
    compilation = compile_files({"policies/lab.yaml": _POLICY, "policies/fleet.yaml": _FLEET})
    assert not compilation.failed, compilation.diagnostics
    return Areas(compilation.buckets[0].program)


def naive(one: Stored, stored: list[Stored], said: list[Covered], areas: Areas) -> tuple[str, str]:
    covering = [each for each in said if each.location.covers(one.key)]
    if any(isinstance(each, Reference) for each in covering):
        return ObjectClass.ACTIVE, ""
    unneeded = [each for each in covering if isinstance(each, Unneeded)]
    area = areas.at(one.key)
    folder = one.key.rpartition("/")[0] if "/" in one.key else None
    if unneeded:
        nearest = max(unneeded, key=lambda each: len(_text(each)))
        reason = nearest.reason.value
        around = [each for each in said if isinstance(each, Unneeded) and encloses(each, nearest)]
        near = [each for each in stored if any(outer.location.covers(each.key) for outer in around)]
    elif missing := _missing(one.key, said):
        reason = "run_missing"
        near = [each for each in stored if each.key.startswith(missing)]
    elif area.is_unreferenced:
        reason = "unreferenced"
        near = [each for each in stored if each.key.startswith(f"{folder}/")] if folder else []
    else:
        return ObjectClass.UNCLASSIFIED, "unclassified"
    if area.kept_by:
        return ObjectClass.KEPT, reason
    if one.age < max(7, area.least_days) or any(each.age < 14 for each in near):
        return ObjectClass.RECENT, reason
    return ObjectClass.ORPHAN, reason


def encloses(outer: Unneeded, inner: Unneeded) -> bool:
    is_around = outer.location.kind is not LocationKind.EXACT
    return outer == inner or (is_around and _text(inner).startswith(_text(outer)))


def _missing(key: str, said: list[Covered]) -> str | None:
    roots = [each for each in said if isinstance(each, Root) and each.location.covers(key)]
    for root in sorted(roots, key=lambda each: -len(_text(each))):
        id, slash, _ = key[len(_text(root)) :].partition("/")
        folder = f"{_text(root)}{id}/"
        named = any(_text(each).startswith(folder) for each in said)
        if slash and re.fullmatch(root.known_ids, id) and not named:
            return folder
    return None


def _text(said: Covered) -> str:
    return text_of(said.location, said.location.kind)


def classified(stored: list[Stored], said: list[Covered], areas: Areas) -> pl.DataFrame:
    known = Known()
    for each in said:
        known.add(each)
    classes = Classes(known, "b", areas, AGES, MADE)
    young = [each.key for each in stored if each.age < AGES.quiet.days]
    classes.add_young(pl.Series(young, dtype=pl.String))
    frame = pl.DataFrame(
        {
            "key": pl.Series([each.key for each in stored], dtype=pl.String),
            "last_modified": pl.Series(
                [MADE - timedelta(days=each.age) for each in stored],
                dtype=pl.Datetime("us", "UTC"),
            ),
        }
    )
    return classes.of(frame)


def _failed(key: str) -> Unneeded:
    return Unneeded(Location("b", LocationKind.DIR, key), OrphanReason.RUN_FAILED, ("run r",))


@given(_STORED, _SAID, st.booleans())
@example([Stored("x/ab/k", 100), Stored("x/m", 1)], [_failed("x"), _failed("x/ab")], False)
def test_every_object_is_of_the_class_that_trying_each_line_gives(
    stored: list[Stored], said: list[Covered], with_policy: bool
) -> None:
    found = classified(stored, said, areas(with_policy))
    got = {row["key"]: (row["class"], row["reason"] or "") for row in found.iter_rows(named=True)}
    assert got == {one.key: naive(one, stored, said, areas(with_policy)) for one in stored}


def test_what_a_policy_says_of_a_prefix_is_known_for_every_key() -> None:
    lab = areas(True)
    for key in ("m/x", "m/k/x", "m/h/x", "l/x", "m", "m0", "n"):
        row = lab.of(pl.Series([key])).row(0)
        assert row == lab.at(key)
    assert lab.at("m/x").is_unreferenced
    assert lab.at("m/x").least_days == 30
    assert lab.at("m/k/x").kept_by == "retention `kept`"
    assert lab.at("m/h/x").kept_by == "hold `legal`"
    assert lab.at("l/x").kept_by is None
    assert not lab.at("l/x").is_unreferenced


def test_an_object_of_unknown_age_is_young() -> None:
    known = Known()
    known.add(_failed("x"))
    classes = Classes(known, "b", areas(False), AGES, MADE)
    frame = pl.DataFrame(
        {"key": ["x/1"], "last_modified": [None]},
        schema_overrides={"last_modified": pl.Datetime("us", "UTC")},
    )
    assert classes.of(frame)["class"].to_list() == [ObjectClass.RECENT]
