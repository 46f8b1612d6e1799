"""Is there a rule, or a transition of one, whose removal changes nothing for anything?

Decided as the proof decides whether two configurations are the same: in every group of objects,
from every class and age, under every versioning that is possible, with Object Lock or without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.lint.cuts import Cut
from firnline.lint.kinds import GOOD, file
from firnline.lint.placed import AcceptedConfiguration, Action
from firnline.lint.regions import Region
from firnline.lint.written import Form
from firnline.rules.checks.unreachable_step import UNREACHABLE_STEP
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.same import ANY

IDLE_RULE: Final = Kind(
    code="FL241",
    name="idle-rule",
    severity=Severity.WARNING,
    title="removing this rule changes nothing for any object",
    why=(
        "Other rules do the same to everything that this one covers, or act before it. A person who"
        " changes one of them will not know of the other."
    ),
    help="remove it, or change what should be different here",
    wrong=file(GOOD, {**GOOD, "ID": "again"}),
    right=file(GOOD, {**GOOD, "ID": "again", "Filter": {"Prefix": "tmp/"}}),
)
DOES_NOTHING: Final = Kind(
    code="FL256",
    name="rule-does-nothing",
    severity=Severity.WARNING,
    title="S3 accepts this rule, and it does nothing",
    why=(
        "S3 accepts an `Expiration` that only says `ExpiredObjectDeleteMarker: false`, and nothing"
        " follows from it. Providers send that for an expiration that sets nothing, or 0 days."
    ),
    help="say after how many days objects expire, or remove the rule",
    wrong=file(
        {
            "ID": "logs",
            "Status": "Enabled",
            "Filter": {"Prefix": "logs/"},
            "Expiration": {"ExpiredObjectDeleteMarker": False},
        }
    ),
    right=file(GOOD),
)

_NO_MARKER: Final = {"ExpiredObjectDeleteMarker": False}
_ACTIONS: Final = frozenset(
    {
        "Expiration",
        "Transitions",
        "NoncurrentVersionTransitions",
        "NoncurrentVersionExpiration",
        "AbortIncompleteMultipartUpload",
    }
)
_NEVER_KEPT = ("it would count if the bucket kept versions",)
Removed = Sequence[Action]
"""The actions that are removed at once: those of a rule, or a transition alone."""


def does_nothing(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    """As it is sent, which may be less than what the file says."""
    for placed in configuration.rules:
        said = configuration.written.configuration["Rules"][placed.index]
        if said.get("Expiration") == _NO_MARKER and _ACTIONS & said.keys() == {"Expiration"}:
            as_sent = configuration.written.form in (Form.TERRAFORM, Form.PULUMI)
            yield DOES_NOTHING.at(
                configuration.written.place(f"{placed.path}.Expiration", key=True),
                "the provider sends `ExpiredObjectDeleteMarker: false` alone"
                if as_sent
                else "`ExpiredObjectDeleteMarker: false` is no action, and the rule has no other",
            )


def changes_nothing(
    configuration: AcceptedConfiguration, regions: Sequence[Region], cuts: Sequence[Cut]
) -> Iterator[Diagnostic]:
    """Of rules that stand in for each other the first one stays. A rule that another one cuts short
    does not count as idle: its author wants it to have an effect.
    """
    cut_short = {cut.stated.placed.index for cut in cuts}
    left = _Left(configuration, regions)
    for actions in reversed(_by_rule(configuration)):
        placed = actions[0].placed
        if placed.index in cut_short:
            continue
        if left.can_lose(actions):
            would_count = not left.can_lose(actions, ANY)
            left.lose(actions)
            other = next(left.instead_of(actions, _by_rule(configuration)), None)
            yield IDLE_RULE.at(
                configuration.name_span(placed),
                "nothing is treated differently without it",
                also=[(configuration.name_span(other[0].placed), "this rule makes it redundant")]
                if other
                else [],
                notes=_NEVER_KEPT if would_count else (),
                severity=Severity.NOTE if would_count else None,
            )
        else:
            yield from _idle_moves(configuration, left, [each for each in actions if each.is_move])


def _idle_moves(
    configuration: AcceptedConfiguration, left: _Left, moves: Sequence[Action]
) -> Iterator[Diagnostic]:
    for move in reversed(moves):
        if left.can_lose([move]):
            would_count = not left.can_lose([move], ANY)
            left.lose([move])
            other = next(left.instead_of([move], [[each] for each in configuration.actions]), None)
            yield UNREACHABLE_STEP.at(
                configuration.span(move),
                "nothing is treated differently without it",
                also=[(configuration.span(other[0]), "this makes it redundant")] if other else [],
                notes=_NEVER_KEPT if would_count else (),
                remedy=Advise(
                    "remove this transition, or let it come before what makes it needless"
                ),
                severity=Severity.NOTE if would_count else None,
            )


def _by_rule(configuration: AcceptedConfiguration) -> list[Removed]:
    found: dict[int, list[Action]] = {}
    for action in configuration.actions:
        found.setdefault(action.placed.index, []).append(action)
    return list(found.values())


class _Left:
    """The actions that remain while those that change nothing are removed, one after the other."""

    def __init__(self, configuration: AcceptedConfiguration, regions: Sequence[Region]) -> None:
        self._facts = Facts(configuration.versionings, locks=True)
        self._regions: dict[int, dict[Region, int]] = {}
        self._left = {region: (1 << len(region.actions)) - 1 for region in regions}
        for region in regions:
            for place, action in enumerate(region.actions):
                self._regions.setdefault(id(action), {})[region] = 1 << place

    def can_lose(self, removed: Removed, facts: Facts | None = None) -> bool:
        """Whether nothing is treated differently without these; by default, in a bucket of which is
        known what is known of this one.
        """
        return all(
            region.difference(left, left & ~bits, facts or self._facts) is None
            for region, bits in self._where(removed).items()
            for left in (self._left[region],)
        )

    def lose(self, removed: Removed) -> None:
        for region, bits in self._where(removed).items():
            self._left[region] &= ~bits

    def instead_of(self, lost: Removed, others: Iterable[Removed]) -> Iterator[Removed]:
        """Those that remain and make a lost one needless, each of them alone; none where it would
        do nothing by itself either.
        """
        where = self._where(lost)
        if not any(self._differ(region, 0, bits) for region, bits in where.items()):
            return
        for other in others:
            theirs = self._where(other)
            left = {region: theirs.get(region, 0) & self._left[region] for region in where}
            if all(left.values()) and not any(
                self._differ(region, left[region], left[region] | bits)
                for region, bits in where.items()
            ):
                yield other

    def _differ(self, region: Region, one: int, other: int) -> bool:
        return region.difference(one, other, self._facts) is not None

    def _where(self, removed: Removed) -> dict[Region, int]:
        """The regions that it reaches, with its bits in each."""
        found: dict[Region, int] = {}
        for action in removed:
            for region, bit in self._regions.get(id(action), {}).items():
                found[region] = found.get(region, 0) | bit
        return found
