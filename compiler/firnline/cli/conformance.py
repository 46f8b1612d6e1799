"""`firnline conformance FILE…`: cases of what S3 does, against what Firnline says."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from firnline.cli.streams import add_out, say, write
from firnline.diagnostics.visible import visible
from firnline.s3.conformance.fields import NotACase
from firnline.s3.conformance.outcome import Outcome, Tally, tally
from firnline.s3.conformance.run import run_cases

SUMMARY = "cases of what S3 does, against what Firnline says it does"
FORMATS = {
    "text": "one line per case that differs",
    "json": "every case, versioned (`firnline schema conformance`)",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help="JSON files of cases, of either kind"
    )
    add_out(parser, FORMATS, default="text")


def run(arguments: argparse.Namespace) -> int:
    by_file = {}
    for path in dict.fromkeys(arguments.paths):
        try:
            by_file[path] = list(run_cases(_read(path)))
        except NotACase as problem:
            say(f"firnline: {path} {problem}")
            return 2
        except OSError as problem:
            say(f"firnline: {path} cannot be read: {problem.strerror}")
            return 2
    everything = [outcome for outcomes in by_file.values() for outcome in outcomes]
    total = tally(everything)
    for format, file in arguments.out or [("text", None)]:
        if format == "json":
            write(_as_json(by_file, total), file)
        else:
            write(_as_text(by_file, total), file)
    worded = sum(bool(outcome.note) for outcome in everything if outcome.agrees)
    if worded:
        say(f"{worded} of them but for the wording of the error (see --out json)")
    return 0 if total.agreeing == total.total else 1


def _read(path: str) -> Any:
    """Raises `NotACase` where it is not JSON."""
    with open(path, "rb") as stream:
        content = stream.read()
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise NotACase(f"is not UTF-8 in line {line}") from None
    except json.JSONDecodeError as problem:
        raise NotACase(
            f"is not JSON: line {problem.lineno}, column {problem.colno}: {problem.msg}"
        ) from None
    except RecursionError:
        raise NotACase("is nested too deeply") from None
    except ValueError as problem:  # a number of thousands of digits
        raise NotACase(f"is not JSON: {problem}") from None


def _as_text(by_file: dict[str, list[Outcome]], total: Tally) -> str:
    many = len(by_file) > 1
    lines = [
        f"{path}: {visible(outcome.text)}" if many else visible(outcome.text)
        for path, outcomes in by_file.items()
        for outcome in outcomes
        if not outcome.agrees
    ]
    return "\n".join([*lines, total.text]) + "\n"


def _as_json(by_file: dict[str, list[Outcome]], total: Tally) -> str:
    shape = {
        "schema_version": 1,
        "agreeing": total.agreeing,
        "total": total.total,
        "by_confidence": {
            name: {"agreeing": some, "total": all_} for name, some, all_ in total.by_confidence
        },
        "cases": [each for path, outcomes in by_file.items() for each in _cases(path, outcomes)],
    }
    return json.dumps(shape, indent=2) + "\n"


def _cases(path: str, outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    return [
        {
            "file": path,
            "id": outcome.id,
            "kind": outcome.kind,
            "confidence": outcome.confidence,
            "agrees": outcome.agrees,
            "expected": outcome.expected or None,
            "found": outcome.found or None,
            "problem": outcome.problem or None,
            "note": outcome.note or None,
        }
        for outcome in outcomes
    ]
