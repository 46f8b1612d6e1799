"""Where versions are kept: when are the bytes freed, and do delete markers go?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import AddKey, Advise
from firnline.lint.kinds import GOOD, file
from firnline.lint.placed import AcceptedConfiguration, Action
from firnline.lint.regions import Group, Region
from firnline.lint.spelling import in_words_of, marker_removal, spelt
from firnline.rules.checks.delete_frees_nothing import DELETE_FREES_NOTHING
from firnline.rules.checks.keeps_the_deleted import KEEPS_THE_DELETED
from firnline.s3.terms import Clock, Days, Versioning

_OLD = "NoncurrentVersionExpiration"
KEPT_TWICE_AS_LONG: Final = Kind(
    code="FL242",
    name="kept-twice-as-long",
    severity=Severity.WARNING,
    title="the bytes stay at least twice as long as the rule seems to say",
    why=(
        "Where versions are kept, `Expiration` only makes the object a noncurrent version, and"
        " `NoncurrentDays` count from that day on (S3 User Guide)."
    ),
    help=(
        "let noncurrent versions expire sooner: set `NoncurrentDays` to how long a deleted object"
        " must be recoverable"
    ),
    wrong=file({**GOOD, _OLD: {"NoncurrentDays": 30}}),
    right=file(GOOD),
)
_ONLY_OLD = {
    "ID": "old",
    "Status": "Enabled",
    "Filter": {"Prefix": "models/"},
    _OLD: {"NoncurrentDays": 30},
}
DELETE_MARKERS_STAY: Final = Kind(
    code="FL243",
    name="delete-markers-stay",
    severity=Severity.WARNING,
    title="expired object delete markers are never removed",
    why=(
        "A deletion puts a delete marker on top. When its noncurrent versions have expired, the"
        " marker stays"
        ' unless a rule removes it, and slows down every listing (S3 User Guide, "Removing expired'
        ' object delete markers").'
    ),
    help='add `"Expiration": {"ExpiredObjectDeleteMarker": true}` for the same keys',
    wrong=file(_ONLY_OLD),
    right=file({**_ONLY_OLD, "Expiration": {"ExpiredObjectDeleteMarker": True}}),
)


def bytes_stay(
    configuration: AcceptedConfiguration, regions: Sequence[Region], versioning: Versioning
) -> Iterator[Diagnostic]:
    """What expires, but frees its bytes late or never."""
    if versioning is Versioning.OFF:
        return
    never: dict[str, Action] = {}
    for group in _expiring(regions):
        first = min(group.ends(Clock.OBJECTS), key=lambda each: (each.atom.dated, each.atom.day))
        old = group.ends(Clock.NONCURRENT_VERSIONS)
        if not old:
            never.setdefault(first.path, first)
    yield from _never_freed(configuration, tuple(never.values()))
    yield from _once(_freed_late(configuration, regions))


def markers_stay(
    configuration: AcceptedConfiguration, regions: Sequence[Region], versioning: Versioning
) -> Iterator[Diagnostic]:
    """Where noncurrent versions end; once for all keys that one rule could mend."""
    if versioning is Versioning.OFF:
        return
    seen: tuple[str, ...] = ()
    for region in regions:
        goes = any(
            each.atom.clock is Clock.DELETE_MARKERS or each.is_end(Clock.OBJECTS)
            for each in region.of_markers
        )
        old = dict.fromkeys(
            each for group in region.groups for each in group.ends(Clock.NONCURRENT_VERSIONS)
        )
        if old and not goes and not region.prefix.startswith(seen):
            seen += (region.prefix,)
            widest = min(old, key=lambda each: len(each.scope.prefix))
            removal = marker_removal(configuration.written.form)
            yield DELETE_MARKERS_STAY.at(
                configuration.span(widest),
                "nothing removes the delete markers of these keys",
                remedy=Advise(f"add `{removal}` for the same keys"),
            )


def _expiring(regions: Iterable[Region]) -> Iterator[Group]:
    """The groups of objects that expire and have bytes."""
    for region in regions:
        for group in region.groups:
            if not group.is_empty and group.ends(Clock.OBJECTS):
                yield group


def _never_freed(
    configuration: AcceptedConfiguration, never: Sequence[Action]
) -> Iterator[Diagnostic]:
    """One for each rule; if versioning is unknown, a single one for all of them."""
    known = configuration.versioning_is_known
    for action in never if known else never[:1]:
        more = len(never) - 1
        yield DELETE_FREES_NOTHING.at(
            configuration.span(action),
            "this only adds a delete marker where versions are kept",
            notes=[
                "no rule ends the noncurrent versions of what this one expires",
                *([f"the same holds for {more} more rules"] if more and not known else []),
            ],
            remedy=AddKey(spelt(_OLD, configuration.written.form), to="this rule"),
            severity=Severity.ERROR if known else Severity.WARNING,
        )


def _freed_late(
    configuration: AcceptedConfiguration, regions: Iterable[Region]
) -> Iterator[Diagnostic]:
    for group in _expiring(regions):
        first = min(group.ends(Clock.OBJECTS), key=lambda each: (each.atom.dated, each.atom.day))
        old = group.ends(Clock.NONCURRENT_VERSIONS)
        last = min((each.atom.day for each in old if not each.atom.newest), default=None)
        if old and last is None:
            yield _newest_stay(configuration, first, min(old, key=lambda each: each.atom.newest))
        elif last is not None and not first.atom.dated and last >= max(first.atom.day, 2):
            ends, stays = Days(first.atom.day + last), Days(last)
            yield KEPT_TWICE_AS_LONG.at(
                configuration.span(first),
                f"the bytes go only after {ends}: noncurrent versions stay {stays}",
                remedy=Advise(in_words_of(configuration.written.form, KEPT_TWICE_AS_LONG.help)),
            )


def _newest_stay(
    configuration: AcceptedConfiguration, first: Action, keeping: Action
) -> Diagnostic:
    form = configuration.written.form
    old, newest = spelt(_OLD, form), spelt("NewerNoncurrentVersions", form)
    return KEEPS_THE_DELETED.at(
        configuration.written.place(f"{keeping.placed.path}.{_OLD}.NewerNoncurrentVersions"),
        f"the newest {keeping.atom.newest} noncurrent versions are kept for ever",
        also=[(configuration.span(first), "also of what expires here")],
        remedy=Advise(f"add a rule with a later `{old}` and no `{newest}`"),
        severity=Severity.WARNING,
    )


def _once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The first at each place of each kind."""
    seen: set[object] = set()
    for each in found:
        what = each.kind.code, each.place
        if what not in seen:
            seen.add(what)
            yield each
