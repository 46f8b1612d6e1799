"""The references files in the examples of these kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from firnline.diagnostics.kinds import Example
from firnline.reach.location import Location, LocationKind
from firnline.reach.reference_file import to_lines
from firnline.reach.reference_lines import Line
from firnline.reach.references import Reference, Strength
from firnline.reach.source import Certificate

REFERENCES: Final = "references.jsonl"
_NEW: Final = datetime(2026, 11, 20, 6, tzinfo=UTC)
_OLD: Final = datetime(2026, 10, 2, 6, tzinfo=UTC)
_TIMEOUT: Final = "page 3 of registered models timed out: read it again"


def references_of(example: Example) -> list[str] | None:
    """The lines of its references file; None of another example."""
    if not isinstance(example, Mapping) or REFERENCES not in example:
        return None
    return example[REFERENCES].splitlines(keepends=True)


def beside(policy: str, references: str) -> dict[str, str]:
    return {"policy.yaml": policy, REFERENCES: references}


def example_file(
    strength: Strength = Strength.PIN,
    because: tuple[str, ...] = ("model churn v14", "alias champion"),
    key: str = "models/churn/14",
    made: datetime = _NEW,
    problems: tuple[str, ...] = (),
) -> str:
    needed = Reference(Location("lab-data", LocationKind.DIR, key), strength, because)
    return "".join(to_lines(made, _answer(needed, made, problems)))


def old_file() -> str:
    return example_file(made=_OLD)


def cut_file() -> str:
    return example_file(problems=(_TIMEOUT,))


def _answer(
    needed: Reference, made: datetime, problems: tuple[str, ...]
) -> Iterable[tuple[str, str, Line]]:
    certificate = Certificate(
        made, made, 1, 1, independent_count=1, counted_by="SQL", problems=problems
    )
    return (("prod-mlflow", "mlflow", needed), ("prod-mlflow", "mlflow", certificate))
