"""`firnline resolve --drop-account`: which closed accounts leave the lock, and why. Reads AWS."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.fleet.accounts import Clients, NoAccess, own_access
from firnline.fleet.closed_account import StillInUse, Suspect, why_closed
from firnline.fleet.questions import access_of
from firnline.fleet.resolve import Question
from firnline.language.account_sources import Organization
from firnline.s3.terms import Partition

_ID = re.compile("[0-9]{12}")


def add_drop_account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--drop-account",
        metavar="ID",
        action="append",
        default=[],
        type=_account_id,
        help="take a closed account and its buckets out of the lock; may be repeated",
    )


def closed_accounts(ids: Sequence[str], question: Question) -> frozenset[str]:
    """Those to drop, after telling of each why it is closed. Raises `CommandFailed` where one may
    still be in use.
    """
    clients = Clients()
    for id in dict.fromkeys(ids):
        suspect = _suspect(id, question)
        in_organization = any(isinstance(each, Organization) for each in question.fleet.sources)
        try:
            own = own_access(_partition(suspect))
            why = why_closed(clients, own, suspect, in_organization=in_organization)
        except StillInUse as error:
            raise CommandFailed(f"account {id} is not dropped: {error}") from error
        except NoAccess as error:
            raise CommandFailed(
                f"whether account {id} is closed is not known: {error.permission}: {error.reason}",
                code=3,
            ) from error
        say(f"account {id} is dropped with {how_many(len(suspect.buckets), 'bucket')}: {why}")
    return frozenset(ids)


def _partition(suspect: Suspect) -> Partition | None:
    """None where the old lock does not tell it."""
    if suspect.role is not None:
        return Partition.of_region(suspect.role.region)
    return suspect.buckets[0].partition if suspect.buckets else None


def _suspect(id: str, question: Question) -> Suspect:
    listed = question.fleet.account_with(id)
    if listed is not None and listed.source:
        raise CommandFailed(f"account {id} is not dropped: it is ACTIVE in {listed.source}")
    if listed is not None:
        raise CommandFailed(
            f"account {id} is not dropped: the fleet file lists it as `{listed.label.value}`;"
            " remove it there first"
        )
    buckets = question.old.buckets if question.old else ()
    accounts = question.old.accounts if question.old else ()
    before = next((each for each in accounts if each.id.value == id), None)
    theirs = tuple(each for each in buckets if each.account_id == id)
    if not theirs and before is None:
        raise CommandFailed(f"{question.lock_path} has nothing of account {id}")
    role = access_of(before, before.regions[0]) if before and before.role else None
    return Suspect(id, role, theirs)


def _account_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an account id of 12 digits")
    return text
