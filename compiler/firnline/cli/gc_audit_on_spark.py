"""`python -m firnline.cli.gc_audit_on_spark`, or what `spark-submit` runs: the audit of one bucket
by as many machines as there are. docs/spark.md says how to submit it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_auditing import assumptions, named_missing, refuse_older_references
from firnline.cli.gc_policies import ages_of, policies_for, refuse_unfit
from firnline.cli.gc_references import SavedReferences
from firnline.cli.item_options import now
from firnline.cli.option_types import duration
from firnline.cli.prices_of import prices_of
from firnline.cli.renderers import audit_json
from firnline.cli.streams import say, write
from firnline.diagnostics.visible import visible
from firnline.inventory.facts.problems import UnusableInventory
from firnline.inventory.prices.price_list import NoPrice
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.known import Known
from firnline.reach.mark.report import Audit

EPILOG = """\
python -m firnline.cli.gc_audit_on_spark s3://inventories/…/2026-11-28T01-00Z/manifest.json \\
    --references refs.jsonl --unneeded s3://results/lab/2026-11-28 --sums sums.json
"""


def main(words: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(words)
    try:
        return _run(arguments)
    except (CommandFailed, NoPrice, UnusableInventory) as why:
        say(f"firnline gc audit on Spark: {why}")
        return why.code if isinstance(why, CommandFailed) else 2


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
    parser.add_argument("--policies", metavar="PATH", help="as of `firnline gc audit`")
    parser.add_argument("--region", default="us-east-1", help="whose prices (default: %(default)s)")
    parser.add_argument(
        "--max-age", metavar="DURATION", type=duration, help="refuse an inventory that is older"
    )
    return parser


def _run(arguments: argparse.Namespace) -> int:
    try:
        from firnline.reach.mark.on_spark.audit import (  # an extra, and slow to import
            Audited,
            SparkFailed,
            audit_on_spark,
            session,
        )
        from firnline.reach.mark.on_spark.inventory import SparkInventory
    except ModuleNotFoundError as absent:
        raise CommandFailed(f"it needs {absent.name}: pip install 'firnline[spark]'") from None
    references = SavedReferences(arguments.references)
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
    known = Known()
    for _, each in references.found():
        known.add(each)
    of = Audited(inventory, manifest, known, Areas(program), ages, prices)
    try:
        found = audit_on_spark(of, arguments.unneeded)
    except SparkFailed as why:
        raise CommandFailed(str(why)) from None
    missing, more = named_missing(references, [found])
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
