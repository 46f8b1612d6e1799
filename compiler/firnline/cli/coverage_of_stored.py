"""What is stored in buckets → how much of it no retention covers, and what that costs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection, Iterator
from datetime import date

from firnline.cli.covering import covered_buckets, program_of
from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource
from firnline.cli.item_options import now
from firnline.cli.population import population_of
from firnline.cli.prices_of import prices_of
from firnline.cli.stored import StoredIn, files_in, read_stored
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.stale_prices import stale_prices
from firnline.inventory.coverage.uncovered import BucketCoverage, Place, coverage_of
from firnline.inventory.prices.price_list import NoPrice, Prices
from firnline.pipeline import Compilation
from firnline.settings import policies_folder
from firnline.workspace import project_around


def covered_stored(
    compilation: Compilation, arguments: Namespace
) -> tuple[tuple[BucketCoverage, ...], tuple[str, ...]]:
    """Buckets, the one of most that is uncovered first; and whose prices count, in words. Raises
    `CommandFailed`.
    """
    _refuse_idle(arguments)
    prices: dict[str, Prices | None] = {}
    found = list(_buckets(compilation, arguments, prices))
    _refuse_untold(arguments, {each.bucket for each in found})
    found.sort(key=lambda each: (-each.uncovered.volume.bytes, each.bucket))
    known = [each for each in prices.values() if each is not None]
    if found:
        limit = project_around([arguments.policies]).max_age.tables
        stale = list(stale_prices(known, found[0].bucket, date.today(), limit))
        say_diagnostics(stale, arguments.color)
    return tuple(found), tuple(each.in_words for each in known)


def _refuse_idle(arguments: Namespace) -> None:
    """Raises `CommandFailed`."""
    if files_in(arguments):
        return
    given = {"--max-age": arguments.max_age, "--account": arguments.account}
    for option, value in given.items():
        if value is not None:
            raise CommandFailed(
                f"{option} is about what is stored, and nothing says it: name it with --inventory,"
                " --summary or --cloudwatch"
            )


def _refuse_untold(arguments: Namespace, told: Collection[str]) -> None:
    """Buckets that are named, and of which no file is. Raises `CommandFailed`."""
    untold = [name for name in arguments.buckets if name not in told]
    if untold:
        raise CommandFailed(
            f"nothing tells what bucket `{visible(untold[0])}` stores: name it with --inventory,"
            " --summary or --cloudwatch"
        )


def _buckets(
    compilation: Compilation, arguments: Namespace, prices: dict[str, Prices | None]
) -> Iterator[BucketCoverage]:
    lock = compilation.folder.lock
    regions = {each.name.value: each.region for each in lock.buckets} if lock else {}
    covered = covered_buckets(compilation)
    names = [each.bucket.name for each in covered if "*" not in each.bucket.name]
    regions |= {x.bucket.name: x.bucket.region for x in covered if x.bucket.region}
    seen: set[str] = set()
    for stored in _stored(arguments):
        name = stored.bucket or _only(stored, arguments.buckets or names)
        if name in seen:
            raise CommandFailed(f"what bucket `{visible(name)}` stores is told twice")
        seen.add(name)
        region = regions.get(name, arguments.region)
        if region not in prices:
            prices[region] = _prices(region)
        place = Place(name, region, program_of(name, covered), prices[region])
        with population_of(stored, name) as told:
            day = told.as_of.date() if told.as_of else None
            try:
                yield coverage_of(place, told.population, told.facts, day)
            except NoPrice as why:
                say(f"what {visible(name)} costs is not known: {why}")
                free = place._replace(prices=None)
                yield coverage_of(free, told.population, told.facts, day)


def _stored(arguments: Namespace) -> Iterator[StoredIn]:
    only = arguments.buckets[0] if len(arguments.buckets) == 1 else None
    whole = Namespace(**{**vars(arguments), "bucket": only, "months": 1})
    source = InventorySource(arguments.account, policies_folder().path)
    for each in read_stored(whole, now(), source):
        if not arguments.buckets or each.bucket is None or each.bucket in arguments.buckets:
            yield each


def _only(stored: StoredIn, names: list[str]) -> str:
    """The bucket of a listing, which does not name it. Raises `CommandFailed`."""
    if len(names) == 1:
        return names[0]
    raise CommandFailed(
        f"{visible(stored.path)} does not say which bucket it is of: name that one, as in `firnline"
        " show --coverage BUCKET`"
    )


def _prices(region: str) -> Prices | None:
    try:
        return prices_of(region)
    except NoPrice as why:
        say(f"what it costs is not known: {why}")
        return None
