"""What was answered, by tool and case, as it is kept in results.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.peers import cfn_lint, custodian, moto, ours
from benchmarks.peers.answers import Answer
from benchmarks.peers.cases import Case
from benchmarks.peers.timing import Spent, Timing

FILE: Final = Path(__file__).with_name("results.json")
TOOLS: Final = (ours.LAW, ours.CHECK, cfn_lint.NAME, custodian.NAME, moto.NAME)
PEERS: Final = (cfn_lint.NAME, custodian.NAME, moto.NAME)
# moto gives one text to everything that it refuses.
_TELL_WHY: Final = (cfn_lint.NAME, custodian.NAME)


@dataclass(frozen=True, slots=True)
class Row:
    """What S3 does with a case, and what each tool says."""

    s3: str
    topic: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Results:
    measured: str
    versions: Mapping[str, str]
    curated: Mapping[str, Row]
    conformance: Mapping[str, Row]
    timing: Timing

    def for_wrong_reason(self, row: Row, tool: str) -> bool:
        """All that it says, it also says of some configuration that S3 takes."""
        if tool not in _TELL_WHY or row.answers[tool].verdict not in ("refuses", "warns"):
            return False
        return {*row.answers[tool].said} <= self._said_of_accepted(tool)

    def _said_of_accepted(self, tool: str) -> set[str]:
        accepted = [row for row in self.conformance.values() if row.s3 == "accept"]
        answers = [row.answers[tool] for row in accepted]
        return {each for answer in answers if answer.verdict != "n/a" for each in answer.said}


def with_ours(results: Results, cases: Iterable[Case]) -> Results:
    """The same with Firnline's answers of today; those of the peers stay.

    `cases`: at least those of the results. Raises `KeyError`.
    """
    known = {case.id: case for case in cases}
    asked = [known[id] for id in (*results.curated, *results.conformance)]
    today = {ours.LAW: ours.ask_law(asked), ours.CHECK: ours.ask_check(asked)}

    def renewed(group: Mapping[str, Row]) -> dict[str, Row]:
        return {
            id: replace(row, answers={**row.answers, **{tool: today[tool][id] for tool in today}})
            for id, row in group.items()
        }

    return replace(
        results, curated=renewed(results.curated), conformance=renewed(results.conformance)
    )


def rows(cases: tuple[Case, ...], answers: Mapping[str, Mapping[str, Answer]]) -> dict[str, Row]:
    """`answers`: by tool, then by case."""
    return {
        case.id: Row(case.expected, case.topic, {tool: answers[tool][case.id] for tool in answers})
        for case in cases
    }


def write(results: Results, file: Path = FILE) -> None:
    """One case on a line, so that a diff shows which changed."""
    groups = {"curated": results.curated, "conformance": results.conformance}
    parts = [
        f'"measured": {json.dumps(results.measured)}',
        f'"versions": {json.dumps(results.versions)}',
        f'"timing": {json.dumps(asdict(results.timing))}',
        *(
            f'"{name}": {{\n' + ",\n".join(_line(id, row) for id, row in group.items()) + "\n}"
            for name, group in groups.items()
        ),
    ]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def read(file: Path = FILE) -> Results:
    data = json.loads(file.read_text(encoding="utf-8"))
    timing = data["timing"]
    return Results(
        data["measured"],
        data["versions"],
        _rows(data["curated"]),
        _rows(data["conformance"]),
        Timing(
            timing["measured"],
            {tool: Spent(**spent) for tool, spent in timing["tools"].items()},
        ),
    )


def _line(id: str, row: Row) -> str:
    answers = {tool: [each.verdict, *each.said] for tool, each in row.answers.items()}
    inside = json.dumps({"s3": row.s3, "topic": row.topic, **answers}, ensure_ascii=False)
    return f"{json.dumps(id, ensure_ascii=False)}: {inside}"


def _rows(group: Mapping[str, Any]) -> dict[str, Row]:
    return {
        id: Row(
            each["s3"],
            each["topic"],
            {tool: Answer(each[tool][0], tuple(each[tool][1:])) for tool in TOOLS},
        )
        for id, each in group.items()
    }
