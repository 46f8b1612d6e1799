"""How long do Firnline, cfn-lint and Cloud Custodian take on the same 1,000 rules in 100 files?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.figure import processor_seconds, seconds
from benchmarks.peers import cfn_lint, custodian
from benchmarks.peers.answers import NoAnswer
from benchmarks.peers.cases import Case
from benchmarks.peers.cloudformation import template
from firnline.pipeline import compile_files
from firnline.targets.formats.rules_s3_json import to_s3_json

FILES: Final = 100
RULES_PER_FILE: Final = 10
ROUNDS: Final = 7
FIRNLINE: Final = "Firnline"
_PROGRAM: Final = str(Path(sys.executable).with_name("firnline"))
_NO_BYTECODE: Final = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: medians of all rounds. A ratio: the median of those to Firnline in one round."""

    processor: float
    wall: float
    processor_ratio: float
    wall_ratio: float


@dataclass(frozen=True, slots=True)
class Timing:
    measured: str
    tools: Mapping[str, Spent]


def measure(programs: Path, folder: Path) -> Timing:
    """Each tool is started in turn, once for all files. Raises `NoAnswer`."""
    commands = _commands(programs, folder)
    for command in commands.values():  # writes bytecode, fills caches
        run(command)
    rounds = [{tool: _spent(command) for tool, command in commands.items()} for _ in range(ROUNDS)]
    return Timing(datetime.now(UTC).date().isoformat(), summary(rounds))


def summary(rounds: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, Spent]:
    """`rounds`: processor and wall seconds by tool."""

    def middle(tool: str, which: int, *, ratio: bool) -> float:
        return median(
            each[tool][which] / (each[FIRNLINE][which] if ratio else 1.0) for each in rounds
        )

    return {
        tool: Spent(
            middle(tool, 0, ratio=False),
            middle(tool, 1, ratio=False),
            middle(tool, 0, ratio=True),
            middle(tool, 1, ratio=True),
        )
        for tool in rounds[0]
    }


def policies() -> dict[str, bytes]:
    """For one bucket each, without versions: each retention is a rule, the uploads are another."""
    return {
        f"policies/p{number}.yaml": (
            f"firnline: policy/v1\npolicy: p{number}\nowner: lab\nwhy: a benchmark\n"
            f"applies_to: [{{account: lab, buckets: bucket-{number}}}]\n"
            "versioning: off\nuploads: {abort_after: 7d}\nretain:\n"
            + "".join(
                f"  team-{each}:\n    prefix: teams/{each}/\n    warm_after: 30d\n"
                "    cold_after: 90d\n    delete_after: 365d\n"
                for each in range(RULES_PER_FILE - 1)
            )
        ).encode()
        for number in range(FILES)
    }


def configurations(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The rules that S3 gets for each bucket, and that the peers check."""
    compilation = compile_files(files)
    assert not compilation.failed, compilation.diagnostics
    compiled: dict[str, dict[str, Any]] = json.loads(to_s3_json(compilation))
    return [{"Rules": each["Rules"]} for each in compiled.values()]


def _commands(programs: Path, folder: Path) -> dict[str, list[str]]:
    files = policies()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    templates, c7n_policies = [], []
    for number, config in enumerate(configurations(files)):
        case = Case(str(number), "accept", config)
        templates.append(_written(folder / f"{number}.template.json", template(case)))
        policy = custodian.policy(number, case)
        c7n_policies.append(_written(folder / f"{number}.policy.json", policy))
    return {
        FIRNLINE: [_PROGRAM, "check", str(folder / "policies")],
        cfn_lint.NAME: [
            *(str(programs / "cfn-lint"), "--regions", "us-east-1", "--non-zero-exit-code"),
            *("error", "--", *templates),
        ],
        custodian.NAME: [str(programs / "custodian"), "validate", *c7n_policies],
    }


def _written(path: Path, document: object) -> str:
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return str(path)


def _spent(command: Sequence[str]) -> tuple[float, float]:
    """In processor time and by the clock, of one run."""
    wall = 0.0

    def timed() -> None:
        nonlocal wall
        wall = seconds(partial(run, command))

    return processor_seconds(timed), wall


def run(command: Sequence[str]) -> None:
    """It has nothing against the rules: whoever refuses a file may be done with it sooner."""
    environment = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-2000:]
        raise NoAnswer(f"{Path(command[0]).name} ended with {done.returncode}: {said}")
