"""What hurts in a configuration that S3 accepts, under each versioning that its bucket may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.lint import ends, idle, kept_versions, layouts, prefixes, stays
from firnline.lint.cuts import cuts
from firnline.lint.placed import AcceptedConfiguration
from firnline.lint.regions import Region, regions_of
from firnline.rules.checks.not_analysed import NOT_ANALYSED
from firnline.s3.compare.cells import MOST_CELLS, NotAnalysed
from firnline.s3.terms import Versioning

Check = Callable[[Versioning], Iterator[Diagnostic]]
_ONLY_IN: Final = {
    True: "only where the bucket keeps versions: whether it does is not known (see `--versioning`)",
    False: "only where the bucket never kept versions: whether it does is not known"
    " (see `--versioning`)",
}


def hazards(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    """Of a configuration that is not whole, only what no further rule could change."""
    yield from prefixes.check(configuration)
    yield from layouts.check(configuration)
    yield from idle.does_nothing(configuration)
    yield from ends.everything_ends(configuration)
    yield from ends.expires_by_date(configuration)
    analysed = list(regions_of(configuration))
    regions = [each for each in analysed if isinstance(each, Region)]
    cut = cuts(configuration, regions)
    yield from _under_each(
        configuration, lambda each: ends.cut_short(configuration, regions, cut, each)
    )
    yield from (
        _not_analysed(configuration, each) for each in analysed if isinstance(each, NotAnalysed)
    )
    if configuration.whole:
        for check in (kept_versions.bytes_stay, kept_versions.markers_stay, stays.short_stays):
            yield from _under_each(configuration, partial(check, configuration, regions))
        if configuration.accepted and len(regions) == len(analysed):
            yield from idle.changes_nothing(configuration, regions, cut)


def _under_each(configuration: AcceptedConfiguration, check: Check) -> Iterator[Diagnostic]:
    """What holds under every versioning as it is; the rest says under which one it holds."""
    found: dict[object, dict[Versioning, Diagnostic]] = {}
    for versioning in configuration.versionings:
        for each in check(versioning):
            what = each.kind.code, each.place, each.message
            found.setdefault(what, {}).setdefault(versioning, each)
    for reported in found.values():
        versioning, first = next(iter(reported.items()))
        if len(reported) < len(configuration.versionings):
            only = _ONLY_IN[versioning is not Versioning.OFF]
            first = replace(first, notes=(*first.notes, only))
        yield first


def _not_analysed(configuration: AcceptedConfiguration, found: NotAnalysed) -> Diagnostic:
    placed = next(each for each in configuration.rules if each.scope.prefix == found.prefix)
    where = f"`{found.prefix}`" if found.prefix else "the whole bucket"
    return NOT_ANALYSED.at(
        configuration.name_span(placed),
        f"more than {MOST_CELLS:,} combinations of tags and sizes under {where}: what S3 would do"
        " with these keys was not checked",
        severity=Severity.WARNING,
    )
