"""`firnline gc audit`: what buckets store that no registry needs, whose it is, what it costs."""

from __future__ import annotations

import argparse

from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.formats import Answer, FormatName
from firnline.cli.gc_extra import need_extra
from firnline.cli.option_types import path
from firnline.cli.out import add_out, outputs, write_out
from firnline.cli.reads_file import add_reads
from firnline.cli.stored import add_inventory_limits
from firnline.cli.streams import say
from firnline.inventory.prices.price_list import NoPrice
from firnline.reach.mark.report import Audit

SUMMARY = "what buckets store that no registry needs: why, whose it is, and what it costs a month"
EPILOG = """\
firnline gc audit manifest.json
firnline gc audit manifest.json --save-references refs.jsonl
firnline gc audit manifest.json --references refs.jsonl --out parquet:unneeded.parquet --out text

It reads, and changes nothing. The inventory must be older than the references, so that whatever was
stored when it was made had its reference when registries were read. Without --references they are
read now, by the fleet file beside the policies.

There is no verdict where a registry was not read whole (exit code 1), or gave no access (3).
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "inventories",
        metavar="INVENTORY",
        type=path,
        nargs="+",
        help="manifest.json of S3 Inventory, or of `firnline inventory list`, on disk or s3://…,"
        " one for each bucket; a folder that S3 Inventory writes to, s3://DESTINATION/PREFIX; or"
        " PATH@DATE, the Parquet files of an S3 Metadata live inventory table",
    )
    parser.add_argument(
        "--references",
        metavar="FILE",
        type=path,
        help="what registries need, as `firnline gc refs --out FILE` wrote it (default: the"
        " registries of the fleet file are read now)",
    )
    parser.add_argument(
        "--save-references",
        metavar="FILE",
        type=path,
        help="keep what registries answer now, as `firnline gc refs --out FILE` does: an answer"
        " that is much smaller than the one in it gives no verdict",
    )
    add_reads(parser)
    parser.add_argument(
        "--policies",
        metavar="PATH",
        type=path,
        help="the policies that say what is kept, and which prefixes registries decide on"
        " (default: those of the project, if there are any)",
    )
    parser.add_argument(
        "--owners",
        metavar="FILE",
        type=path,
        help="the people who are there: a CSV with a column `name` or `email`, and perhaps `team`"
        " and `left`, or a YAML list of `{name: ann, team: vision}`; owners who are not among them"
        " are listed, with a successor",
    )
    parser.add_argument(
        "--previous",
        metavar="FILE",
        type=path,
        help="the last audit, as --out json:FILE or parquet:FILE wrote it: what is new, gone and"
        " grown since; with JSON also whether a registry answers much less",
    )
    parser.add_argument("--region", default="us-east-1", help="whose prices (default: %(default)s)")
    add_inventory_limits(parser)
    add_out(parser, Answer.AUDIT)


def run(arguments: argparse.Namespace) -> int:
    try:
        found = _audit(arguments)
    except (CommandFailed, NoPrice) as why:
        say(f"firnline gc audit: {why}")
        return code_of(why)
    rendered = [each for each in outputs(Answer.AUDIT, arguments) if each[0].name not in _STREAMED]
    if rendered:
        write_out(found, Answer.AUDIT, argparse.Namespace(**vars(arguments) | {"out": rendered}))
    return 0


_STREAMED = (FormatName.PARQUET, FormatName.CSV)
"""Written while objects are read."""


def _audit(arguments: argparse.Namespace) -> Audit:
    """Raises `CommandFailed`, `NoPrice`."""
    if arguments.references and arguments.save_references:
        raise CommandFailed(
            "--references names what was read already, so there is nothing to save: leave it or"
            " --save-references out"
        )
    if arguments.references and arguments.reads:
        raise CommandFailed(
            "--references names what was judged already, so reads come too late: name them to"
            " `firnline gc refs --reads FILE --out FILE`, or leave --references out"
        )
    if not arguments.references:
        need_extra()
    try:
        from firnline.cli.gc_auditing import audited  # an extra, and slow to import
    except ModuleNotFoundError as missing:
        raise CommandFailed(f"an audit needs {missing.name}: pip install 'firnline[gc]'") from None
    return audited(arguments)
