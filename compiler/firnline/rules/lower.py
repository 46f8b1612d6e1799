"""A bucket's program → its rules: one per unit, and more where S3 requires separate rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from firnline.language.fingerprint import sha256_of
from firnline.language.model import TierTransition, Timeline
from firnline.rules.program import Program, Unit, timeline_of
from firnline.s3.law.limits import LONGEST_ID, SMALL_OBJECT
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock, Days

_MARKERS, _UPLOADS = _BY_PREFIX = ("+delete-markers", "+uploads")


@lru_cache(maxsize=256)  # a check counts them before they are emitted
def lower(program: Program) -> RuleSet:
    """The rules of every bucket of the program, with those of others that are kept, sorted by ID;
    at least one, as S3 requires.
    """
    # Actions that filter by prefix alone come once for each value of a tag: the same rule under the
    # same ID.
    by_id: dict[str, dict[Filter, Rule]] = {}
    for unit in program.units:
        for rule in rules_of(unit, program.namespace):
            by_id.setdefault(rule.id, {})[rule.filter] = rule
    size = program.minimum_size
    if not by_id and not program.kept:
        return replace(placeholder(program.namespace), minimum_size=size)
    rules = (*_with_distinct_ids(by_id), *program.kept)
    return RuleSet(tuple(sorted(rules, key=lambda rule: rule.id)), size)


def placeholder(namespace: str) -> RuleSet:
    """The rule of a bucket without requirements: one disabled rule.

    A configuration needs a rule and a rule an action, disabled or not (S3, captured 2026-09-21).
    Aborting uploads a year old would do the least harm if somebody enabled it.
    """
    rule = Rule(
        id=placeholder_id(namespace),
        filter=Filter(),
        enabled=False,
        aborts_uploads_after=Days(365),
    )
    return RuleSet((rule,))


def placeholder_id(namespace: str) -> str:
    # Buckets have this rule already: another name would be a change to each of them.
    return f"firnline/{namespace}/nothing-required"


def rule_id(unit: Unit, namespace: str, suffix: str = "") -> str:
    """`firnline/<namespace>/<policy>/<retention>`, with the prefix where the policy lists several,
    and the tags that have several values. The top level of a policy is `*`, a name that no
    retention can have. A part that makes the ID longer than S3's 255 characters is replaced by its
    hash, never by a position in a list.
    """
    retention = unit.retention
    named = retention.name.value if retention else "*"
    start = f"firnline/{namespace}/{unit.policy.name.value}/{named}"
    which = f":{unit.scope.prefix}" if retention and retention.listed else ""
    if retention and suffix not in _BY_PREFIX:
        several = {tag.key.value for tag in retention.tags if len(tag.values) > 1}
        which += "".join(f"?{key}={value}" for key, value in unit.scope.tags if key in several)
    whole = f"{start}{suffix}{which}"
    if not which or id_length(whole) <= LONGEST_ID:
        return whole
    return f"{start}{suffix}:{sha256_of(which)[:16]}"


def id_length(rule_id: str) -> int:
    """In UTF-16 units, as S3 counts the characters of tags (captured 2026-09-21); how it counts
    those of IDs is not known, and this is the longer of the two."""
    return len(rule_id.encode("utf-16-le")) // 2


# Two checks need the same rules before they are emitted. A unit is equal only to itself.
@lru_cache(maxsize=8_192)
def rules_of(unit: Unit, namespace: str) -> tuple[Rule, ...]:
    """The rules of one unit; none where it requires nothing.

    Transitions and expirations share a rule where they have the same filter. Delete markers and
    uploads, which S3 filters by prefix alone, share it where the filter is a prefix.
    """
    if unit.serves is not None:
        # Its expirations are in the rules of the unit it serves, its transitions in those of the
        # whole.
        return ()
    rules: tuple[Rule, ...] = ()
    for part in _parts(unit):
        rules = _joined(rules, part)
    return tuple(
        replace(rule, id=rule_id(unit, namespace, rule.id))
        for rule in rules
        if not rule.does_nothing
    )


def _with_distinct_ids(by_id: Mapping[str, Mapping[Filter, Rule]]) -> Iterator[Rule]:
    """Prefixes and values of tags may contain the characters that separate them in an ID: where two
    rules would share an ID, each gets a hash of its filter.
    """
    taken = set(by_id)
    for rules in by_id.values():
        if len(rules) == 1:
            yield from rules.values()
            continue
        for filter in sorted(rules, key=_as_text):
            hashed = sha256_of(_as_text(filter))
            names = (_ending_in(rules[filter].id, hashed[:size]) for size in range(16, 65))
            name = next(name for name in names if name not in taken)
            taken.add(name)
            yield replace(rules[filter], id=name)


def _as_text(filter: Filter) -> str:
    return json.dumps([filter.prefix, filter.tags, filter.larger_than, filter.smaller_than])


def _ending_in(rule_id: str, hashed: str) -> str:
    room = LONGEST_ID - len(hashed) - 1
    while id_length(rule_id) > room:
        rule_id = rule_id[:-1]
    return f"{rule_id}:{hashed}"


def _parts(unit: Unit) -> Iterator[Rule]:
    """Each with only the end of its ID."""
    objects, old = (
        timeline_of(unit, Clock.OBJECTS),
        timeline_of(unit.part or unit, Clock.NONCURRENT_VERSIONS),
    )
    ends, old_ends = _ends(objects), _ends(old)
    moves, old_moves = _moves(unit.clocks.objects), _moves(unit.clocks.old_versions)
    newest = old.keep_newest if old else None
    whole = _filter(unit.scope, 0)
    yield Rule(
        id="",
        filter=whole,
        expires=ends,
        noncurrent_expires=(
            NoncurrentExpiration(old_ends, newest.count if newest else None)
            if old_ends is not None
            else None
        ),
    )
    yield from _moving(unit, moves, old_moves)
    if newest and isinstance(newest.delete_after, Days):
        # Besides the rule that exempts the newest, one that expires them too: either may delete.
        yield Rule(
            id="+keep-newest",
            filter=whole,
            noncurrent_expires=NoncurrentExpiration(newest.delete_after),
        )
    by_prefix = Filter(prefix=unit.scope.prefix)
    yield Rule(
        id=_MARKERS,
        filter=by_prefix,
        removes_sole_markers=_ends(timeline_of(unit, Clock.DELETE_MARKERS)) is not None,
    )
    yield Rule(
        id=_UPLOADS,
        filter=by_prefix,
        aborts_uploads_after=_ends(timeline_of(unit, Clock.MULTIPART_UPLOADS)),
    )


def _moving(
    unit: Unit, moves: Iterable[TierTransition], old_moves: Iterable[TierTransition]
) -> Iterator[Rule]:
    """One rule for each size from which on objects move; those of small objects come second."""
    moves, old_moves = tuple(moves), tuple(old_moves)

    def filter_of(move: TierTransition) -> Filter:
        return _filter(
            unit.scope, unit.moves_from_into(move.storage_class), sized=unit.says_its_floor
        )

    by_size: dict[int, list[TierTransition]] = {}
    for move in (*moves, *old_moves):
        by_size.setdefault(unit.moves_from_into(move.storage_class), []).append(move)
    # S3 refuses a filter whose upper bound is below the size from which on objects move.
    possible = [
        size for size in by_size if unit.scope.at_most is None or size <= unit.scope.at_most
    ]
    filters = dict.fromkeys(filter_of(by_size[size][0]) for size in sorted(possible, reverse=True))
    for suffix, filter in zip(("+moves", "+small-moves"), filters, strict=False):
        yield Rule(
            id=suffix,
            filter=filter,
            transitions=tuple(
                Transition(move.after, move.storage_class)
                for move in moves
                if filter_of(move) == filter
            ),
            noncurrent_transitions=tuple(
                NoncurrentTransition(move.after, move.storage_class)
                for move in old_moves
                if filter_of(move) == filter
            ),
        )


def _filter(scope: Scope, moves_from: int, *, sized: bool = False) -> Filter:
    """The scope as a filter; for transitions, of objects from a size on.

    S3 leaves objects under 128 KiB where they are by itself, unless the rule has a size filter, so
    a prefix or a single tag needs no bound for that. A filter of several predicates always says
    its lower bound: the AWS provider would send an unset one as 0 (s3.terraform_provider).
    """
    lowest = max(scope.at_least, moves_from)
    larger_than = lowest - 1 if lowest else None
    is_cut = scope.at_least > 0 or scope.at_most is not None
    sized = sized or is_cut or moves_from not in (0, SMALL_OBJECT)
    filter = Filter(
        prefix=scope.prefix,
        tags=scope.tags,
        larger_than=larger_than if sized else None,
        smaller_than=scope.at_most + 1 if scope.at_most is not None else None,
    )
    if filter.joined and filter.larger_than is None:
        return replace(filter, larger_than=max(lowest - 1, 0))
    return filter


def _joined(rules: tuple[Rule, ...], part: Rule) -> tuple[Rule, ...]:
    """With the part in a rule that has the same filter and no such action yet, else by itself."""
    for place, rule in enumerate(rules):
        # S3 accepts Days or ExpiredObjectDeleteMarker in one Expiration, not both (MalformedXML).
        full = (rule.expires is not None and part.removes_sole_markers) or (
            rule.noncurrent_expires is not None and part.noncurrent_expires is not None
        )
        if rule.filter == part.filter and not full:
            return (*rules[:place], _sum(rule, part), *rules[place + 1 :])
    return (*rules, part)


def _sum(rule: Rule, part: Rule) -> Rule:
    if part.does_nothing:
        return rule
    return Rule(
        rule.id,
        rule.filter,
        transitions=rule.transitions or part.transitions,
        expires=rule.expires if rule.expires is not None else part.expires,
        removes_sole_markers=rule.removes_sole_markers or part.removes_sole_markers,
        noncurrent_transitions=rule.noncurrent_transitions or part.noncurrent_transitions,
        noncurrent_expires=rule.noncurrent_expires or part.noncurrent_expires,
        aborts_uploads_after=rule.aborts_uploads_after or part.aborts_uploads_after,
    )


def _moves(timeline: Timeline | None) -> tuple[TierTransition, ...]:
    return timeline.moves if timeline else ()


def _ends(timeline: Timeline | None) -> Days | None:
    return timeline.ends if timeline else None
