"""`firnline explain s3://bucket/key`: who owns it, what S3 does with it, why it is still here."""

from __future__ import annotations

import argparse
from datetime import datetime

from firnline.cli.bucket_rules import NamedRules, of_bucket, of_file
from firnline.cli.failed import CommandFailed
from firnline.cli.item_options import item_of, now
from firnline.cli.streams import columns, say, write
from firnline.cli.versioning import possible_versionings
from firnline.diagnostics.visible import visible
from firnline.rules.owners import ownership, promises_about
from firnline.s3.simulate.stored import BucketState, MissingDetail, StoredItem
from firnline.targets.explained import to_text
from firnline.targets.explained_question import Question, assumed_creation


def run(arguments: argparse.Namespace, address: str) -> int:
    bucket, slash, key = address.removeprefix("s3://").partition("/")
    if not (bucket and slash and key):
        say(f"firnline: {visible(address)} is not an object: write s3://bucket/key")
        return 2
    try:
        named = _rules(arguments, bucket)
        if arguments.live:
            _show_live(arguments, named, bucket, key)
            return 0
        moment = arguments.at or now()
        aged = arguments.created is None
        created = assumed_creation(moment) if aged else arguments.created
        if aged and arguments.noncurrent_since:
            created, aged = arguments.noncurrent_since, False
        item = item_of(arguments, key, created)
        _show(arguments, named, bucket, item, moment, aged=aged)
    except (CommandFailed, MissingDetail) as problem:
        say(f"firnline: {problem}")
        return problem.code if isinstance(problem, CommandFailed) else 2
    return 0


def _rules(arguments: argparse.Namespace, bucket: str) -> NamedRules:
    if arguments.rules is not None:
        return of_file(arguments.rules, arguments.bucket or bucket, arguments.color)
    return of_bucket(bucket, arguments.policies, arguments.color)


def _show(
    arguments: argparse.Namespace,
    named: NamedRules,
    bucket: str,
    item: StoredItem,
    moment: datetime,
    *,
    aged: bool,
) -> None:
    program = named.compiled.program if named.compiled else None
    questions = [
        Question(
            address=f"s3://{bucket}/{item.key}",
            item=item,
            rules=named.rules,
            bucket=BucketState(versioning),
            owners=ownership(program, item) if program else None,
            kept=named.kept,
            promises=promises_about(program, item) if program else (),
            now=assumed_creation(moment) if aged else moment,
            aged=aged,
            seen=not aged and (arguments.live or arguments.storage_class is not None),
        )
        for versioning in possible_versionings(arguments, named, [item])
    ]
    write(to_text(questions, columns()), None)


def _show_live(arguments: argparse.Namespace, named: NamedRules, bucket: str, key: str) -> None:
    from firnline.cli.live_key import look_at  # boto3 is slow to import

    found = look_at(arguments.policies, bucket, key)
    for line in found.remarks(named.rules):
        say(line)
    live = NamedRules(named.name, found.rules, found.versioning, named.compiled)
    moment = arguments.at or now()
    for item in found.items:
        _show(arguments, live, bucket, item, moment, aged=False)
    if found.older:
        say(f"{found.older} older versions of the key are not shown; `firnline simulate` shows all")
