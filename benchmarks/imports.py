"""`firnline import` of a fleet: 300 buckets with 20 rules each, against `check` of the file."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figure import Figure, processor_seconds
from firnline.cli import main

BUCKETS, RULES, MEANINGS = 300, 20, 30


def measure() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "fleet.json")
        path.write_text(json.dumps(fleet()))
        checked = processor_seconds(lambda: _run("check", str(path)))
        Path(folder, "out").mkdir()
        words = ("--versioning", "enabled", "--policies", folder, "--out", f"{folder}/out")
        spent = processor_seconds(lambda: _run("import", str(path), *words))
        yield Figure(f"import of {BUCKETS} buckets with {RULES} rules each", spent, "s")
        yield Figure("the same, against `check` of the file", spent / checked, "×", 6)
        written = len(list(Path(folder, "out").iterdir()))
        yield Figure(f"policies for {MEANINGS} meanings", written, "")


def fleet() -> dict[str, Any]:
    """The configurations by bucket; those of one meaning have their rules in any order, half of
    them under IDs of their own, and some of them one other duration."""
    chance = random.Random(17)
    found = {}
    for number in range(BUCKETS):
        meaning = number % MEANINGS
        rules = [_rule(meaning, place) for place in range(RULES)]
        if number % 7 == 0:
            rules[0]["Expiration"] = {"Days": 400 + meaning}
        chance.shuffle(rules)
        for place, rule in enumerate(rules):
            rule["ID"] = f"rule-{number if number % 2 else meaning}-{place}"
        found[f"lab/us-east-1/bench-{meaning}-{number}"] = {"Rules": rules}
    return found


def _rule(meaning: int, place: int) -> dict[str, Any]:
    return {
        "Status": "Enabled",
        "Filter": {"Prefix": f"teams/{meaning}-{place}/"},
        "Transitions": [{"Days": 30 + place, "StorageClass": "STANDARD_IA"}],
        "Expiration": {"Days": 200 + place},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30 + place % 3},
    }


def _run(*words: str) -> None:
    with redirect_stdout(TextIOWrapper(BytesIO())), redirect_stderr(TextIOWrapper(BytesIO())):
        assert main(list(words)) == 0
