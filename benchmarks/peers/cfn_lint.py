"""cfn-lint, on templates."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.peers.answers import SILENT, Answer, NoAnswer, cannot, refuses, warns
from benchmarks.peers.cases import Case
from benchmarks.peers.cloudformation import NotWritable, template

NAME: Final = "cfn-lint"
_REGION: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
# cfn-lint's own: errors 2, warnings 4, remarks 8, added up.
_FINE_EXITS: Final = range(16)


def ask(cases: Sequence[Case], programs: Path, folder: Path) -> dict[str, Answer]:
    """One run for each partition, all templates in it, as `cfn-lint` is run on a repository."""
    answers: dict[str, Answer] = {}
    files: dict[str, dict[str, str]] = {}
    for number, case in enumerate(cases):
        if case.as_of:
            answers[case.id] = cannot("cfn-lint has no option for the date")
            continue
        try:
            text = json.dumps(template(case), indent=1, ensure_ascii=False)
        except NotWritable as why:
            answers[case.id] = cannot(str(why))
            continue
        path = folder / f"{number}.template.json"
        path.write_text(text, encoding="utf-8")
        files.setdefault(_REGION[case.partition], {})[str(path)] = case.id
    for region, ids in files.items():
        answers |= _run(programs, region, ids)
    return answers


def _run(programs: Path, region: str, ids: dict[str, str]) -> dict[str, Answer]:
    """`ids`: of the case, by the file it is in."""
    command = [str(programs / "cfn-lint"), "--format", "json", "--regions", region, "--", *ids]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in _FINE_EXITS or not done.stdout.strip():
        raise NoAnswer(f"cfn-lint ended with {done.returncode}: {done.stderr[-2000:]}")
    said: dict[str, dict[str, list[str]]] = {id: {} for id in ids.values()}
    for match in json.loads(done.stdout):
        words = f"{match['Rule']['Id']} {match['Message']}"
        said[ids[match["Filename"]]].setdefault(match["Level"], []).append(words)
    return {id: _answer(levels) for id, levels in said.items()}


def _answer(levels: dict[str, list[str]]) -> Answer:
    if errors := levels.get("Error"):
        return refuses(*errors)
    if warnings := levels.get("Warning"):
        return warns(*warnings)
    return SILENT
