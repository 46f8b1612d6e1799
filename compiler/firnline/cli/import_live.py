"""The buckets of the fleet that have rules of others → what is to be imported. Reads AWS."""

from __future__ import annotations

from firnline.cli.failed import CommandFailed
from firnline.cli.import_places import Places
from firnline.cli.import_sources import Chosen, Sources, ToImport
from firnline.cli.resolve import EXAMPLE_FLEET, NO_BOTO3, say_failures, scanning
from firnline.cli.streams import say, show
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import can_ask
from firnline.fleet.imported.model import ImportedBucket
from firnline.fleet.ownership import is_ours
from firnline.fleet.scan import FoundBucket, Wanted, scan
from firnline.s3.compare.same import unknown_classes
from firnline.s3.read_shape import read_configuration


def read_live_sources(only: Chosen, places: Places, colour: str) -> Sources:
    """Raises `CommandFailed`, where something cannot be read too: of a fleet of which a part is
    not known, nobody can say which buckets share a policy.
    """
    fleet = places.fleet
    if fleet is None:
        say(f"firnline import: no fleet file in {visible(places.path)} says which accounts to read")
        show(EXAMPLE_FLEET.format(folder=places.path))
        raise CommandFailed("write it, or let `firnline init` begin a project; or name a file")
    if not can_ask():
        raise CommandFailed(NO_BOTO3.removeprefix("firnline: "))

    def covers(_: str, bucket: str, region: str) -> bool:
        there = places.region is None or region == places.region
        return there and only.includes(bucket)

    namespace = fleet.namespace.value
    accounts = fleet.accounts if places.account is None else (places.account,)
    with scanning(colour) as report:
        found = scan(accounts, Wanted(namespace, covers), report)
    if found.failures:
        say_failures(found.failures)
        raise CommandFailed("nothing was imported: not all of it could be read", code=3)
    sources = Sources()
    for each in found.found:
        if each.covered:
            _read(each, namespace, sources)
    if not any(each.covered for each in found.found):
        raise CommandFailed(_none(only, len(found.found) + found.others))
    return sources


def _read(found: FoundBucket, namespace: str, sources: Sources) -> None:
    listed = found.bucket
    rules = found.live["Rules"] if found.live else []
    ours = [is_ours(rule.get("ID", ""), namespace) for rule in rules]
    if found.live is None or all(ours):
        (sources.managed if ours else sources.without).append(listed.name)
        return
    if any(ours):
        sources.failed.append(
            f"{listed.name}: not imported: it has rules of Firnline and of others;"
            " `foreign_rules` in its policy says what happens to those"
        )
        return
    read = read_configuration(found.live)
    if unknown := unknown_classes(read):
        classes = ", ".join(map(visible, sorted(unknown)))
        sources.failed.append(
            f"{listed.name}: not imported: what a transition into {classes} does is not known"
        )
        return
    bucket = ImportedBucket(
        listed.account.label.value,
        listed.name,
        listed.region,
        found.versioning,
        found.object_lock,
    )
    sources.wanted.append(ToImport(bucket, read))


def _none(only: Chosen, number: int) -> str:
    if not only.patterns:
        return "the accounts have no bucket in the regions that the fleet file lists"
    said = ", ".join(f"`{visible(each)}`" for each in only.patterns)
    return f"none of the {how_many(number, 'bucket')} of the fleet is called {said}"
