"""`firnline test`: does S3 do with objects what people rely on? Reads files only."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace

from firnline.cli.checks import CHECKS
from firnline.cli.formats import Answer
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import add_paths, read_on
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.kinds import documented_on
from firnline.diagnostics.visible import visible
from firnline.language.check import Known
from firnline.pipeline import compile_files
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.rules.expected import Outcome, outcomes
from firnline.settings import policies_folder
from firnline.targets.expected import Answered
from firnline.workspace import project_around, read_paths

SUMMARY = "whether S3 does with objects what is expected of it; reads files only"
EPILOG = """\
An expectation is one object, and what S3 has done with it by some age:

  firnline: expectations/v1
  cases:
    resume-a-run:
      key: checkpoints/run-7/step-9000.pt
      size: 5GiB
      expect: {45d: STANDARD_IA, 179d: kept, 180d: deleted}
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_paths(parser, "the policies, and files of expectations")
    add_out(parser, Answer.TESTED)


def run(arguments: argparse.Namespace) -> int:
    known = Known(project_around(arguments.paths))
    compilation = compile_files(read_paths(arguments.paths, read_on), known, CHECKS)
    if compilation.failed:
        say_diagnostics(compilation.diagnostics, arguments.color, arguments.paths)
        say("nothing was tested")
        return 1
    if compilation.folder.cases and not compilation.folder.policies:
        say(_no_policy(arguments.paths, compilation.folder.cases[0].span.path))
        return 2
    if not compilation.folder.cases:
        named = ", ".join(arguments.paths)
        say(
            f"no expectations in {named}: write some in a file that begins with"
            " `firnline: expectations/v1` (see `firnline test --help`)"
        )
        return 2
    buckets = (*compilation.buckets, *rules_of_patterns(compilation.folder))
    found = [each for case in compilation.folder.cases for each in outcomes(case, buckets)]
    tested = Answered(tuple(_documented(each, known.project.docs_url) for each in found))
    write_out(tested, Answer.TESTED, arguments)
    return 1 if tested.failures else 0


def _no_policy(paths: Sequence[str], cases: str) -> str:
    said = f"firnline test: no policy in {', '.join(paths)}, so there are no rules to judge by"
    # Without a path of its own, a command reads the folder of the policies.
    there = policies_folder().path
    if there in map(os.path.normpath, paths):
        return f"{said}: `firnline init` writes a first one"
    return f"{said}: name the policies too, such as `firnline test {there} {visible(cases)}`"


def _documented(outcome: Outcome, docs_url: str | None) -> Outcome:
    if outcome.failure is None:
        return outcome
    (failure,) = documented_on(docs_url, [outcome.failure])
    return replace(outcome, failure=failure)
