"""Rules in words: for each prefix what happens to its objects, on which day.

On a bucket that keeps versions, what an expiration frees, and when, is always stated: it only adds
a delete marker, and the bytes are freed when noncurrent versions expire (S3 User Guide, "Expiring
objects").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from firnline.diagnostics.visible import visible, width
from firnline.diagnostics.wrapping import wrapped
from firnline.s3.compare.by_filter import FilterOutcome, outcome_of
from firnline.s3.model import Filter, MinimumSize, Rule, RuleSet
from firnline.s3.phrases import after_in_words, from_size, newest_excepted, to_size, when_in_words
from firnline.s3.terms import Days, Versioning, When, freed_at

EVERYTHING = "(everything)"
SEPARATOR = " · "
_WIDEST_SUBJECT = 32


@dataclass(frozen=True, slots=True)
class Line:
    """What the rules of one filter do; `ours` is False where they are foreign."""

    filter: Filter
    says: tuple[str, ...]
    rule_ids: tuple[str, ...]
    enabled: bool = True
    ours: bool = True

    @property
    def subject(self) -> str:
        return subject_of(self.filter)

    @property
    def text(self) -> str:
        return SEPARATOR.join(self.says)


def describe(
    rules: RuleSet,
    versioning: Versioning | None,
    is_ours: Callable[[str], bool] = lambda _: True,
) -> tuple[Line, ...]:
    """By prefix, disabled rules last. `versioning` is None where it is not known. Rules of one
    filter make one line, ours and foreign ones separately.
    """

    def group(rule: Rule) -> tuple[bool, tuple[str, str], bool]:
        return not rule.enabled, place_of(rule.filter), not is_ours(rule.id)

    found = groupby(sorted(rules.rules, key=lambda rule: (group(rule), rule.id)), key=group)
    return tuple(
        _line(list(same), disabled, foreign, rules, versioning)
        for (disabled, _, foreign), same in found
    )


def to_text(lines: Iterable[Line], columns: int = 100, indent: str = "") -> str:
    """Plain text in two columns, no wider than `columns`, without a line end."""
    listed = list(lines)
    subject_width = column_of([line.subject for line in listed])
    return "\n".join(row for line in listed for row in _rows(line, subject_width, columns, indent))


def column_of(subjects: Iterable[str]) -> int:
    """How wide the column of subjects is; a longer one has a row of its own."""
    widths = [width(subject) for subject in subjects]
    return max([each for each in widths if each <= _WIDEST_SUBJECT], default=0)


def notes(rules: RuleSet, versioning: Versioning | None) -> tuple[str, ...]:
    """Notes on the bucket as a whole."""
    active = [rule for rule in rules.rules if rule.enabled]
    found = [] if active else ["no rule is enabled: nothing is moved or deleted"]
    if any(rule.moves for rule in active):
        match rules.minimum_size:
            case MinimumSize.ALL_128K:
                found.append("objects under 128KiB do not move")
            case MinimumSize.VARIES:
                found.append("objects under 128KiB move to GLACIER and DEEP_ARCHIVE only")
            case _:
                assert_never(rules.minimum_size)
    if versioning is Versioning.OFF and any(map(_acts_on_versions, active)):
        found.append("noncurrent-version rules have no effect: the bucket was never versioned")
    return tuple(found)


def subject_of(filter: Filter) -> str:
    """Which objects: `models/ where class=legal, 128KiB or larger`."""
    prefix = visible(filter.prefix)
    if prefix != prefix.strip():
        prefix = f'"{prefix}"'
    limits = [f"{visible(key)}={visible(value)}" for key, value in filter.tags]
    if filter.larger_than is not None:
        least = filter.larger_than + 1
        limits.append("not empty" if least == 1 else from_size(least))
    if filter.smaller_than is not None:
        limits.append(to_size(filter.smaller_than - 1))
    where = f" where {', '.join(limits)}" if limits else ""
    return (prefix or EVERYTHING) + where


def place_of(filter: Filter) -> tuple[str, str]:
    """Sorts lines: by prefix."""
    return filter.prefix, repr(filter)


def packed(says: Iterable[str], room: int) -> list[str]:
    """The phrases in rows; one is broken only where it alone is longer than a row."""
    room = max(room - len(SEPARATOR.rstrip()), 30)
    rows: list[str] = []
    for phrase in says:
        if rows and width(rows[-1]) + len(SEPARATOR) + width(phrase) <= room:
            rows[-1] += SEPARATOR + phrase
            continue
        if rows:
            rows[-1] += SEPARATOR.rstrip()
        rows += wrapped(phrase, room)
    return rows


def _line(
    same: list[Rule],
    disabled: bool,
    foreign: bool,
    rules: RuleSet,
    versioning: Versioning | None,
) -> Line:
    active = [rule for rule in rules.rules if rule.enabled]
    outcome = outcome_of(same, active)
    says = [*(_if_enabled(outcome) if disabled else _happens(outcome, versioning))]
    if disabled:
        says = ["disabled, does nothing" + (f" (would be: {', '.join(says)})" if says else "")]
    return Line(
        filter=same[0].filter,
        says=tuple(says) or ("nothing happens",),
        rule_ids=tuple(rule.id for rule in same),
        enabled=not disabled,
        ours=not foreign,
    )


def _happens(outcome: FilterOutcome, versioning: Versioning | None) -> Iterator[str]:
    yield from _moves(outcome)
    if outcome.end is not None:
        yield _ends(outcome.end, outcome.old_versions_end, outcome.newest_stay, versioning)
    if outcome.sooner is not None:
        age, rule_id = outcome.sooner
        yield f"but `{visible(rule_id)}` matches too: deleted after {age}"
    if versioning is not Versioning.OFF:
        yield from _old_versions(outcome, outcome.old_versions_end)
        if outcome.removes_sole_markers:
            yield "expired object delete markers are removed"
    yield from _uploads(outcome)


def _if_enabled(outcome: FilterOutcome) -> Iterator[str]:
    yield from _moves(outcome)
    if outcome.end is not None:
        yield f"deleted {after_in_words(outcome.end)}"
    yield from _old_versions(outcome, None)
    yield from _uploads(outcome)


def _moves(outcome: FilterOutcome) -> Iterator[str]:
    for step in outcome.moves:
        yield f"{visible(step.storage_class)} {after_in_words(step.when)}"


def _ends(end: When, old_end: Days | None, kept: int | None, versioning: Versioning | None) -> str:
    match versioning:
        case Versioning.OFF:
            return f"deleted {after_in_words(end)}"
        case Versioning.ENABLED:
            return f"unreadable {after_in_words(end)}, {_bytes_go(end, old_end, kept)}"
        case Versioning.SUSPENDED:
            # A null version is overwritten by the null delete marker, one with an ID becomes
            # noncurrent (S3 User Guide, lifecycle and versioning).
            at_once = f"null versions are gone {when_in_words(end, preposition='at')}"
            freed = _bytes_go(end, old_end, kept, at_once)
            return f"unreadable {after_in_words(end)}, {freed}"
        case None:
            freed = _bytes_go(end, old_end, kept)
            return f"deleted {after_in_words(end)}; where versions are kept, {freed}"
        case _:
            assert_never(versioning)


def _bytes_go(end: When, old_end: Days | None, kept: int | None, besides: str = "") -> str:
    if old_end is None:
        stay = f"the {kept} newest noncurrent versions" if kept else "noncurrent versions"
        return f"bytes stay: {stay} never expire" + (f" ({besides})" if besides else "")
    freed = freed_at(end, old_end)
    gone = f"{old_end} later" if freed is None else f"after {freed}"
    return (
        f"bytes gone {gone} ("
        + "; ".join(filter(None, [f"noncurrent versions expire {old_end} later", besides]))
        + ")"
    )


def _old_versions(outcome: FilterOutcome, said: Days | None) -> Iterator[str]:
    """`said`: the expiration of noncurrent versions that the line states already."""
    for move in outcome.old_moves:
        kept = _kept(move.newer_versions)
        replaced = f"{move.after} after they are replaced"
        yield f"noncurrent versions to {visible(move.storage_class)} {replaced}{kept}"
    for end in outcome.old_ends:
        kept = _kept(end.newer_versions)
        if kept or end.after != said:
            yield f"noncurrent versions expire {end.after} after they are replaced or deleted{kept}"


def _kept(newest: int | None) -> str:
    return f",{newest_excepted(newest)}" if newest else ""


def _uploads(outcome: FilterOutcome) -> Iterator[str]:
    if outcome.aborts_uploads_after is not None:
        yield f"incomplete multipart uploads aborted after {outcome.aborts_uploads_after}"


def _acts_on_versions(rule: Rule) -> bool:
    return bool(rule.noncurrent_transitions or rule.noncurrent_expires or rule.removes_sole_markers)


def _kept_rules(line: Line) -> str:
    ids = ", ".join(f"`{visible(each)}`" for each in line.rule_ids)
    return f"{'kept rules' if len(line.rule_ids) > 1 else 'kept rule'} {ids}"


def _rows(line: Line, subject_width: int, columns: int, indent: str) -> Iterator[str]:
    hanging = indent + " " * (subject_width + 3)
    said = line.says if line.ours else (f"[{_kept_rules(line)}]", *line.says)
    rows = packed(said, columns - len(hanging))
    if width(line.subject) > subject_width:
        yield from (indent + row for row in wrapped(line.subject, columns - len(indent), hanging=2))
    else:
        padding = " " * (subject_width - width(line.subject) + 3)
        yield indent + line.subject + padding + rows.pop(0)
    yield from (hanging + row for row in rows)
