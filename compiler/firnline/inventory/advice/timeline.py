"""When do objects below a prefix move, and into which class? What is proposed, and as rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter, NoncurrentExpiration, Rule, RuleSet, Transition
from firnline.s3.terms import Days, StorageClass


class Move(NamedTuple):
    after: int
    into: str


class Timeline(NamedTuple):
    """Smaller objects than `at_least` stay where they are. `ends`: the age at which objects are
    deleted, None where they never are.
    """

    moves: tuple[Move, ...] = ()
    at_least: int = SMALL_OBJECT
    ends: int | None = None


class Cleanup(NamedTuple):
    """The days after which old versions are deleted, `below` these prefixes, and uploads aborted in
    the whole bucket.
    """

    old_versions: int | None = None
    uploads: int | None = None
    below: tuple[str, ...] = ("",)


def rules_of(prefix: str, timeline: Timeline) -> Iterator[Rule]:
    """As a policy that says so is compiled, but for the names of the rules."""
    transitions = tuple(
        Transition(Days(move.after), StorageClass(move.into)) for move in timeline.moves
    )
    if transitions:
        larger = timeline.at_least - 1 if timeline.at_least > SMALL_OBJECT else None
        yield Rule(f"moves {prefix}", Filter(prefix, larger_than=larger), transitions=transitions)
    if timeline.ends is not None:
        yield Rule(f"ends {prefix}", Filter(prefix), expires=Days(timeline.ends))


def cleaning(cleanup: Cleanup) -> Iterator[Rule]:
    old, uploads, below = cleanup
    if old is not None:
        ends = NoncurrentExpiration(Days(old))
        for each in below:
            yield Rule(
                f"old {each}", Filter(each), removes_sole_markers=True, noncurrent_expires=ends
            )
    if uploads is not None:
        yield Rule("uploads", Filter(), aborts_uploads_after=Days(uploads))


def with_rules(live: RuleSet, *more: Rule) -> RuleSet:
    return RuleSet((*live.rules, *more), live.minimum_size)
