"""`firnline compile`: the rules of each bucket; reads files only, never the network."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from firnline.cli.bucket_rules import compiled_bucket
from firnline.cli.checks import CHECKS
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer, FormatName
from firnline.cli.out import add_out, outputs, write_out
from firnline.cli.paths import add_paths, read_on
from firnline.cli.streams import columns, day, say, say_diagnostics, write
from firnline.diagnostics.kinds import Severity, in_order
from firnline.language.check import Known
from firnline.pipeline import Compilation, compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.coverage import NO_FLEET, programs_of
from firnline.workspace import project_around, read_paths

SUMMARY = "the rules of each bucket: in words, or as S3, Terraform or CloudFormation take them"


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser, "- reads one policy from stdin")
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=day,
        help="use the limits that S3 had on this day (default: the newest known)",
    )
    parser.add_argument(
        "--proof",
        action="store_true",
        help="say what was proved and what is assumed, even if output is not a terminal",
    )
    parser.add_argument(
        "--bucket",
        metavar="NAME",
        help="only this bucket; `--out s3-json` then prints what"
        " `aws s3api put-bucket-lifecycle-configuration` takes",
    )
    add_out(parser, Answer.RULES)


def run(arguments: argparse.Namespace) -> int:
    known = Known(project_around(arguments.paths), as_of=arguments.as_of)
    compilation = compile_files(read_paths(arguments.paths, read_on), known, CHECKS)
    if any(each.severity is Severity.GATE for each in compilation.diagnostics):
        from firnline.cli.standing_gates import with_standing_gates  # slow to import

        found = with_standing_gates(compilation, known.project)
        compilation = replace(compilation, diagnostics=found)
    if compilation.diagnostics:
        say_diagnostics(compilation.diagnostics, arguments.color, arguments.paths)
    if compilation.failed:
        say("nothing was compiled")
        return 1
    if compilation.folder.fleet is None:
        say(f"no fleet file: rule IDs carry the namespace `{NO_FLEET}`")
    if arguments.bucket:
        try:
            compilation = replace(
                compilation, buckets=(compiled_bucket(compilation, arguments.bucket),)
            )
        except CommandFailed as problem:
            say(f"firnline compile: {problem}")
            return problem.code
    if not compilation.buckets:
        say("no bucket is known by name: write exact names, or run `firnline resolve`")
    if left_out := _left_out(compilation, arguments):
        say(f"firnline compile: {left_out}")
        return 2
    if arguments.proof or sys.stderr.isatty():
        _say_proof(compilation)
    refused = in_order(
        each
        for format, _ in outputs(Answer.RULES, arguments)
        for each in format.refuses(compilation)
    )
    if refused:
        say_diagnostics(refused, arguments.color, arguments.paths)
        say("nothing was written")
        return 1
    if arguments.bucket:
        _write_one(compilation, arguments)
    else:
        write_out(compilation, Answer.RULES, arguments)
    return 0


def _left_out(compilation: Compilation, arguments: argparse.Namespace) -> str | None:
    """Why a format that others apply cannot be written: a bucket that it lacks loses its rules."""
    formats = [format.name for format, _ in outputs(Answer.RULES, arguments) if format.is_applied]
    patterns = {
        bucket.key
        for program in programs_of(compilation.folder)
        for bucket in program.buckets
        if "*" in bucket.name
    }
    if not formats or arguments.bucket or (compilation.buckets and not patterns):
        return None
    missing = f"`{min(patterns)}` is a pattern" if patterns else "none is known"
    return (
        f"--out {formats[0]} takes every bucket by its name, and {missing}: write exact names, or"
        " run `firnline resolve` first; applying a file without a bucket would remove its rules"
    )


def _write_one(compilation: Compilation, arguments: argparse.Namespace) -> None:
    """The rules of one bucket; for the AWS CLI without what it takes as an option of its own."""
    for format, file in outputs(Answer.RULES, arguments):
        if format.name is not FormatName.S3_JSON:
            write(format.render(compilation, colour=False, columns=columns()), file)
            continue
        from firnline.targets.formats.rules_s3_json import to_one_configuration

        (only,) = compilation.buckets
        write(to_one_configuration(only), file)
        say(_put_with(only, file))


def _put_with(only: BucketRules, file: str | None) -> str:
    name = only.bucket.name
    return (
        "it replaces every rule that the bucket has, by\n"
        f"  aws s3api put-bucket-lifecycle-configuration --bucket {name} \\\n"
        f"    --transition-default-minimum-object-size {only.rules.minimum_size.value} \\\n"
        f"    --lifecycle-configuration file://{file or 'FILE'}"
    )


def _say_proof(compilation: Compilation) -> None:
    """Says what was proved, how much was compared, and under which assumptions."""
    from firnline.rules.prove.assumptions import assumptions

    proofs = {id(each.proof): each.proof for each in compilation.buckets if each.proof}
    programs = {id(each.program): each.program for each in compilation.buckets if each.program}
    buckets = sum(each.proof is not None for each in compilation.buckets)
    cells = sum(proof.cells for proof in proofs.values())
    say(
        f"proved for {buckets:,} {'bucket' if buckets == 1 else 'buckets'}, in {cells:,} cells: the"
        " rules do to every possible key,\ntag and size, from every storage class and age, what the"
        " policies require, and nothing else.\nAssumed:"
    )
    for sentence in assumptions(programs.values()):
        say(f"  - {sentence}")
    say("")
