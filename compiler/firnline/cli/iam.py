"""`firnline iam`: the least policies of IAM that the roles of a fleet need; reads files only."""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path

from firnline.atomic_file import write_file
from firnline.cli.formats import Answer
from firnline.cli.out import add_out, write_out
from firnline.cli.parser import instead_of
from firnline.cli.paths import add_folder
from firnline.cli.resolve import EXAMPLE_FLEET
from firnline.cli.streams import say, say_diagnostics, show
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.fleet import Fleet
from firnline.language.read_files import read_files
from firnline.targets.iam.fleet_access import fleet_access
from firnline.targets.iam.model import Document, DocumentName, FleetAccess, Wish
from firnline.workspace import read_folder

SUMMARY = "least IAM policies for the roles of the fleet, their trust, and an SCP"
EPILOG = """\
firnline iam --caller arn:aws:iam::999999999999:role/ci
firnline iam --caller arn:aws:iam::999999999999:role/ci --into iam
aws iam put-role-policy --role-name retention --policy-name firnline-read \\
    --policy-document file://iam/ml-prod/read.json

Buckets are named as the fleet lock has them. Where that is longer than IAM
allows, patterns of the policies stand for them, or the whole account; a note
says so.
"""
_NO_ACCOUNTS = """\
firnline iam: {folder} has no account yet: `firnline resolve` finds those of `accounts_from`. For
its first run list one account below `accounts`, and give the policies of that one to the role in
each account, such as by a stack set"""
_CALLER = re.compile(r"arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:(root|(role|user|assumed-role)/.+)")
_INVENTORY = re.compile(r"s3://[^/]+(/.*)?")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_folder(parser)
    parser.add_argument(
        "--account",
        metavar="LABEL",
        action="append",
        default=[],
        help="only of this account of the fleet file; repeatable",
    )
    names = [each.value for each in DocumentName]
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        choices=names,
        help=f"{', '.join(names)}; repeatable (default: all)",
    )
    parser.add_argument(
        "--caller",
        metavar="ARN",
        action="append",
        default=[],
        type=_arn,
        help="who may assume the roles: a role, a user or arn:aws:iam::ACCOUNT:root; repeatable",
    )
    parser.add_argument(
        "--inventory",
        metavar="s3://BUCKET/PREFIX",
        action="append",
        default=[],
        type=_inventory,
        help="where S3 Inventory writes to: `read` may read there too; repeatable",
    )
    parser.add_argument(
        "--with-optional",
        action="store_true",
        help="also the actions without which commands do less, but do not fail",
    )
    parser.add_argument(
        "--patterns",
        action="store_true",
        help="name buckets as `applies_to` does, so that new ones need no new policies",
    )
    parser.add_argument(
        "--into", metavar="DIR", help="also write each policy to DIR/LABEL/NAME.json, for the CLI"
    )
    add_out(parser, Answer.IAM)


def run(arguments: argparse.Namespace) -> int:
    folder = os.path.normpath(arguments.folder)
    read, found = read_files(read_folder(folder))
    if has_errors(found):
        say_diagnostics(found, arguments.color, [folder])
        say("no policies of IAM: which accounts and buckets there are is not known")
        return 1
    if read.fleet is None:
        say(f"firnline: no fleet file in {folder}: which accounts there are is not known")
        show(EXAMPLE_FLEET.format(folder=folder))
        return 2
    if not read.fleet.accounts:
        say(_NO_ACCOUNTS.format(folder=folder))
        return 2
    if unknown := _unknown(arguments.account, read.fleet):
        say(f"firnline iam: {unknown}")
        return 2
    if read.lock is None:
        say("no fleet lock yet: buckets are named as policies name them until `resolve` is run")
        if read.fleet.sources:
            say("accounts that only `accounts_from` tells are left out until then")
    access = fleet_access(read, _wish(arguments))
    if arguments.into is not None:
        _write(access, Path(arguments.into))
    write_out(access, Answer.IAM, arguments)
    return 0


def _wish(arguments: argparse.Namespace) -> Wish:
    return Wish(
        names=frozenset(map(DocumentName, arguments.only or [each.value for each in DocumentName])),
        callers=tuple(arguments.caller),
        inventories=tuple(arguments.inventory),
        optional=arguments.with_optional,
        patterns=arguments.patterns,
        labels=tuple(arguments.account),
    )


def _unknown(labels: list[str], fleet: Fleet) -> str | None:
    known = [each.label.value for each in fleet.accounts]
    return next((instead_of("account", each, known) for each in labels if each not in known), None)


def _write(access: FleetAccess, folder: Path) -> None:
    files: list[tuple[Path, Document]] = [
        (folder / account.label / f"{each.called}.json", each)
        for account in access.accounts
        for each in account.documents
    ]
    files += [(folder / f"{each.called}.json", each) for each in access.callers]
    for path, document in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, (json.dumps(document.policy, indent=2) + "\n").encode())
    say(f"{how_many(len(files), 'policy', 'policies')} written below {visible(str(folder))}")


def _arn(text: str) -> str:
    if not _CALLER.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"`{visible(text)}` is no ARN such as arn:aws:iam::999999999999:role/ci"
        )
    return text


def _inventory(text: str) -> str:
    if not _INVENTORY.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"`{visible(text)}` is no place such as s3://BUCKET/PREFIX"
        )
    return text
