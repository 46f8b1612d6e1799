"""Cloud Custodian: `custodian validate`, on policies with `configure-lifecycle`."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from benchmarks.peers.answers import SILENT, Answer, NoAnswer, cannot, refuses
from benchmarks.peers.cases import Case, in_iso

NAME: Final = "c7n"
_LOGGED: Final = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+: \S+:(\w+) ", re.MULTILINE)
_VERDICT: Final = re.compile(r"Configuration (valid|invalid): (\S+)")


def ask(cases: Sequence[Case], programs: Path, folder: Path) -> dict[str, Answer]:
    """One run for all; where a file ends it with a traceback, another one for what is left."""
    answers: dict[str, Answer] = {}
    ids: dict[str, str] = {}
    for number, case in enumerate(cases):
        if why := _not_writable(case):
            answers[case.id] = cannot(why)
            continue
        path = folder / f"{number}.policy.json"
        text = json.dumps(policy(number, case), indent=1, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        ids[str(path)] = case.id
    left = list(ids)
    while left:
        found, trace = _run(programs, left)
        answers |= {ids[path]: answer for path, answer in found.items()}
        left = left[len(found) :]
        if left:
            answers[ids[left.pop(0)]] = refuses(f"ends with a traceback: {trace}")
    return answers


def _not_writable(case: Case) -> str | None:
    if case.as_of:
        return "c7n has no option for the date"
    if case.partition != "aws":
        return "`custodian validate` has no option for the region of the bucket"
    if case.header:
        return "c7n never sends the header"
    if case.directory or "mfa_delete" in case.bucket:
        return "`custodian validate` has no option for the bucket"
    if not isinstance(case.config, dict):
        return "a policy holds rules, not the configuration around them"
    return None


def policy(number: int, case: Case) -> dict[str, Any]:
    config = in_iso(case.config)
    action = {"rules" if name == "Rules" else name: value for name, value in config.items()}
    return {
        "policies": [
            {
                "name": f"case-{number}",
                "resource": "aws.s3",
                "actions": [{"type": "configure-lifecycle", **action}],
            }
        ]
    }


def _run(programs: Path, paths: Sequence[str]) -> tuple[dict[str, Answer], str]:
    """What is said of each file up to where it ended, and its last line."""
    command = [str(programs / "custodian"), "validate", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    starts = [match.start() for match in _LOGGED.finditer(done.stderr)]
    entries = [
        _LOGGED.sub("", done.stderr[start:end])
        for start, end in pairwise([*starts, len(done.stderr)])
    ]
    answers: dict[str, Answer] = {}
    current = ""
    said: dict[str, list[str]] = {}
    for entry in entries:
        if verdict := _VERDICT.match(entry):
            current = verdict[2]
            if verdict[1] == "valid":
                answers[current] = SILENT
            else:
                said[current] = []
        elif current in said:
            said[current].append(_words(entry))
    answers |= {path: refuses(*filter(None, words)) for path, words in said.items()}
    if {*answers} != {*paths[: len(answers)]}:
        raise NoAnswer(f"c7n answered out of turn: {done.stderr[-2000:]}")
    lines = done.stderr.strip().splitlines()
    return answers, lines[-1] if lines else f"exit code {done.returncode}"


def _words(entry: str) -> str:
    """The line of jsonschema's output that says what is wrong; the second error is a name."""
    lines = [line.strip() for line in entry.strip().splitlines()]
    if lines and lines[0].startswith("Error on policy"):
        return lines[1]
    return "" if lines == ["unknown"] else " ".join(lines)
