"""`firnline forecast` on the sandbox's own inventories, `advance`, and the inventories after it.

Nothing is written meanwhile. Each format is read from what the sandbox delivers, by the command.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.forecast.months import starts
from firnline.s3.simulate.stored import ItemKind
from sandbox import emulator_process
from sandbox.inventory import FORMATS, newest, write_as
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State, read_state
from sandbox.world.accounts import CI, DEV, LOGS, Bucket
from tests.sandbox.test_advance import put_rules

pytestmark = pytest.mark.slow

BUCKETS = (DEV, CI, LOGS)
"""One that keeps versions, one that never did, and one that no longer does."""

RULES: Any = [
    {
        "ID": "checkpoints",
        "Status": "Enabled",
        "Filter": {"Prefix": "checkpoints/"},
        "Transitions": [
            {"Days": 30, "StorageClass": "STANDARD_IA"},
            {"Days": 90, "StorageClass": "GLACIER_IR"},
        ],
        "Expiration": {"Days": 500},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
    },
    {
        "ID": "logs",
        "Status": "Enabled",
        "Filter": {"Prefix": "logs/"},
        "Transitions": [{"Days": 60, "StorageClass": "DEEP_ARCHIVE"}],
        "Expiration": {"Days": 380},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 150},
    },
    {
        "ID": "experiments",
        "Status": "Enabled",
        "Filter": {"Prefix": "experiments/"},
        "Expiration": {"Days": 10},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
    },
]

Json = dict[str, Any]
Id = tuple[str, str]
"""The key, and the version ID, which may be `null`."""


@dataclass(frozen=True, slots=True)
class Version:
    """What an inventory says of a key and a version ID."""

    size: int
    storage_class: str
    latest: bool
    marker: bool


Versions = Mapping[Id, Version]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one delivery lists, and what the command forecasts of it, by bucket."""

    listed: Mapping[Bucket, Versions]
    forecast: Mapping[Bucket, Json]


@dataclass(frozen=True, slots=True)
class Year:
    """Snapshots by format, before anything is done, and what is listed later; the events are those
    of the first day.
    """

    before: Mapping[str, Snapshot]
    next_day: Mapping[str, Mapping[Bucket, Versions]]
    in_the_end: Mapping[str, Mapping[Bucket, Versions]]
    events: list[Json]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("year")
    paths = SandboxPaths(folder)
    rules = folder / "rules.json"
    rules.write_text(json.dumps({"Rules": RULES}))
    wait_for_a_day_that_lasts()
    emulator_process.up(paths)
    state = read_state(paths.state)
    assert state is not None

    def sandbox(*words: str) -> Json:
        found: Json = json.loads(run("sandbox", "--root", str(folder), *words, "--out", "json"))
        return found

    try:
        for bucket in BUCKETS:
            put_rules(state, bucket, RULES)
        before = {}
        for form in FORMATS:
            manifests = delivered(state, paths, form)
            before[form] = Snapshot(listed(manifests), forecasts(rules, manifests))
        first = sandbox("advance", "1d")
        next_day = {form: listed(delivered(state, paths, form)) for form in FORMATS}
        sandbox("advance", f"{days_of_twelve_months(first) - 1}d")
        in_the_end = {form: listed(delivered(state, paths, form)) for form in FORMATS}
        yield Year(before, next_day, in_the_end, first["events"])
    finally:
        emulator_process.down(paths)


def wait_for_a_day_that_lasts() -> None:
    """A forecast begins at the next midnight. If it passed before `advance`, that would go on to
    the one after it.
    """
    now = datetime.now(UTC)
    left = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC) - now
    if left < timedelta(minutes=2):
        time.sleep(left.total_seconds() + 1)


def days_of_twelve_months(advanced: Json) -> int:
    """365, or 366 where there is a 29 February among them."""
    since = datetime.fromisoformat(advanced["since"])
    return (starts(since, 12)[-1] - since).days


