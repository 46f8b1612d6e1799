"""Do objects expire when the rules seem to say, and is it worth moving them before?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import AddKey, Advise
from firnline.lint.kinds import GOOD, file
from firnline.lint.placed import Config, Placed
from firnline.rules.checks.delete_frees_nothing import DELETE_FREES_NOTHING
from firnline.rules.checks.longer_child import LONGER_CHILD
from firnline.rules.checks.minimum_duration import MINIMUM_DURATION
from firnline.s3.law.classes import minimum_stay
from firnline.s3.model import Filter
from firnline.s3.phrases import after_in_words
from firnline.s3.terms import Days

_WHOLE = {"ID": "all", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}
EVERYTHING_ENDS: Final = Kind(
    code="FL240",
    name="everything-ends",
    severity=Severity.WARNING,
    title="everything in the bucket is deleted",
    why="A rule without a filter covers every object, including those that others will put there.",
    help="name the prefix under which objects may be deleted",
    wrong=file(_WHOLE),
    right=file({**_WHOLE, "Filter": {"Prefix": "tmp/"}}),
)
_KEPT = {**GOOD, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
KEPT_TWICE_AS_LONG: Final = Kind(
    code="FL242",
    name="kept-twice-as-long",
    severity=Severity.WARNING,
    title="the bytes stay at least twice as long as the rule seems to say",
    why=(
        "Where versions are kept, `Expiration` only makes the object an old version, and"
        " `NoncurrentDays` count from that day on (S3 User Guide)."
    ),
    help="let old versions end sooner: as many days as a deleted object must be recoverable",
    wrong=file(_KEPT),
    right=file({**_KEPT, "NoncurrentVersionExpiration": {"NoncurrentDays": 7}}),
)


def everything_ends(config: Config) -> Iterator[Diagnostic]:
    for each in config.rules:
        if each.rule.expires is not None and each.rule.filter == Filter():
            message = f"every object is deleted {after_in_words(each.rule.expires)}"
            yield EVERYTHING_ENDS.at(config.end_span(each), message)


def cut_short(config: Config) -> Iterator[Diagnostic]:
    """Objects that a wider rule expires sooner."""
    for each in config.rules:
        first = config.first_end(each)
        if each.end is None or first is None or first.end is None or first.end >= each.end:
            continue
        yield LONGER_CHILD.at(
            config.end_span(each),
            f"you ask for {Days(each.end)}, S3 deletes at {Days(first.end)}",
            also=[(config.end_span(first), "S3 applies this rule too")],
            notes=["S3 has no exclusions: when two rules match, the earlier deletion wins"],
            remedy=Advise("narrow the prefix of the shorter-lived rule, or let it live longer"),
        )


def short_stay(config: Config) -> Iterator[Diagnostic]:
    """In the last class before the expiration; between two transitions of a rule S3 itself requires
    the days.
    """
    for each in config.rules:
        moves = [move for move in each.rule.transitions if isinstance(move.when, Days)]
        first = config.first_end(each)
        if not moves or first is None or first.end is None:
            continue
        last = max(moves, key=lambda move: int(move.when) if isinstance(move.when, Days) else 0)
        assert isinstance(last.when, Days)
        leaves = first.end
        if config.keeps_versions:
            old = _old_end(config, each)
            if old is None:
                continue
            leaves += old
        least = minimum_stay(last.storage_class)
        stays, wanted = leaves - last.when, least.value if least else Days(0)
        if last.when < first.end and stays < wanted:
            number = each.rule.transitions.index(last)
            yield MINIMUM_DURATION.at(
                config.end_span(first),
                f"{int(stays)} days in {last.storage_class}, and {int(wanted)} are billed",
                also=[
                    (
                        config.written.place(f"{each.path}.Transitions[{number}].Days"),
                        f"{last.storage_class} since here",
                    )
                ],
            )


def frees_nothing(config: Config) -> Iterator[Diagnostic]:
    """Where versions are kept, bytes are freed when old versions expire, if ever."""
    if not config.keeps_versions:
        return
    for each in config.rules:
        if each.rule.expires is None:
            continue
        old = _old_end(config, each)
        span = config.end_span(each)
        if old is None:
            yield DELETE_FREES_NOTHING.at(
                span,
                "where versions are kept, this only adds a delete marker",
                notes=["no rule ends the old versions of what this one deletes"],
                remedy=AddKey("NoncurrentVersionExpiration", to="this rule"),
                severity=Severity.WARNING if config.versioning is None else Severity.ERROR,
            )
        elif each.end is not None and old >= each.end:
            yield KEPT_TWICE_AS_LONG.at(
                span,
                f"the bytes go only after {Days(each.end + old)}: old versions stay {old} days",
            )


def _old_end(config: Config, placed: Placed) -> int | None:
    """When the last old version is removed, in days after it became noncurrent."""
    ends = [
        int(each.rule.noncurrent_expires.after)
        for each in config.over(placed)
        if each.rule.noncurrent_expires is not None
    ]
    return min(ends, default=None)
