"""What is measured over an inventory, each for a process of its own: KERNEL MANIFEST.

Prints as JSON what it found, its seconds of a processor and of the clock, and the bytes that were
resident at most. Opening the inventory, which verifies its files, is not in the seconds.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.figure import processor_seconds
from benchmarks.inventory_data import MADE
from benchmarks.listings import RULES
from firnline.inventory.facts.alike import groups_in
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.summarised import summarised
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import StoredUnder, outlook
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.inventory.summary.cut import cut_for
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Versioning

_MONTHS = 12
_TEXTS = (Column.KEY, Column.STORAGE_CLASS, Column.VERSION_ID)
_READ = (Column.KEY, Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)
_OF_VERSIONS = (Column.VERSION_ID, Column.IS_LATEST, Column.IS_DELETE_MARKER)
_NEWEST_KEPT = {
    "Rules": [
        rule | {"NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 1}}
        for rule in RULES["Rules"]
    ]
}


def floor(facts: Facts) -> int:
    """The engine alone reads the columns that the others need."""
    columns = _READ + (_OF_VERSIONS if facts.all_versions else ())
    read = (f"sum(strlen({each}))" if each in _TEXTS else f"max({each})" for each in columns)
    (row,) = facts.query(f"select count(*) as rows, {', '.join(read)} from objects", columns)
    rows: int = row.to_pylist()[0]["rows"]
    return rows


def forecast(facts: Facts) -> int:
    """From the files to the dollars of a year; yields how many objects were counted."""
    return _forecast(facts, read_configuration(RULES))


def forecast_newest_kept(facts: Facts) -> int:
    """The same under rules by which the newest noncurrent version of a key is kept."""
    return _forecast(facts, read_configuration(_NEWEST_KEPT))


def _forecast(facts: Facts, rules: RuleSet) -> int:
    versioning = Versioning.ENABLED if facts.all_versions else Versioning.OFF
    batch = Batch(rules, BucketState(versioning))
    groups = list(groups_in(facts, cuts([rules], is_suspended=False), batch, MADE))
    outlook([StoredUnder(batch, groups)], starts(MADE, _MONTHS), US_EAST_1)
    return sum(stored.volume.objects for group in groups for stored in group)


def summary(facts: Facts) -> int:
    """What `firnline inventory summary` makes of it; yields how many objects it counts."""
    cut = cut_for(
        [read_configuration(RULES)],
        (),
        is_suspended=False,
        all_versions=facts.all_versions,
        tags_known=False,
    )
    return sum(row.objects for row in summarised(facts, cut).rows)


KERNELS: dict[str, Callable[[Facts], int]] = {
    kernel.__name__.replace("_", "-"): kernel
    for kernel in (floor, forecast, forecast_newest_kept, summary)
}


def main(name: str, manifest: str) -> None:
    found: dict[str, Any] = {}
    with open_inventory([OnDisk(Path(manifest))]) as facts:
        began = time.perf_counter()
        found["processor"] = processor_seconds(lambda: found.update(counted=KERNELS[name](facts)))
        found["seconds"] = time.perf_counter() - began
    # Not `ru_maxrss`, in which a process also finds what the one had that started it.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps(found | {"bytes": int(peak) * 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
