"""`python -m firnline.cli.gc_audit_on_spark`, or what `spark-submit` runs: the audit of one bucket
by as many machines as there are. docs/spark.md says how to submit it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from firnline.atomic_file import write_file
from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.gc_auditing import assumptions, named_missing, refuse_older_references
from firnline.cli.gc_policies import ages_of, policies_for, refuse_unfit
from firnline.cli.gc_references import SavedReferences
from firnline.cli.item_options import now
from firnline.cli.option_types import duration
from firnline.cli.prices_of import prices_of
from firnline.cli.renderers import audit_json
from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.cli.streams import say, write
from firnline.cli.summary_detail import (
    add_detail,
    detail_for,
    detail_options,
    say_if_apart,
    snapshots_for,
)
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.inventory.facts.problems import UnusableInventory
from firnline.inventory.prices.price_list import NoPrice
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.known import Known
from firnline.reach.mark.report import Audit
from firnline.workspace import NoPolicies

EPILOG = """\
python -m firnline.cli.gc_audit_on_spark s3://inventories/…/2026-11-28T01-00Z/manifest.json \\
    --references refs.jsonl --unneeded s3://results/lab/2026-11-28 --sums sums.json
"""


def main(words: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(words)
    try:
        return _run(arguments)
    except (CommandFailed, NoPolicies, NoPrice, UnusableInventory) as why:
        say(f"firnline gc audit on Spark: {why}")
        return code_of(why)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m firnline.cli.gc_audit_on_spark",
        description="what a bucket stores that no registry needs, found inside Spark",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "inventory",
        metavar="MANIFEST",
        help="manifest.json of an S3 Inventory of Parquet files, as the cluster addresses it",
    )
    parser.add_argument(
        "--references",
        metavar="FILE",
        required=True,
        help="on the driver's disk: what registries need, as `firnline gc refs --out` wrote it",
    )
    parser.add_argument(
        "--unneeded",
        metavar="FOLDER",
        required=True,
        help="a new folder, s3://… on a cluster: what nobody needs, as Parquet in what=unneeded",
    )
    parser.add_argument(
        "--sums", metavar="FILE", help="as `gc audit --out json:FILE` (default: stdout)"
    )
    parser.add_argument(
        "--summary",
        metavar="FILE",
        help="also sum up what is stored, as `firnline inventory summary --into FILE`: on the"
        " driver's disk, or s3://… on a cluster",
    )
    parser.add_argument("--policies", metavar="PATH", help="as of `firnline gc audit`")
    parser.add_argument("--region", default="us-east-1", help="whose prices (default: %(default)s)")
    parser.add_argument(
        "--max-age", metavar="DURATION", type=duration, help="refuse an inventory that is older"
    )
    add_detail(parser, "the policies")
    return parser


def _snapshots(arguments: argparse.Namespace) -> Sequence[ReadSnapshot]:
    """Of the rules that a summary is for. Raises `CommandFailed`, `NoPolicies`."""
    if not arguments.summary:
        if idle := detail_options(arguments):
            raise CommandFailed(f"{' and '.join(idle)} says what is in a summary: add --summary")
        return ()
    found = list(snapshots_for(arguments, "never", arguments.policies))
    if has_errors([each for side in found for each in side.diagnostics]):
        raise CommandFailed("no summary: the rules that it is for have errors", 1)
    return found


def _run(arguments: argparse.Namespace) -> int:
    try:
        from firnline.cli.summary_file import save  # extras, and slow to import
        from firnline.reach.mark.on_spark.audit import (
            Audited,
            SparkFailed,
            audit_on_spark,
            session,
        )
        from firnline.reach.mark.on_spark.inventory import SparkInventory
        from firnline.reach.mark.on_spark.small_file import write_far
    except ModuleNotFoundError as absent:
        raise CommandFailed(f"it needs {absent.name}: pip install 'firnline[spark]'") from None
    snapshots = _snapshots(arguments)
    known = Known()
    references = SavedReferences(arguments.references, known.add_lines)
    prices = prices_of(arguments.region)
    inventory = SparkInventory(session(), arguments.inventory)
    oldest = None if arguments.max_age is None else now() - timedelta(days=arguments.max_age)
    manifest = inventory.manifest(oldest)
    assert manifest.made is not None
    called = f"{visible(arguments.inventory)}: the inventory of {manifest.made:%Y-%m-%d %H:%M}Z"
    refuse_older_references(references, manifest.made, called)
    program = policies_for(manifest.bucket, arguments.policies, "never")
    refuse_unfit(program, references, now())
    ages = ages_of(program)
    detail = detail_for(manifest.bucket, snapshots, arguments) if arguments.summary else None
    of = Audited(inventory, manifest, known, Areas(program), ages, prices, detail)
    try:
        found, summary = audit_on_spark(of, arguments.unneeded)
        if summary is not None and detail is not None:
            say_if_apart(summary, detail)
            far = partial(write_far, inventory.spark)
            save([summary], arguments.summary, far if "://" in arguments.summary else write_file)
    except SparkFailed as why:
        raise CommandFailed(str(why)) from None
    missing, more = named_missing(references, known, [found])
    audit = Audit(
        (found.audit,),
        references.made,
        references.registries,
        prices.in_words,
        tuple(assumptions((found.audit,), references, [ages])),
        missing,
        more,
    )
    write(audit_json()(audit), arguments.sums)
    return 0


if __name__ == "__main__":
    sys.exit(main())
