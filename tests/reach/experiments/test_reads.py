"""The newest read in a folder, against looking at every object; and what it says of runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.inventory.reads.known import Period
from firnline.reach.experiments.model import Artifact, Run
from firnline.reach.experiments.reads import Reads, ReadsOfBucket, keys_of
from firnline.reach.experiments.remarks import RemarkKind
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import Reference, Strength
from tests.reach.experiments.runs import (
    NOW,
    ago,
    failed,
    judged,
    reads_of,
    remarks,
    retention,
    root_of,
    run,
    running,
    verdicts,
)

READ = retention(read=90)
ALL_OF_IT = Period(ago(400), NOW)
PARTS = st.sampled_from(["a", "ab", "a-", "a.", "é", "e\u0301", "", "%2F", "\U0010ffff", "0", "~"])
KEYS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
PLACES = st.builds(Location, st.just("ml"), st.sampled_from(LocationKind), KEYS)


@given(st.dictionaries(KEYS, st.integers(0, 99).map(ago)), st.lists(PLACES))
def test_the_newest_read_is_that_of_the_objects_which_a_location_covers(
    objects: dict[str, datetime], places: list[Location]
) -> None:
    reads = ReadsOfBucket(ALL_OF_IT, objects)
    for each in places:
        covered = [moment for key, moment in objects.items() if each.covers(key)]
        assert reads.newest(each) == max(covered, default=None)


@pytest.mark.parametrize("first", [0, 1023, 1500])
@pytest.mark.parametrize("count", [1, 1024, 2500])
def test_of_many_objects_the_newest_is_found_at_each_end_and_between(
    first: int, count: int
) -> None:
    past = first + count
    folders = ["a" if at < first else "b" if at < past else "c" for at in range(4200)]
    keys = [f"{folder}/{at:05}" for at, folder in enumerate(folders)]
    for newest in (first, first + count // 2, past - 1):
        # What is before and behind the folder was read later still.
        objects = {key: ago(1 if folders[at] != "b" else 50) for at, key in enumerate(keys)}
        objects[keys[newest]] = ago(40)
        reads = ReadsOfBucket(ALL_OF_IT, objects)
        assert reads.newest(Location("ml", LocationKind.DIR, "b")) == ago(40)


@pytest.mark.parametrize(
    ("logged", "keys"),
    [
        ("runs/a/model.pkl", {"runs/a/model.pkl"}),
        ("runs/a%20b", {"runs/a%20b", "runs/a b"}),
        ("runs/lr%253D0.1", {"runs/lr%253D0.1", "runs/lr%3D0.1", "runs/lr=0.1"}),
        ("runs/a+b", {"runs/a+b", "runs/a b"}),
        ("/runs/a", {"/runs/a", "runs/a"}),
    ],
)
def test_a_key_in_a_log_may_be_encoded_once_or_twice(logged: str, keys: set[str]) -> None:
    assert set(keys_of(logged)) == keys


def read(name: str, days: float) -> Reads:
    return reads_of({f"{root_of(name).key}/model.pkl": ago(days)})


@pytest.mark.parametrize(
    "one",
    [run("r"), failed("r"), running("r", ended=100), run("r", metrics={"auc": 0.1})],
    ids=["finished", "failed", "abandoned", "ranked"],
)
def test_a_run_that_was_read_within_the_time_is_kept_and_says_when(one: Run) -> None:
    by = (replace(READ, abandoned_after=retention(abandoned=14).abandoned_after),)
    (found,) = judged(one, by=by, reads=read("r", 27))
    assert isinstance(found, Reference)
    assert found.strength is Strength.LIVE
    assert found.because == ("run r", "read on 2026-11-02")
    assert verdicts(one, by=by, reads=read("r", 90)) == {"r": "live"}
    assert verdicts(one, by=by, reads=read("r", 90.1))["r"].startswith("run_")
    assert verdicts(one, by=by, reads=read("r2", 1))["r"].startswith("run_")


def test_a_run_that_was_deleted_stays_as_long_as_it_is_read() -> None:
    deleted = run("r", is_deleted=True, deleted=ago(50))
    assert verdicts(deleted, by=(READ,), reads=read("r", 27)) == {"r": "soft"}
    assert verdicts(deleted, by=(READ,), reads=read("r", 91)) == {"r": "run_deleted"}


def test_reads_of_what_it_wrote_elsewhere_and_of_other_readings_of_its_folder_count() -> None:
    at = Location("ml", LocationKind.DIR, "elsewhere/r")
    one = run("r", outputs=(Artifact("model", str(at), (at,)),))
    reads = reads_of({"elsewhere/r/model.pkl": ago(3)})
    (*_, found) = judged(one, by=(READ,), reads=reads)
    assert isinstance(found, Reference)
    assert verdicts(run("r"), by=(READ,), reads=reads) == {"r": "run_not_kept"}
    (_, other) = judged(run("r", readings=(at,)), by=(READ,), reads=reads)
    assert isinstance(other, Reference)
    assert other.because == found.because == ("run r", "read on 2026-11-26")


@pytest.mark.parametrize(
    ("reads", "kind", "because"),
    [
        (None, RemarkKind.READS_NOT_NAMED, "reads are not known since 2026-08-31"),
        (
            reads_of({}, bucket="other"),
            RemarkKind.READS_WITHOUT_BUCKET,
            "reads are not known since 2026-08-31",
        ),
        (
            reads_of({}, since=30),
            RemarkKind.READS_BEGIN_LATE,
            "reads are known only since 2026-10-30",
        ),
        (
            reads_of({}, until=2.1),
            RemarkKind.READS_END_EARLY,
            "reads are not known since 2026-11-27",
        ),
    ],
)
def test_where_reads_are_not_known_for_all_of_the_time_the_run_is_kept_and_it_is_said(
    reads: Reads | None, kind: RemarkKind, because: str
) -> None:
    (found, remark) = judged(run("r"), by=(READ,), reads=reads)
    assert isinstance(found, Reference)
    assert found.because == ("run r", because)
    assert [(each.kind, each.runs) for each in remarks(run("r"), by=(READ,), reads=reads)] == [
        (kind, ("r",))
    ]
    assert "--reads" in str(remark)


def test_a_part_of_a_run_in_a_bucket_without_logs_keeps_it_unless_the_rest_was_read() -> None:
    elsewhere = Location("unlogged", LocationKind.DIR, "r")
    one = run("r", roots=(root_of("r"), elsewhere))
    (remark,) = remarks(one, by=(READ,), reads=reads_of({}))
    assert remark.kind is RemarkKind.READS_WITHOUT_BUCKET
    assert remarks(one, by=(READ,), reads=read("r", 5)) == []


def test_the_longest_time_of_several_entries_counts() -> None:
    by = (READ, retention("more", read=7))
    assert verdicts(run("r"), by=by, reads=read("r", 30)) == {"r": "live"}
    assert verdicts(run("r"), by=by[1:], reads=read("r", 30)) == {"r": "run_not_kept"}


def test_the_longest_time_of_several_experiments_counts() -> None:
    one = run("r", experiments=("churn", "fraud"))
    by = (retention(read=90), retention("fraud", ("fraud",), read=7))
    assert verdicts(one, by=by, reads=read("r", 30)) == {"r": "live"}
    assert verdicts(one, by=by, reads=read("r", 91)) == {"r": "run_not_kept"}


def test_a_run_with_nothing_in_s3_is_not_kept_by_reads() -> None:
    assert remarks(run("r", roots=()), by=(READ,)) == []


def test_runs_that_are_kept_besides_need_no_reads() -> None:
    young = retention(younger=200, read=90)
    assert remarks(run("r"), by=(young,)) == []
