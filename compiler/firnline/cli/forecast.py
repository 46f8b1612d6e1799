"""`firnline forecast`: what will be stored and what it costs, month by month, before and after."""

from __future__ import annotations

import argparse
from dataclasses import replace

from firnline.cli.fail_on import FAIL_ON, add_fail_on, code_of
from firnline.cli.failed import CommandFailed
from firnline.cli.forecast_settings import add_versioning, add_when_and_where, settings_of
from firnline.cli.forecasting import forecast
from firnline.cli.formats import Answer
from firnline.cli.growth_from import read_growth
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.known_buckets import Coming, Settings
from firnline.cli.known_reads import named_reads
from firnline.cli.matching import matched
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import OF_THE_PROJECT
from firnline.cli.realised import add_realised, run_realised
from firnline.cli.snapshot_keys import ReadSnapshot, name_of
from firnline.cli.snapshots import read_snapshot
from firnline.cli.stored import StoredIn, add_stored, files_in, read_stored, refuse_other_bucket
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.inventory.checks.stale_prices import stale_prices
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.price_list import NoPrice
from firnline.rules.diff.items import NOT_KNOWN
from firnline.settings import policies_folder
from firnline.workspace import project_around

SUMMARY = "what is stored and what it costs, month by month, before a change and after it"
EPILOG = """\
of a live bucket:    firnline forecast --bucket my-bucket
what policies save:  firnline forecast --inventory manifest.json
as of last night:    firnline forecast --inventory s3://my-inventories/daily --max-age 2d
with its growth:     firnline forecast --inventory manifest.json --growth-from 30d
in CI, of a summary: firnline forecast --summary stored.parquet
a change of them:    firnline forecast git:origin/main policies --inventory manifest.json
no facts at hand:    firnline forecast --bucket my-bucket --ingest checkpoints/=500GiB/month
what reads will cost: firnline forecast --inventory manifest.json --reads reads.csv
what came of it:     pulumi stack export | firnline forecast --realised - --inventory manifest.json

Snapshots are what `firnline diff` takes. Without BEFORE there are no rules before.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "snapshots",
        metavar="SNAPSHOT",
        nargs="*",
        help=f"[BEFORE] AFTER (default: no rules, and {OF_THE_PROJECT})",
    )
    stored = parser.add_argument_group("what is stored")
    add_stored(stored)
    stored.add_argument(
        "--bucket",
        metavar="NAME",
        help="the bucket that a listing or --ingest is of; without them, what it stores is looked"
        " up in AWS",
    )
    stored.add_argument(
        "--reads",
        metavar="PATH",
        help="what was read and when, as `firnline inventory reads --into` saves it, or the folder"
        " of S3's logs: what reads cost in the classes that objects are in by then, and FL508",
    )
    add_versioning(stored)
    add_when_and_where(parser.add_argument_group("when and where"))
    add_realised(parser.add_argument_group("what came of it"))
    parser.add_argument(
        "--rule-of-thumb",
        action="store_true",
        help="tell also what a how-to's rule would say (20 %% hot, 30 %% warm, 40 %% cold, 10 %%"
        " deleted), and what it gets wrong",
    )
    add_fail_on(parser)
    add_out(parser, Answer.FORECAST)


def run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.realised is not None:
            return run_realised(arguments)
        found = _forecast(arguments)
    except CommandFailed as why:
        say(f"firnline forecast: {why}")
        return why.code
    except NoPrice as why:
        say(f"firnline forecast: {why}")
        return 2
    if found is None:
        return 1
    limit = project_around(arguments.snapshots[-1:] or [policies_folder().path]).max_age.tables
    stale = stale_prices(found.prices, found.buckets[0], found.as_of.date(), limit)
    found = replace(found, diagnostics=(*found.diagnostics, *stale))
    if found.diagnostics:
        say_diagnostics(found.diagnostics, arguments.color)
    write_out(found, Answer.FORECAST, arguments)
    return code_of(found.diagnostics, FAIL_ON[arguments.fail_on])


def _forecast(arguments: argparse.Namespace) -> Forecast | None:
    """None where a snapshot has errors, which were told. Raises `CommandFailed`, `NoPrice`."""
    if len(arguments.snapshots) > 2:
        raise CommandFailed("name at most two snapshots: before and after")
    settings = replace(settings_of(arguments), rule_of_thumb=arguments.rule_of_thumb)
    if not (files_in(arguments) or arguments.ingest or arguments.bucket):
        raise CommandFailed(
            "say what is stored: --inventory PATH, --summary PATH, or --bucket NAME to look it up"
            " in AWS; or what is written every month, such as --ingest checkpoints/=500GiB/month"
        )
    _refuse_idle(arguments)
    sides = _snapshots(arguments)
    if has_errors([each for side in sides for each in side.diagnostics]):
        return None
    only = [arguments.bucket] if arguments.bucket and not files_in(arguments) else []
    before, after = matched(*sides, only)
    for key, config in (*before.items(), *after.items()):
        if config is NOT_KNOWN:
            raise CommandFailed(f"what the rules of {name_of(key)} do is not known yet", code=1)
    source = InventorySource(arguments.account, policies_folder().path)
    stored, settings = _stored(arguments, source, settings)
    growth = read_growth(arguments.growth_from, source)
    coming = Coming(arguments.ingest, growth, arguments.bucket)
    with named_reads(arguments.reads) as reads:
        settings = replace(settings, reads=reads)
        return forecast(before, after, stored, coming, settings, sides[-1].warnings)


def _refuse_idle(arguments: argparse.Namespace) -> None:
    """Options that would change nothing. Raises `CommandFailed`."""
    if arguments.lag is not None:
        raise CommandFailed("--lag goes with --realised, which compares with later inventories")
    if files_in(arguments) or not arguments.ingest:
        return
    of_stored = {"--growth-from": arguments.growth_from, "--max-age": arguments.max_age}
    idle = [option for option, value in of_stored.items() if value not in (None, [])]
    if idle:
        raise CommandFailed(
            f"{' and '.join(idle)} is about what is stored, and beside --ingest nothing says it:"
            " name it with --inventory, --summary or --cloudwatch"
        )


def _stored(
    arguments: argparse.Namespace, source: InventorySource, settings: Settings
) -> tuple[list[StoredIn], Settings]:
    """As files tell it, or else AWS. Raises `CommandFailed`."""
    if files_in(arguments) or arguments.ingest:
        stored = list(read_stored(arguments, settings.as_of, source))
        if not arguments.ingest:
            refuse_other_bucket(stored, arguments.bucket)
        return stored, settings
    from firnline.cli.live_bucket import live_bucket  # seldom needed

    age = Age(settings.as_of, arguments.max_age)
    live = live_bucket(arguments.bucket, source, age, arguments.color, arguments.months)
    return [live.stored], replace(
        settings,
        versioning=settings.versioning or live.versioning,
        region=arguments.region or live.region,
    )


def _snapshots(arguments: argparse.Namespace) -> tuple[ReadSnapshot, ReadSnapshot]:
    folder = policies_folder().path
    *before, after = arguments.snapshots or [folder]
    only = [arguments.bucket] if arguments.bucket else []
    read = [read_snapshot(named, folder, only) for named in (*before, after)]
    for each in read:
        if each.diagnostics:
            say_diagnostics(each.diagnostics, arguments.color)
    return (read[0] if before else ReadSnapshot({})), read[-1]
