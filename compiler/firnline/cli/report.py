"""`firnline report`: what is stored, what it costs, and what the policies do with it, and when."""

from __future__ import annotations

import argparse
import logging
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module

from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.forecast_settings import add_versioning, add_when_and_where, settings_of
from firnline.cli.formats import Answer
from firnline.cli.growth_from import read_growth
from firnline.cli.inventory_source import InventorySource
from firnline.cli.item_options import now
from firnline.cli.known_buckets import Coming, known_buckets
from firnline.cli.needed import needed, unneeded
from firnline.cli.out import add_out, outputs, write_out
from firnline.cli.output_format import FormatName
from firnline.cli.paths import OF_THE_PROJECT, Unnamed
from firnline.cli.report_base import sides
from firnline.cli.report_reads import with_reads
from firnline.cli.reporting import Reported, reported
from firnline.cli.samples import KeptOpen
from firnline.cli.snapshots import snapshot_of_policies
from firnline.cli.stored import add_stored, files_in, read_stored, refuse_other_bucket
from firnline.cli.streams import say, say_diagnostics
from firnline.inventory.prices.price_list import NoPrice
from firnline.pipeline import compile_files
from firnline.targets.report.model import Report
from firnline.workspace import read_paths, refuse_empty

SUMMARY = "what is stored, what it costs, what is deleted when, and who must be asked"
EPILOG = """\
one page to send:       firnline report --summary stored.parquet --out html:report.html
of an inventory:        firnline report --inventory s3://my-inventories/daily --max-age 2d
for a spreadsheet:      firnline report --inventory manifest.json --out csv:report.csv
and what nobody needs:  firnline report --summary stored.parquet --audit audit.json
against what is live:   firnline report --summary stored.parquet --base live

What policies save is compared with no rules at all, or with those of --base, which takes what
`firnline diff` takes: live, a folder of policies, a lifecycle file, git:REV.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "policies",
        metavar="PATH",
        nargs="?",
        default=Unnamed.POLICIES,
        help=f"the policies, and who owns them (default: {OF_THE_PROJECT})",
    )
    parser.add_argument(
        "--base",
        metavar="SNAPSHOT",
        help="compare with these rules: live, a folder or file of policies, a lifecycle file,"
        " git:REV, or auto for where this branch left the one that it is merged into; none for no"
        " rules (the default)",
    )
    stored = parser.add_argument_group("what is stored, as for `firnline forecast`")
    add_stored(stored)
    stored.add_argument(
        "--bucket", metavar="NAME", help="the bucket that a listing or --ingest is of"
    )
    add_versioning(stored)
    stored.add_argument(
        "--reads",
        metavar="PATH",
        help="what was read and when, as `firnline inventory reads --into` saves it, or the folder"
        " of S3's logs: when each prefix was read last",
    )
    registries = parser.add_argument_group("what registries need")
    registries.add_argument(
        "--references",
        metavar="FILE",
        help="what `firnline gc refs --out` wrote: what policies do to what registries need",
    )
    registries.add_argument(
        "--audit",
        metavar="FILE",
        help="what `firnline gc audit --out json:FILE` wrote: what nobody needs, by reason",
    )
    add_when_and_where(parser.add_argument_group("when and where"))
    add_out(parser, Answer.REPORT)


def run(arguments: argparse.Namespace) -> int:
    try:
        _require_charts(arguments)
        found = _report(arguments)
    except (CommandFailed, NoPrice) as why:
        say(f"firnline report: {why}")
        return code_of(why)
    if found is None:
        return 1
    write_out(found, Answer.REPORT, arguments)
    return 0


def _require_charts(arguments: argparse.Namespace) -> None:
    """Before anything large is read. Raises `CommandFailed`."""
    if all(format.name is not FormatName.HTML for format, _ in outputs(Answer.REPORT, arguments)):
        return
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        import_module("firnline.targets.charts.cost")
    except ModuleNotFoundError as missing:
        raise CommandFailed(
            f"charts are drawn by {missing.name}: pip install 'firnline[report]'"
        ) from None


def _report(arguments: argparse.Namespace) -> Report | None:
    """None where policies have errors, which were told. Raises `CommandFailed`, `NoPrice`."""
    settings = settings_of(arguments)
    if not (files_in(arguments) or arguments.ingest):
        raise CommandFailed(
            "say what is stored: --inventory PATH, --summary PATH or --cloudwatch FILE; or what is"
            " written every month, such as --ingest checkpoints/=500GiB/month"
        )
    files = read_paths([arguments.policies])
    refuse_empty(files)
    read = snapshot_of_policies(compile_files(files))
    if read.compilation is None:
        say_diagnostics(read.diagnostics, arguments.color, [arguments.policies])
        return None
    source = InventorySource(arguments.account, arguments.policies)
    stored = list(read_stored(arguments, settings.as_of, source))
    if not arguments.ingest:
        refuse_other_bucket(stored, arguments.bucket)
    growth = read_growth(arguments.growth_from, source)
    coming = Coming(arguments.ingest, growth, arguments.bucket)
    with ExitStack() as opened:
        for each in stored:
            if isinstance(each, KeptOpen):
                opened.enter_context(each.kept_open())
        before, after, base = sides(
            arguments.base, arguments.policies, read, stored, arguments.bucket, now()
        )
        buckets = known_buckets(before, after, stored, coming)
        given = Reported(arguments.policies, read.compilation, buckets, stored, coming, settings)
        found = replace(reported(given), base=base)
        if references := arguments.references:
            today = settings.as_of.date()
            found = replace(found, needed=needed(read.compilation, buckets, references, today))
    if arguments.reads:
        found = with_reads(found, arguments.reads)
    return replace(found, unneeded=unneeded(arguments.audit)) if arguments.audit else found
