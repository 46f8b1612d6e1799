"""A month of the sandbox under its own policies: what the commands say before it, and what is then
done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from firnline.cli import main
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.pipeline import compile_files
from firnline.s3.shape import to_s3
from firnline.workspace import read_folder
from sandbox import emulator_process
from sandbox.inventory import newest, write_as
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State, read_state
from sandbox.world.accounts import BUCKETS, PROD_US
from tests.sandbox.test_advance import put_rules
from tests.sandbox.test_forecast_comes_true import (
    Id,
    Versions,
    run,
    versions,
    wait_for_a_day_that_lasts,
)

POLICIES = CHECKOUT / "policies"
PRICED = {bucket.name for bucket in BUCKETS if bucket.region == US_EAST_1.region}
"""Those in the region whose prices Firnline knows offline."""
ADVISED = PROD_US.name

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What the commands say of what is stored, under the policies, and under those that `advise`
    proposes for one of the buckets. `page` is the report in HTML; `forecast` is of `PRICED`.
    """

    report: Json
    page: str
    forecast: Json
    schedule: Json
    advice: Json
    schedule_of_advice: Json
    forecast_of_advice: Json


@dataclass(frozen=True, slots=True)
class Month:
    """`events` of its `days`, and what is listed before and after them, by bucket; when versions
    that are listed before were made.
    """

    said: Said
    events: list[Json]
    made: Mapping[str, Mapping[Id, datetime]]
    before: Mapping[str, Versions]
    after: Mapping[str, Versions]

    @property
    def days(self) -> int:
        return days_of(self.said.report)


def days_of(report: Json) -> int:
    """Of the report's first month, which is 28 to 31 days long."""
    first, end = (date.fromisoformat(report["verdict"][name]) for name in ("from", "until"))
    return (end - first).days


@contextmanager
def month_of_the_sandbox(folder: Path) -> Iterator[Month]:
    paths = SandboxPaths(folder)
    wait_for_a_day_that_lasts()
    emulator_process.up(paths)
    state = read_state(paths.state)
    assert state is not None
    try:
        compiled = compile_files(read_folder(POLICIES)).buckets
        rules = {each.bucket.name: to_s3(each.rules)["Rules"] for each in compiled}
        for bucket in BUCKETS:
            put_rules(state, bucket, rules[bucket.name])
        manifests = delivered(state, paths)
        before = {name: versions(path) for name, path in manifests.items()}
        made = {name: moments(path) for name, path in manifests.items()}
        said = what_is_said(folder, manifests)
        words = ("--root", str(folder), "advance", f"{days_of(said.report)}d", "--out", "json")
        advanced = json.loads(run("sandbox", *words))
        after = {name: versions(path) for name, path in delivered(state, paths).items()}
        events = [each for each in advanced["events"] if each["bucket"] in before]
        yield Month(said, events, made, before, after)
    finally:
        emulator_process.down(paths)


def delivered(state: State, paths: SandboxPaths) -> dict[str, Path]:
    """The manifests of inventories of now."""
    write_as(state, "Parquet")
    found = {each.bucket: each.path for each in newest(state, paths)}
    return {bucket.name: found[bucket.name] for bucket in BUCKETS}


def moments(manifest: Path) -> dict[Id, datetime]:
    with open_inventory([OnDisk(manifest)]) as facts:
        batches = facts.batches(Column.KEY, Column.VERSION_ID, Column.LAST_MODIFIED)
        rows = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
    return {(key, id): made for key, id, made in rows}


def inventories(manifests: Iterable[Path]) -> list[str]:
    return [word for path in manifests for word in ("--inventory", str(path))]


def what_is_said(folder: Path, manifests: Mapping[str, Path]) -> Said:
    made = json.loads(manifests[ADVISED].read_text())["creationTimestamp"]
    as_of = "--as-of", datetime.fromtimestamp(int(made) / 1000, UTC).isoformat()
    every = inventories(manifests.values())
    priced = inventories(path for name, path in manifests.items() if name in PRICED)
    one = inventories([manifests[ADVISED]])
    advised = folder / "advised"
    advised.mkdir()

    def answer(*words: str, code: int = 0) -> Json:
        file = folder / "answer.json"
        assert main([*words, "--out", f"json:{file}"]) == code
        found: Json = json.loads(file.read_text())
        return found

    policy = f"text:{advised / 'advised.yaml'}"
    page = folder / "report.html"
    report = answer("report", str(POLICIES), *every, *as_of, "--out", f"html:{page}")
    with chdir(advised):  # where no policies cover the bucket yet
        advice = answer("advise", *one, *as_of, "--owner", "ml-platform", "--out", policy)
    return Said(
        report=report,
        page=page.read_text(),
        forecast=answer("forecast", str(POLICIES), *priced, *as_of),
        schedule=answer("schedule", str(POLICIES)),
        advice=advice,
        schedule_of_advice=answer("schedule", str(advised)),
        forecast_of_advice=answer("forecast", str(advised), *one, *as_of),
    )
