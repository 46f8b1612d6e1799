"""What does a change of one bucket's rules save? Asked of `firnline forecast`, in a process of its
own: whatever happens in there, and however long it takes, the deployment goes on.
"""

from __future__ import annotations

import glob
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from firnline.atomic_file import write_file
from firnline.inventory.manifest import is_manifest, read_manifest
from firnline.inventory.savings.entry import MONTHS, Change, Forecast, Side
from firnline.s3.shape import to_s3

_FILES = ("before.json", "after.json")
_S3 = "s3://"
_MANIFEST, _CHECKSUM = "manifest.json", "manifest.checksum"
_SUMMARY = ".parquet"
_OURS = "firnline forecast: "


class NoForecast(Exception):
    """The text is why."""


class Facts(NamedTuple):
    """An inventory, or a summary of one, and when it was made, where that is told on disk."""

    path: str
    made: datetime | None = None


def facts_of(change: Change, pattern: str) -> Facts:
    """The newest that fit: S3 Inventory names the folder of each manifest by its time. Raises
    `NoForecast`.
    """
    in_s3 = pattern.startswith(_S3)
    named = pattern
    for name, value in (
        ("{bucket}", change.bucket),
        ("{account}", change.account),
        ("{region}", change.region),
    ):
        named = named.replace(name, value if in_s3 else glob.escape(value))
    if in_s3:
        return Facts(named)
    found = [Path(path) for path in glob.glob(named)]
    if not found:
        raise NoForecast(f"no inventory lies at {named}")
    whole = [path for path in found if _is_whole(path)]
    if not whole:
        raise NoForecast(f"the inventory at {named} is not finished: it has no {_CHECKSUM}")
    path = max(whole, key=lambda path: (path.parent.name, path))
    return Facts(str(path), _made(path))


def forecast(change: Change, facts: Facts, seconds: float) -> Forecast:
    """Raises `NoForecast`."""
    if seconds <= 0:
        raise NoForecast("there was no time left for it")
    with TemporaryDirectory(prefix="firnline-") as folder:
        files = [Path(folder, name) for name in _FILES]
        # With its name, so that facts of another bucket are refused.
        key = f"{change.account}/{change.region}/{change.bucket}"
        for path, rules in zip(files, (change.before, change.after), strict=True):
            write_file(path, json.dumps({key: to_s3(rules)}).encode())
        told = _told(_command(change, facts, files), seconds)
    return _forecast(json.loads(told))


def _is_whole(path: Path) -> bool:
    return path.name != _MANIFEST or path.with_name(_CHECKSUM).is_file()


def _made(path: Path) -> datetime | None:
    if path.name != _MANIFEST:
        return None
    try:
        document = json.loads(path.read_bytes())
        return read_manifest(document).made if is_manifest(document) else None
    except (OSError, ValueError) as problem:
        raise NoForecast(f"{path}: {problem}") from None


def _command(change: Change, facts: Facts, files: Sequence[Path]) -> list[str]:
    return [
        # -P: no module of the program's folder in place of one of Python's.
        *(sys.executable, "-P", "-m", "firnline", "forecast", *map(str, files)),
        *("--summary" if facts.path.endswith(_SUMMARY) else "--inventory", facts.path),
        *("--bucket", change.bucket),
        *("--as-of", change.at.isoformat()),
        *("--months", str(MONTHS)),
        *("--versioning", change.versioning.value),
        *("--out", "json"),
    ]


def _told(command: Sequence[str], seconds: float) -> str:
    try:
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoForecast(f"it took more than {seconds:.0f} s") from None
    except OSError as problem:
        raise NoForecast(f"`firnline forecast` cannot be started: {problem}") from None
    if ran.returncode != 0:
        raise NoForecast(_reason(ran.stderr) or f"`firnline forecast` ended with {ran.returncode}")
    return ran.stdout


def _reason(told: str) -> str | None:
    """Findings may come before it."""
    lines = [line for line in told.splitlines() if line.strip()]
    ours = [line.removeprefix(_OURS) for line in lines if line.startswith(_OURS)]
    return next(iter(ours or lines), None)


def _forecast(told: Mapping[str, Any]) -> Forecast:
    if not told["exact"]:
        last = told["months"][-1]["saved_usd"]
        raise NoForecast(
            "the facts leave open what the rules do to some objects: in month"
            f" {len(told['months'])} it saves {_bounds(last)}"
        )
    before, after = (_side(told["months"], name) for name in ("before", "after"))
    return Forecast(told["prices_of"][0]["published"], before, after)


def _side(months: Sequence[Mapping[str, Any]], name: str) -> Side:
    classes = dict.fromkeys(into for month in months for into in month[name]["bytes"])
    return Side(
        {into: tuple(month[name]["bytes"].get(into, 0) for month in months) for into in classes},
        tuple(month[name]["usd"]["total"] for month in months),
    )


def _bounds(amount: float | Mapping[str, float]) -> str:
    if not isinstance(amount, Mapping):
        return f"${amount:,.2f}"
    return f"${amount['at_least']:,.2f} to ${amount['at_most']:,.2f}"