def run(*words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    return ran.stdout


def delivered(state: State, paths: SandboxPaths, form: str) -> dict[Bucket, Path]:
    """The manifests of an inventory of now, in that format."""
    write_as(state, form)
    found = {each.bucket: each.path for each in newest(state, paths)}
    return {bucket: found[bucket.name] for bucket in BUCKETS}


def forecasts(rules: Path, manifests: Mapping[Bucket, Path]) -> dict[Bucket, Json]:
    found: dict[Bucket, Json] = {}
    for bucket, manifest in manifests.items():
        made = int(json.loads(manifest.read_text())["creationTimestamp"]) / 1000
        words = [
            *(str(rules), "--inventory", str(manifest), "--versioning", bucket.versioning),
            *("--as-of", datetime.fromtimestamp(made, UTC).isoformat(), "--out", "json"),
        ]
        found[bucket] = json.loads(run("firnline", "forecast", *words))
    return found


def listed(manifests: Mapping[Bucket, Path]) -> dict[Bucket, Versions]:
    return {bucket: versions(manifest) for bucket, manifest in manifests.items()}


def versions(manifest: Path) -> Versions:
    columns = (
        *(Column.KEY, Column.VERSION_ID, Column.SIZE, Column.STORAGE_CLASS),
        *(Column.IS_LATEST, Column.IS_DELETE_MARKER),
    )
    found: dict[Id, Version] = {}
    with open_inventory([OnDisk(manifest)]) as facts:
        for batch in facts.batches(*columns):
            for key, id, size, *others in (row.values() for row in batch.to_pylist()):
                assert (key, id) not in found
                found[key, id] = Version(size or 0, *others)
    return found


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.versioning)
def test_the_first_run_is_what_advance_does_and_the_next_inventory_shows(
    year: Year, bucket: Bucket, form: str
) -> None:
    before = year.before[form]
    done = done_between(before.listed[bucket], year.next_day[form][bucket])
    assert done == done_by_events(year.events, bucket)
    assert all(done[what] for what in EXPECTED[bucket])
    run = before.forecast[bucket]["first_run"]["after"]
    for what in ("deleted", "delete_markers", "markers_removed"):
        assert run[what] == in_all(done.pop(what, {})), what
    for volume in run["transitions"].values():
        del volume["usd"]
    assert run["transitions"] == {into: in_all(sizes) for into, sizes in done.items()}


EXPECTED = {
    DEV: ("deleted", "delete_markers", "STANDARD_IA", "GLACIER_IR"),
    CI: ("deleted", "STANDARD_IA"),
    LOGS: ("deleted", "GLACIER", "DEEP_ARCHIVE"),
}
"""What has to be among it, that the test be one."""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.versioning)
def test_month_12_stores_what_is_listed_after_365_days(
    year: Year, bucket: Bucket, form: str
) -> None:
    last = year.before[form].forecast[bucket]["months"][11]
    stored = [each for each in year.in_the_end[form][bucket].values() if not each.marker]
    size: Counter[str] = Counter()
    for each in stored:
        size[each.storage_class] += each.size
    assert len(size) > 1
    assert last["after"]["bytes"] == size
    assert last["after"]["objects"] == Counter(each.storage_class for each in stored)
    at_first = year.before[form].listed[bucket].values()
    assert last["before"]["objects"] == {"STANDARD": sum(not each.marker for each in at_first)}


@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.versioning)
def test_the_formats_list_the_same(year: Year, bucket: Bucket) -> None:
    one, *others = FORMATS
    for snapshots in ({f: year.before[f].listed for f in FORMATS}, year.next_day, year.in_the_end):
        assert all(snapshots[one][bucket] == snapshots[other][bucket] for other in others)


Done = dict[str, dict[Id, int]]


def done_between(before: Versions, after: Versions) -> Done:
    """What was done to which version, and its size, as two inventories show it."""
    done: Done = defaultdict(dict)
    for id, old in before.items():
        new = after.get(id)
        if old.marker:
            what = "markers_removed" if new is None else None
        elif new is None or new.marker:  # a null marker replaces a null version
            what = "deleted"
        elif old.latest and not new.latest:
            what = "delete_markers"
        else:
            what = new.storage_class if new.storage_class != old.storage_class else None
        if what:
            done[what][id] = old.size
    return dict(done)


def done_by_events(events: list[Json], bucket: Bucket) -> Done:
    """The same as `advance` tells it. Of uploads an inventory tells nothing."""
    done: Done = defaultdict(dict)
    for each in events:
        if each["bucket"] != bucket.name or each["action"] == "abort_upload":
            continue
        done[told(each)][each["key"], each["id"]] = each["bytes"]
    return dict(done)


def told(event: Json) -> str:
    if event["action"] == "transition":
        return str(event["storage_class"])
    if event["kind"] == ItemKind.DELETE_MARKER.value:
        return "markers_removed"
    hides = event["action"] == "delete_marker" and event["id"] != "null"
    return "delete_markers" if hides else "deleted"


def in_all(sizes: Mapping[Id, int]) -> Json:
    return {"objects": len(sizes), "bytes": sum(sizes.values())}
