"""References files for tests of commands, as `firnline gc refs --out` writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from firnline.reach.location import Location, LocationKind
from firnline.reach.reference_file import to_lines
from firnline.reach.reference_lines import Line
from firnline.reach.references import Reference, Strength
from firnline.reach.source import Certificate

MADE = datetime(2026, 11, 20, 6, tzinfo=UTC)


def needed(
    key: str,
    *because: str,
    strength: Strength = Strength.PIN,
    kind: LocationKind = LocationKind.DIR,
    bucket: str = "lab-data",
) -> Reference:
    return Reference(Location(bucket, kind, key), strength, because or (f"model {key}",))


def certificate(
    count: int,
    independent: int | None = None,
    problems: tuple[str, ...] = (),
    made: datetime = MADE,
) -> Certificate:
    counted = count if independent is None else independent
    return Certificate(made, made, 1, count, counted, "SQL", problems=problems)


def write_references(
    path: Path,
    found: Iterable[Line],
    made: datetime = MADE,
    last: Certificate | None = None,
    registry: str = "prod-mlflow",
) -> Path:
    lines = list(found)
    ends = last or certificate(len(lines), made=made)
    answer = [(registry, "mlflow", each) for each in (*lines, ends)]
    path.write_text("".join(to_lines(made, answer)), encoding="utf-8")
    return path
