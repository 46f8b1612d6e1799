"""A bucket's program → its rules: one per unit, and one more where S3 wants two."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from firnline.language.model import Timeline
from firnline.language.units import Days
from firnline.rules.ir import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.rules.law import LONGEST_ID
from firnline.rules.program import Clock, Program, Unit, timeline_of

MARKERS = "+delete-markers"


def lower(program: Program) -> RuleSet:
    """The rules of every bucket of the program, sorted by ID; never none, as S3 takes no fewer."""
    rules = [rule for unit in program.units for rule in rules_of(unit, program)]
    if not rules:
        return placeholder(program.namespace)
    return RuleSet(tuple(sorted(rules, key=lambda rule: rule.id)))


def placeholder(namespace: str) -> RuleSet:
    """What a bucket gets about which nothing is asked: one disabled rule.

    A configuration needs a rule and a rule an action, disabled or not (S3, captured 2026-09-21).
    Aborting uploads a year old is the action that would harm least if somebody enabled it.
    """
    rule = Rule(
        id=placeholder_id(namespace),
        filter=Filter(),
        enabled=False,
        aborts_uploads_after=Days(365),
    )
    return RuleSet((rule,))


def placeholder_id(namespace: str) -> str:
    return f"firnline/{namespace}/nothing-asked"


def rule_id(unit: Unit, namespace: str, *, suffix: str = "") -> str:
    """`firnline/<namespace>/<policy>/<retention>`, with the prefix where a list of them is written.

    What a policy says at its top level is its `*`, which no retention can be called. A prefix too
    long for S3's 255 characters gives way to its hash, never to a position in a list.
    """
    named = f"{unit.retention.name.value}" if unit.retention else "*"
    start = f"firnline/{namespace}/{unit.policy.name.value}/{named}{suffix}"
    if unit.retention is None or not unit.retention.listed:
        return start
    whole = f"{start}:{unit.prefix}"
    if id_length(whole) <= LONGEST_ID:
        return whole
    return f"{start}:{sha256(unit.prefix.encode()).hexdigest()[:16]}"


def id_length(rule_id: str) -> int:
    """In UTF-16 units, as S3 counts the characters of tags (captured 2026-09-21); how it counts
    those of IDs is not known, and this is the longer of the two."""
    return len(rule_id.encode("utf-16-le")) // 2


def rules_of(unit: Unit, program: Program) -> Iterator[Rule]:
    """The rules of one unit; none where it asks for nothing."""
    namespace = program.namespace
    objects = timeline_of(unit, Clock.OBJECTS)
    old_versions = timeline_of(unit, Clock.OLD_VERSIONS)
    expires = objects.ends if objects else None
    markers_go = _ends(timeline_of(unit, Clock.DELETE_MARKERS)) is not None
    old_end = _ends(old_versions)
    main = Rule(
        id=rule_id(unit, namespace),
        filter=Filter(prefix=unit.prefix),
        transitions=tuple(
            Transition(move.after, move.storage_class)
            for move in (objects.moves if objects else ())
        ),
        expires=expires,
        # S3 takes Days or ExpiredObjectDeleteMarker in one Expiration, not both (MalformedXML).
        removes_sole_markers=markers_go and expires is None,
        noncurrent_transitions=tuple(
            NoncurrentTransition(move.after, move.storage_class)
            for move in (old_versions.moves if old_versions else ())
        ),
        noncurrent_expires=NoncurrentExpiration(old_end) if old_end is not None else None,
        aborts_uploads_after=_ends(timeline_of(unit, Clock.UPLOADS)),
    )
    if main != Rule(id=main.id, filter=main.filter):
        yield main
    if markers_go and expires is not None:
        yield Rule(
            id=rule_id(unit, namespace, suffix=MARKERS),
            filter=main.filter,
            removes_sole_markers=True,
        )


def _ends(timeline: Timeline | None) -> Days | None:
    return timeline.ends if timeline else None
