"""`firnline import`: lifecycle rules that somebody else wrote → policies, proved to mean the same.

The command is a word of Python, so no module can have its name.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.import_beside import refuse_beside, without_adopted
from firnline.cli.import_out import Destination, destination, write_policies
from firnline.cli.import_places import Options, Places, places
from firnline.cli.import_sources import Chosen, Sources, ToImport, chosen, read_sources
from firnline.cli.import_summary import say_next, say_summary, why_refused
from firnline.cli.option_types import option_type, path, text
from firnline.cli.paths import OF_THE_PROJECT, Unnamed
from firnline.cli.show import waiting
from firnline.cli.snapshots import LIVE
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import has_errors
from firnline.fleet.imported.fleet_policies import Names, fleet_policies
from firnline.fleet.imported.imported import imported
from firnline.fleet.imported.model import ImportedPolicy
from firnline.fleet.imported.proved_shared import Imported
from firnline.inventory.advice.names import policy_name
from firnline.s3.terms import BucketType, Versioning

SUMMARY = "lifecycle rules of others as policies that mean the same: live, or from files"
EPILOG: Final = """\
all live buckets:  firnline import --out policies
some of them:      firnline import live --bucket 'acme-logs-*' --out policies
of a file:         firnline import rules.json --bucket my-bucket
of a plan:         firnline import plan.json --bucket aws_s3_bucket.a=acme-a

Buckets whose rules mean the same share a policy. A rule that no policy can
say stays as it is.
"""


@option_type
def a_policy(said: str) -> str:
    if (name := policy_name(said)) != said:
        raise ValueError(f"{said!r} is no name of a policy; write {name}")
    return said


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "sources",
        metavar="FILE",
        nargs="*",
        type=path,
        help="files that `firnline check` reads of other tools: JSON, XML, Terraform,"
        " CloudFormation, Pulumi, Cloud Custodian; - is stdin; live (the default) are the buckets"
        " of the fleet",
    )
    parser.add_argument(
        "--policies",
        metavar="DIR",
        default=Unnamed.POLICIES,
        help=f"the folder with the fleet file (default: {OF_THE_PROJECT})",
    )
    _add_buckets(parser.add_argument_group("which buckets"))
    _add_written(parser.add_argument_group("what is written"))


def _add_buckets(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--bucket",
        metavar="PATTERN",
        type=text,
        action="append",
        default=[],
        help="only buckets with this name or pattern, such as 'acme-*'; the name, where a file"
        " has none, or RESOURCE=NAME where it has several; repeatable",
    )
    group.add_argument(
        "--account",
        metavar="LABEL",
        type=text,
        help="of the fleet file: only its live buckets, or the account of buckets in files",
    )
    group.add_argument(
        "--region",
        metavar="REGION",
        type=text,
        help="only its live buckets, or the region of buckets in files",
    )
    group.add_argument(
        "--versioning",
        choices=[each.value for each in Versioning],
        help="of the buckets, where files and the fleet lock do not say it (default: the result"
        " means the same whether or not they keep versions)",
    )


def _add_written(group: argparse._ActionsContainer) -> None:
    group.add_argument("--owner", type=text, help="the team that answers for what is deleted")
    group.add_argument(
        "--policy",
        metavar="NAME",
        type=a_policy,
        help="of the policy (default: that of the bucket)",
    )
    group.add_argument(
        "--out",
        metavar="DIR|FILE",
        type=path,
        help="one file for each policy in this folder, or this .yaml file (default: stdout)",
    )
    group.add_argument("--overwrite", action="store_true", help="also over files that are there")


def run(arguments: argparse.Namespace) -> int:
    try:
        return _run(arguments)
    except CommandFailed as why:
        say(f"firnline import: {why}")
        return code_of(why)


def _run(arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    to = destination(arguments.out, overwrite=arguments.overwrite)
    versioning = Versioning(arguments.versioning) if arguments.versioning else None
    options = Options(arguments.account, arguments.region, versioning)
    where = places(arguments.policies, options, arguments.color)
    only = chosen(arguments.bucket)
    sources = _read(arguments, only, where)
    if sources.found:
        say_diagnostics(sources.found, arguments.color, arguments.sources)
    wanted = sources.wanted
    if not arguments.overwrite:
        wanted = list(without_adopted(sources, where))
    said = Names(arguments.owner, arguments.policy, _taken(where, to))
    with waiting(f"importing {how_many(len(wanted), 'bucket')}"):
        made = [Imported(each.rules, policy) for each, policy in _imported(wanted)]
        policies, refused = fleet_policies(made, said)
    sources.failed += map(why_refused, refused)
    paths: Sequence[str] = ()
    if policies:
        texts = {each.name: each.text for each in policies}
        refuse_beside(texts, to, where, arguments.color)
        paths = write_policies(texts, to)
    say_summary(policies, sources)
    if policies:
        say_next(paths, where)
    return 1 if sources.failed or has_errors(sources.found) else 0


def _imported(wanted: Sequence[ToImport]) -> Iterator[tuple[ToImport, ImportedPolicy]]:
    """Buckets whose rules are equal, as one module makes them, are read once."""
    known: dict[object, ImportedPolicy] = {}
    for each in wanted:
        bucket, rules = each.bucket, each.rules
        facts = bucket.versioning, bucket.object_lock, BucketType.of_name(bucket.name)
        have_ids = all(rule.id for rule in rules.rules)
        same = frozenset(rules.rules) if have_ids else rules.rules
        key = (same, rules.minimum_size, facts)
        if key not in known:
            known[key] = imported(rules, bucket)
        yield each, replace(known[key], bucket=bucket)


def _read(arguments: argparse.Namespace, only: Chosen, where: Places) -> Sources:
    """Raises `CommandFailed`."""
    if not _is_live(arguments.sources):
        return read_sources(arguments.sources, only, where)
    if arguments.versioning:
        raise CommandFailed("--versioning is for files: of live buckets it is read")
    from firnline.cli.import_live import read_live_sources  # seldom needed, and slow to import

    return read_live_sources(only, where, arguments.color)


def _is_live(sources: Sequence[str]) -> bool:
    """Raises `CommandFailed`."""
    if LIVE in sources and len(sources) > 1:
        raise CommandFailed("`live` is imported alone, without files")
    return not sources or LIVE in sources


def _taken(where: Places, to: Destination) -> Sequence[str]:
    """Names of policies that are there; a file that is written over is not."""
    replaced = {to.file} if to.overwrite else set()
    return [
        each.name.value
        for each in where.folder.policies
        if (at := each.name.span.source.path) not in replaced
        and not (to.overwrite and at == to.path(each.name.value))
    ]
