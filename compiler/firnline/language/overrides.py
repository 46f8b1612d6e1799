"""What does a policy require for one bucket, with its overrides merged key by key?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.model import Tier, matches
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.said import Said
from firnline.language.units import NotADuration, parse_after
from firnline.s3.terms import Days

KEYS = ("per_account", "per_bucket")
Entries = dict[str, tuple[Text, Node]]

SETTING_SAID_TWICE = Kind(
    code="FL702",
    name="claimed-twice",
    severity=Severity.ERROR,
    title="two different values are set for the same bucket",
    why=(
        "A bucket gets what all policies that apply to it require; here they contradict each other."
    ),
    help="set it in one place, or set the same value in both",
    wrong="""\
retain:
  checkpoints: {prefix: checkpoints/, delete_after: 90d}
  old-checkpoints: {prefix: checkpoints/, delete_after: 30d}
""",
    right="""\
retain:
  checkpoints: {prefix: checkpoints/, delete_after: 90d}
  old-checkpoints: {prefix: old-checkpoints/, delete_after: 30d}
""",
)
MOVE_DROPPED = Kind(
    code="FL324",
    name="move-dropped",
    severity=Severity.NOTE,
    title="a transition is left out where an override deletes before it",
    why=(
        "An override that deletes sooner drops the transitions that would come after the deletion,"
        " and reports each."
    ),
    help="write `never` for the transition in the override to confirm it",
    wrong="retain: {r: {prefix: r/, cold_after: 60d, delete_after: 180d,"
    " per_account: {lab: {delete_after: 44d}}}}",
    right="retain: {r: {prefix: r/, cold_after: 60d, delete_after: 180d,"
    " per_account: {lab: {cold_after: never, delete_after: 44d}}}}",
)


def overrides_in(node: Node) -> Iterator[tuple[str, Said[str]]]:
    """Every pattern under `per_account` or `per_bucket`, at any level, with that key."""
    if isinstance(node, Map):
        for key, value in node.entries:
            if key.value in KEYS and isinstance(value, Map):
                yield from ((key.value, Said(name.value, name.span)) for name, _ in value.entries)
            yield from overrides_in(value)


class Settled:
    """A policy's nodes as they apply to one bucket. `used` are the places of the overrides that
    apply: buckets with the same ones get the same policy. `damaged` are the maps that could only be
    read in part.
    """

    def __init__(self, root: Map, account: str, bucket: str, damaged: Collection[Span]) -> None:
        self.found: list[Diagnostic] = []
        self.used: list[Span] = []
        self.damaged = set(damaged)
        self._names = {"per_account": account, "per_bucket": bucket}
        self.root = self._settle(root)

    def _settle(self, node: Map) -> Map:
        return self._override(_plain(node), self._said(node))

    def _said(self, node: Map) -> Entries:
        """What the overrides that apply say, those of this map and of all maps in it."""
        said: Entries = {}
        for override in self._chosen(node):
            self.used.append(override.span)
            if override.span in self.damaged:
                self.damaged.add(node.span)
            # What an override overrides again is a refinement of itself, not a second opinion.
            said = self._join(said, self._settle(override))
        for key, value in _settings(node):
            if isinstance(value, Map) and (inner := self._said(value)):
                below = Map(value.span, tuple(inner.values()))
                said = self._join(said, Map(node.span, ((key, below),)))
        return said

    def _chosen(self, node: Map) -> Iterator[Map]:
        for key in KEYS:
            choices = node.get(key)
            for pattern, override in choices.entries if isinstance(choices, Map) else ():
                if matches(self._names[key], pattern.value) and isinstance(override, Map):
                    yield override

    def _join(self, said: Entries, more: Map) -> Entries:
        """Two overrides, neither of which may contradict the other."""
        joined = dict(said)
        for key, value in more.entries:
            before = joined.get(key.value)
            if before and isinstance(before[1], Map) and isinstance(value, Map):
                self._spread_damage(value, before[1])
                inner = self._join(_entries(before[1]), value)
                joined[key.value] = (key, Map(before[1].span, tuple(inner.values())))
                continue
            if before and not _same(before[1], value):
                self.found.append(
                    SETTING_SAID_TWICE.at(
                        value.span,
                        f"`{key.value}` of `{self._names['per_bucket']}` is overridden here",
                        also=[(before[1].span, "and differently here")],
                    )
                )
            joined[key.value] = (key, value)
        return joined

    def _override(self, base: Map, said: Entries) -> Map:
        merged = _entries(base)
        for name, (key, value) in said.items():
            before = merged.get(name)
            if before and isinstance(before[1], Map) and isinstance(value, Map):
                self._spread_damage(value, before[1])
                value = self._override(before[1], _entries(value))
            merged[name] = (key, value)
        self._drop_unreached(merged, said)
        return Map(base.span, tuple(merged.values()))

    def _spread_damage(self, part: Map, whole: Map) -> None:
        if part.span in self.damaged:
            self.damaged.add(whole.span)

    def _drop_unreached(self, merged: Entries, said: Entries) -> None:
        end = _days(said["delete_after"][1]) if "delete_after" in said else None
        # An object for `gc` lives past its least age while it is needed, and then still moves.
        if end is None or "delete_when" in merged:
            return
        for name in (tier.key for tier in Tier):
            if name in merged and name not in said:
                move = merged[name][1]
                day = _days(move)
                if day is not None and day >= end:
                    del merged[name]
                    self.found.append(
                        MOVE_DROPPED.at(
                            said["delete_after"][1].span,
                            f"deleted at {end}, so `{name}: {day}` does not hold there",
                            also=[(move.span, "left out where the override counts")],
                        )
                    )


def _plain(node: Map) -> Map:
    """Without overrides, at any level."""
    return Map(node.span, tuple((key, _plain_node(value)) for key, value in _settings(node)))


def _plain_node(node: Node) -> Node:
    if isinstance(node, List):
        return List(node.span, tuple(_plain_node(item) for item in node.items))
    return _plain(node) if isinstance(node, Map) else node


def _settings(node: Map) -> Iterator[tuple[Text, Node]]:
    """What is not an override; a tag may be called `per_account`, and has text as its value."""
    for key, value in node.entries:
        if key.value not in KEYS or not isinstance(value, Map):
            yield key, value


def _entries(node: Map) -> Entries:
    return {key.value: (key, value) for key, value in node.entries}


def _days(node: Node) -> Days | None:
    if not isinstance(node, Text):
        return None
    try:
        after = parse_after(node.value)
    except NotADuration:
        return None
    return after if isinstance(after, Days) else None


def _same(one: Node, other: Node) -> bool:
    if not (isinstance(one, Text) and isinstance(other, Text)):
        return False
    return one.value == other.value or (_days(one) is not None and _days(one) == _days(other))
