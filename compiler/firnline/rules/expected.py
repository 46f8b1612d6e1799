"""Does S3 do with an object what its users expect? Cases and the rules of buckets → outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity, in_order
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise
from firnline.language.expectations import Case, Expected, Fate
from firnline.language.model import matches
from firnline.language.nearest import did_you_mean
from firnline.language.shape_kinds import UNKNOWN_NAME
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.fate import Course, course_of, item_of
from firnline.rules.kept_acts import kept_called
from firnline.rules.owners import Ownership, ownership
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Clock, Versioning

_LISTED: Final = 3
_TMP = "retain: {tmp: {prefix: tmp/, delete_after: 7d}}"
_START = "firnline: expectations/v1\ncases:\n"
NOT_AS_EXPECTED = Kind(
    code="FL414",
    name="not-as-expected",
    severity=Severity.ERROR,
    title="S3 would not do what is expected",
    why=(
        "An expectation says what somebody relies on. It is compared with what S3 does by the"
        " compiled rules, in every bucket that it is for, and under each versioning that is"
        " possible there."
    ),
    help="change the retention, or what is expected of it",
    wrong={
        "policy.yaml": _TMP,
        "expectations.yaml": f"{_START}  upload: {{key: tmp/x, expect: {{14d: kept}}}}\n",
    },
    right={
        "policy.yaml": _TMP,
        "expectations.yaml": f"{_START}  upload: {{key: tmp/x, expect: {{6d: kept, 7d: gone}}}}\n",
    },
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is expected at one age, the keys of the buckets in which it was judged, and why it does
    not hold, if so. Where no bucket fits the case, nothing was judged, and the failure is the
    case's own.
    """

    case: Case
    expected: Expected
    buckets: tuple[str, ...]
    failure: Diagnostic | None

    @property
    def is_judged(self) -> bool:
        return bool(self.buckets)


def outcomes(case: Case, buckets: Sequence[BucketRules]) -> Iterator[Outcome]:
    """One for each age; `buckets` are all that there are."""
    fitting = [each for each in buckets if _fits(case, each)]
    keys = tuple(each.bucket.key for each in fitting)
    courses = _courses(case, fitting)
    for expected in case.expected:
        failure = _failure(case, expected, courses) if fitting else _no_bucket(case, buckets)
        yield Outcome(case, expected, keys, failure)


def failures(cases: Sequence[Case], buckets: Sequence[BucketRules]) -> tuple[Diagnostic, ...]:
    found = (each.failure for case in cases for each in outcomes(case, buckets))
    return in_order(each for each in found if each)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What happens in buckets that share their rules, under each versioning that they may have."""

    sample: BucketRules
    keys: tuple[str, ...]
    courses: tuple[Course, ...]


def _courses(case: Case, fitting: Sequence[BucketRules]) -> tuple[_Judged, ...]:
    alike: dict[tuple[int, Versioning | None], list[BucketRules]] = {}
    for each in fitting:
        alike.setdefault((id(each.rules), each.bucket.versioning), []).append(each)
    judged = []
    for (_, versioning), group in alike.items():
        possible = (versioning,) if versioning else (Versioning.ENABLED, Versioning.OFF)
        courses = tuple(course_of(case, group[0].rules, each) for each in possible)
        judged.append(_Judged(group[0], tuple(each.bucket.key for each in group), courses))
    return tuple(judged)


def _failure(case: Case, expected: Expected, judged: Sequence[_Judged]) -> Diagnostic | None:
    """The first course in which it does not hold, and all buckets of which that is true."""
    failing = [
        (group, course)
        for group in judged
        for course in group.courses
        if not course.is_as(expected)
    ]
    if not failing:
        return None
    group, course = failing[0]
    keys = [
        key for each in judged if any(each is other for other, _ in failing) for key in each.keys
    ]
    owning = _ownership(case, group.sample)
    owner = owning.owner if owning else None
    return NOT_AS_EXPECTED.at(
        expected.span,
        course.against(expected),
        also=[(owner.unit.span.first_line, f"{owner.unit.called} decides")] if owner else (),
        notes=[
            _where(keys, group, course, expected),
            *_reservations(owning, expected),
        ],
    )


def _where(keys: Sequence[str], group: _Judged, course: Course, expected: Expected) -> str:
    more = f" and {len(keys) - _LISTED:,} more" if len(keys) > _LISTED else ""
    only = ""
    if any(each.is_as(expected) for each in group.courses):
        keeps = "keeps" if course.versioning is Versioning.ENABLED else "never kept"
        only = f", if the bucket {keeps} versions: whether it does is not known"
    return f"in {', '.join(keys[:_LISTED])}{more}{only}"


def _reservations(ownership: Ownership | None, expected: Expected) -> Iterator[str]:
    """Why it stays, in words of policies."""
    if ownership is None:
        return
    owner = ownership.owner
    if ownership.kept:
        by = ", ".join(kept_called(rule.id) for rule in ownership.kept)
        yield f"no retention covers it, but a rule of others that is kept acts: {by}"
    elif owner is None:
        yield "no retention covers it: it stays"
    if owner is not None and expected.fate is not Fate.KEPT:
        for hold in owner.unit.holds:
            yield (
                f"hold `{hold.name.value}` keeps it:"
                " no rule of Firnline's deletes it while that lasts"
            )
        if owner.unit.waits_for_registries:
            yield "`delete_when: unreferenced`: no rule deletes it, only `firnline gc` may"


def _ownership(case: Case, sample: BucketRules) -> Ownership | None:
    """Of the clock that runs for the item."""
    if sample.program is None:
        return None
    match case.item:
        case ItemKind.DELETE_MARKER:
            clock = Clock.DELETE_MARKERS
        case ItemKind.MULTIPART_UPLOAD:
            clock = Clock.MULTIPART_UPLOADS
        case ItemKind.OBJECT_VERSION:
            old = case.overwritten_at is not None
            clock = Clock.NONCURRENT_VERSIONS if old else Clock.OBJECTS
        case _:
            assert_never(case.item)
    found = ownership(sample.program, item_of(case))
    return next(each for each in found if each.clock is clock)


def _fits(case: Case, rules: BucketRules) -> bool:
    account, name = rules.bucket.account, rules.bucket.name
    in_account = not case.accounts or any(matches(account, each.value) for each in case.accounts)
    return in_account and (
        not case.buckets or any(matches(name, each.value) for each in case.buckets)
    )


def _no_bucket(case: Case, buckets: Sequence[BucketRules]) -> Diagnostic:
    """At the first name that fits nothing."""
    accounts = {each.bucket.account for each in buckets}
    names = {each.bucket.name for each in buckets}
    for said, known, what in (
        *((said, accounts, "account") for said in case.accounts),
        *((said, names, "bucket") for said in case.buckets),
    ):
        if not any(matches(each, said.value) for each in known):
            listed = ", ".join(sorted(known)[:_LISTED])
            is_in_pattern = any(matches(said.value, each) for each in known)
            remedy = did_you_mean(said.value, sorted(known)) or Advise(
                _RESOLVE if is_in_pattern or not known else f"the policies cover: {listed}"
            )
            message = f"the policies cover no {what} `{said.value}`"
            return UNKNOWN_NAME.at(said.span, message, remedy=remedy)
    place: Span = case.buckets[0].span if case.buckets else case.span
    return UNKNOWN_NAME.at(place, "no bucket fits this case", remedy=Advise(_RESOLVE))


_RESOLVE: Final = "write exact names in `applies_to`, or run `firnline resolve`"
