"""What hurts in a configuration that S3 accepts, under each versioning that its bucket may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.lint import ends, idle, kept_versions, prefixes, stays
from firnline.lint.cuts import cuts
from firnline.lint.placed import Config
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


def hazards(config: Config) -> Iterator[Diagnostic]:
    """Of a configuration that is not whole, only what no further rule could change."""
    yield from prefixes.check(config)
    yield from ends.everything_ends(config)
    yield from ends.expires_by_date(config)
    analysed = list(regions_of(config))
    regions = [each for each in analysed if isinstance(each, Region)]
    cut = cuts(config, regions)
    yield from _under_each(config, lambda each: ends.cut_short(config, regions, cut, each))
    yield from (_not_analysed(config, each) for each in analysed if isinstance(each, NotAnalysed))
    if config.whole:
        for check in (kept_versions.bytes_stay, kept_versions.markers_stay, stays.short_stays):
            yield from _under_each(config, partial(check, config, regions))
        if len(regions) == len(analysed):
            yield from idle.changes_nothing(config, regions, cut)


def _under_each(config: Config, check: Check) -> Iterator[Diagnostic]:
    """What holds under every versioning as it is; the rest says under which one it holds."""
    found: dict[object, dict[Versioning, Diagnostic]] = {}
    for versioning in config.versionings:
        for each in check(versioning):
            what = each.kind.code, each.place, each.message
            found.setdefault(what, {}).setdefault(versioning, each)
    for reported in found.values():
        versioning, first = next(iter(reported.items()))
        if len(reported) < len(config.versionings):
            only = _ONLY_IN[versioning is not Versioning.OFF]
            first = replace(first, notes=(*first.notes, only))
        yield first


def _not_analysed(config: Config, found: NotAnalysed) -> Diagnostic:
    placed = next(each for each in config.rules if each.scope.prefix == found.prefix)
    where = f"`{found.prefix}`" if found.prefix else "the whole bucket"
    return NOT_ANALYSED.at(
        config.name_span(placed),
        f"more than {MOST_CELLS:,} combinations of tags and sizes under {where}: what S3 would do"
        " with these keys was not checked",
        severity=Severity.WARNING,
    )
