"""`firnline advise`: which policy pays for a bucket, with the dollars of each line."""

from __future__ import annotations

import argparse
from typing import Final

from firnline.cli.advice_known import Wanted
from firnline.cli.advising import advise
from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.forecast_settings import add_versioning, add_when_and_where, settings_of
from firnline.cli.formats import Answer
from firnline.cli.growth_from import read_growth
from firnline.cli.inventory_source import InventorySource
from firnline.cli.known_buckets import Coming
from firnline.cli.option_types import count, duration, option_type, path, text
from firnline.cli.out import add_out, write_out
from firnline.cli.stored import add_stored, files_in, read_stored, refuse_other_bucket
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.advice import Advice
from firnline.inventory.advice.choices import ARCHIVES, OF_MILLISECONDS
from firnline.inventory.prices.price_list import NoPrice
from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Days
from firnline.settings import policies_folder
from firnline.targets.advice_verdict import verdict

SUMMARY = "which policy pays for a bucket: tiers, old versions and uploads, with their dollars"
EPILOG = """\
for a bucket:        firnline advise --inventory manifest.json > policies/my-bucket.yaml
of a summary:        firnline advise --summary stored.parquet --bucket my-bucket
with its growth:     firnline advise --inventory manifest.json --growth-from 30d
what may be deleted: firnline advise --inventory manifest.json --may-delete tmp/=30d

No current object is deleted unless --may-delete says so. Where nothing is known of reads, only
classes that answer in milliseconds are proposed. Tiers are those that are cheapest by the forecast.
"""
_NEVER: Final = "never"


@option_type
def may_delete(said: str) -> tuple[str, Days]:
    prefix, equals, age = said.rpartition("=")
    try:
        found = parse_duration(age)
    except NotADuration:
        found = Days(0)
    if not equals or not found:
        raise ValueError(f"{said!r} does not say what and when: write tmp/=30d")
    return prefix, found


def never_or_days(said: str) -> Days | None:
    return None if said == _NEVER else duration(said)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    stored = parser.add_argument_group("what is stored, as for `firnline forecast`")
    add_stored(stored)
    stored.add_argument(
        "--bucket", metavar="NAME", help="the bucket, where a listing or summary leaves it open"
    )
    add_versioning(stored)
    _add_proposed(parser.add_argument_group("what may be proposed"))
    policy = parser.add_argument_group("the policy")
    policy.add_argument("--name", type=text, help="of the policy (default: that of the bucket)")
    policy.add_argument("--owner", type=text, help="the team that answers for what is deleted")
    policy.add_argument("--why", type=text, help="one line on what the data is for")
    add_when_and_where(parser.add_argument_group("when and where"))
    add_out(parser, Answer.ADVICE)


def _add_proposed(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--may-delete",
        metavar="PREFIX=AGE",
        type=may_delete,
        action="append",
        default=[],
        help="current objects below the prefix may be deleted at this age, such as tmp/=30d;"
        " repeatable (default: none are)",
    )
    group.add_argument(
        "--class",
        dest="classes",
        metavar="CLASS",
        action="append",
        choices=(*OF_MILLISECONDS, *ARCHIVES),
        help=f"a class that may be proposed; repeatable (default: {', '.join(OF_MILLISECONDS)}, and"
        f" with --reads {' and '.join(ARCHIVES)})",
    )
    group.add_argument(
        "--reads",
        metavar="PATH",
        type=path,
        help="what was read and when, as `firnline inventory reads --into` saves it, or the folder"
        " of S3's logs themselves",
    )
    group.add_argument(
        "--old-versions",
        metavar="AGE",
        type=never_or_days,
        default="90d",
        help="how long versions are kept after they were replaced, or never to delete none"
        " (default: %(default)s)",
    )
    group.add_argument(
        "--uploads",
        metavar="AGE",
        type=never_or_days,
        default="7d",
        help="after which incomplete uploads are aborted, or never (default: %(default)s)",
    )
    group.add_argument(
        "--worth",
        metavar="USD",
        type=count,
        default=1,
        help="tiers of a prefix must save so many dollars a month (default: %(default)s)",
    )
    group.add_argument(
        "--depth",
        metavar="N",
        type=count,
        default=3,
        help="prefixes of an inventory are at most so many folders deep (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        found = _advice(arguments)
    except CommandFailed as why:
        say(f"firnline advise: {why}")
        return code_of(why)
    write_out(found, Answer.ADVICE, arguments)
    for line in verdict(found):
        say(line)
    return 0


def _advice(arguments: argparse.Namespace) -> Advice:
    """Raises `CommandFailed`."""
    if not (arguments.inventory or arguments.summaries):
        raise CommandFailed("say what is stored: --inventory PATH or --summary PATH")
    if arguments.cloudwatch:
        raise CommandFailed(
            "--cloudwatch tells neither ages nor prefixes: name an --inventory or a --summary"
        )
    settings = settings_of(arguments)
    source = InventorySource(arguments.account, policies_folder().path)
    stored = list(read_stored(arguments, settings.as_of, source))
    refuse_other_bucket(stored, arguments.bucket)
    if arguments.bucket:
        stored = [each for each in stored if each.bucket == arguments.bucket]
    if len(stored) != 1:
        raise CommandFailed(
            f"{' and '.join(files_in(arguments))} tell of {len(stored)} buckets: name one with"
            " --bucket"
        )
    coming = Coming(arguments.ingest, read_growth(arguments.growth_from, source))
    try:
        return advise(stored[0], coming, settings, _wanted(arguments))
    except NoPrice as why:
        raise CommandFailed(
            f"{visible(stored[0].path)}: tiers are chosen by what they cost, and {why}"
        ) from why


def _wanted(arguments: argparse.Namespace) -> Wanted:
    """Raises `CommandFailed`."""
    ends = dict(arguments.may_delete)
    for prefix, age in arguments.may_delete:
        if ends[prefix] != age:
            raise CommandFailed(
                f"--may-delete {prefix} stands twice: with {age} and {ends[prefix]}"
            )
    for prefix in ends:
        if other := next((each for each in ends if each != prefix and each.startswith(prefix)), ""):
            raise CommandFailed(
                f"--may-delete {prefix}={ends[prefix]} deletes what is below {other} too: name one"
                " of the two"
            )
    return Wanted(
        bucket=arguments.bucket,
        name=arguments.name,
        owner=arguments.owner,
        why=arguments.why,
        account=arguments.account,
        ends=ends,
        classes=_classes(arguments),
        old_versions=arguments.old_versions,
        uploads=arguments.uploads,
        worth=arguments.worth,
        depth=arguments.depth,
        reads=arguments.reads,
    )


def _classes(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Raises `CommandFailed`."""
    named = tuple(dict.fromkeys(arguments.classes or ()))
    if arguments.reads is None and (archives := [each for each in named if each in ARCHIVES]):
        raise CommandFailed(
            f"--class {archives[0]}: what is read from it must be restored first, so it is proposed"
            " only where --reads tells that nothing is read"
        )
    return named or (*OF_MILLISECONDS, *(ARCHIVES if arguments.reads else ()))
