"""`firnline conformance FILE…`: cases of S3's behaviour, compared with what Firnline says."""

from __future__ import annotations

import argparse
import json
from typing import Any

from firnline.cli.formats import Answer
from firnline.cli.out import add_out, write_out
from firnline.cli.streams import say
from firnline.s3.conformance.fields import NotACase
from firnline.s3.conformance.outcome import Results
from firnline.s3.conformance.run import run_cases

SUMMARY = "cases of what S3 does, against what Firnline says it does"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help="JSON files of cases, of either kind"
    )
    add_out(parser, Answer.CONFORMANCE)


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
    results = Results(by_file)
    write_out(results, Answer.CONFORMANCE, arguments)
    worded = sum(bool(outcome.note) for outcome in results.outcomes if outcome.agrees)
    if worded:
        say(f"{worded} of them but for the wording of the error (see --out json)")
    return 0 if all(outcome.agrees for outcome in results.outcomes) else 1


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
