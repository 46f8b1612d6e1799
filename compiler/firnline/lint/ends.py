"""When do objects and noncurrent versions end, and is that what the rules seem to state?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.recipes import TAG_AT_WRITE
from firnline.diagnostics.remedy import Advise
from firnline.lint.cuts import Cut
from firnline.lint.kinds import GOOD, file
from firnline.lint.placed import AcceptedConfiguration
from firnline.lint.regions import Region, example_of
from firnline.lint.spelling import spelt
from firnline.rules.checks.longer_child import LONGER_CHILD
from firnline.s3.model import Filter
from firnline.s3.phrases import after_in_words, when_in_words
from firnline.s3.terms import Clock, Versioning

_LATER: Final = "give it a later expiration"
_WHOLE = {**GOOD, "ID": "all", "Filter": {}}
EVERYTHING_ENDS: Final = Kind(
    code="FL240",
    name="everything-ends",
    severity=Severity.WARNING,
    title="every object in the bucket expires",
    why="A rule without a filter covers every object, including those that others will put there.",
    help="name the prefix under which objects may be deleted",
    wrong=file(_WHOLE),
    right=file({**_WHOLE, "Filter": {"Prefix": "tmp/"}}),
)
DATE_EXPIRES_NEW_OBJECTS: Final = Kind(
    code="FL244",
    name="date-expires-new-objects",
    severity=Severity.WARNING,
    title="an expiration by date also expires objects that are created later",
    why=(
        "S3 applies a rule with a date on every day from then on: what is uploaded afterwards"
        ' expires at the next midnight (S3 User Guide, "Lifecycle configuration elements").'
    ),
    help="write `Days` instead, or remove the rule once it has done its work",
    wrong=file({**GOOD, "Expiration": {"Date": "2024-01-01T00:00:00Z"}}),
    right=file(GOOD),
)
_NONPROD = {**GOOD, "ID": "temporary", "Filter": {"Tag": {"Key": "keep", "Value": "no"}}}
_MARKERS = {
    "ID": "markers",
    "Status": "Enabled",
    "Filter": {},
    "Expiration": {"ExpiredObjectDeleteMarker": True},
}
EARLIER_END_WINS: Final = Kind(
    code="FL245",
    name="earlier-end-wins",
    severity=Severity.NOTE,
    title="two rules overlap, and the earlier expiration wins",
    why=(
        "Where two rules match the same object, S3 expires it at the earlier of the two moments"
        ' (S3 User Guide, "How S3 Lifecycle handles conflicts in lifecycle configurations").'
    ),
    help="let the shorter-lived rule match less, if those objects should stay longer",
    wrong=file(GOOD, {**_NONPROD, "Expiration": {"Days": 14}}, _MARKERS),
    right=file(GOOD, _NONPROD, _MARKERS),
)


def everything_ends(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    for each in configuration.actions:
        if each.is_end(Clock.OBJECTS) and each.placed.rule.filter == Filter():
            when = after_in_words(each.atom.when)
            message = f"every object expires {when}"
            if each.atom.dated:
                message += ", also those that are created later"
            yield EVERYTHING_ENDS.at(configuration.span(each), message)


def expires_by_date(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    for each in configuration.actions:
        ends = each.is_end(Clock.OBJECTS) and each.atom.dated and not each.placed.matches_nothing
        if ends and each.placed.rule.filter != Filter():
            when = when_in_words(each.atom.when)
            yield DATE_EXPIRES_NEW_OBJECTS.at(
                configuration.span(each),
                f"{when}, every object here expires, also new ones",
                remedy=Advise(
                    f"write `{spelt('Days', configuration.written.form)}` instead, or remove the"
                    " rule once it has done its work"
                ),
            )


def cut_short(
    configuration: AcceptedConfiguration,
    regions: Sequence[Region],
    cuts: Sequence[Cut],
    versioning: Versioning,
) -> Iterator[Diagnostic]:
    """What another rule ends sooner than the narrowest rule for it."""
    prefixes = {region.prefix for region in regions}
    for cut in cuts:
        if cut.clock is Clock.NONCURRENT_VERSIONS and versioning is Versioning.OFF:
            continue
        kind = EARLIER_END_WINS if cut.crosses else LONGER_CHILD
        yield kind.at(
            configuration.span(cut.stated),
            _message(cut),
            also=[(configuration.span(cut.sooner), "S3 applies this rule too")],
            notes=[
                f"for example {example_of(cut.cell, prefixes)}",
                "S3 has no exclusions: when two rules match, the earlier expiration wins",
            ],
            remedy=None if cut.crosses else Advise(f"{_how_to_match_less(cut)}, or {_LATER}"),
        )


def _how_to_match_less(cut: Cut) -> str:
    """So that the shorter-lived rule leaves out what the narrower one is for."""
    sooner, stated = cut.sooner.scope, cut.stated.scope
    if sooner.prefix != stated.prefix:
        return "narrow the prefix of the shorter-lived rule"
    if sooner.tags != stated.tags:
        return (
            "tag the short-lived objects when they are written, and filter the shorter-lived rule"
            f" by that ({TAG_AT_WRITE})"
        )
    return "limit the shorter-lived rule to the other sizes"


def _message(cut: Cut) -> str:
    stated = when_in_words(cut.stated.atom.when)
    sooner = when_in_words(cut.sooner.atom.when, preposition="at")
    if cut.clock is Clock.OBJECTS:
        return f"this rule states {stated}, but S3 expires objects here {sooner}"
    newest = cut.stated.atom.newest
    if newest > cut.newer:
        return (
            f"the newest {newest} noncurrent versions stay by this rule, but S3 deletes them"
            f" {sooner}"
        )
    return f"this rule states {stated}, but S3 deletes noncurrent versions here {sooner}"
