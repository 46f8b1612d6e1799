"""What does a policy require for one bucket, with `per_account` and `per_bucket` merged key by
key?
"""

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

SETTING_SAID_TWICE = Kind(
    code="FL702",
    name="claimed-twice",
    severity=Severity.ERROR,
    title="one setting of one bucket is said differently twice",
    why="A bucket does what all policies that apply to it say; here they contradict each other.",
    help="say it in one place, or say the same in both",
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
    title="a move is left out where an override deletes before it",
    why="An override that shortens a life drops the moves that it no longer reaches, and says so.",
    help="write `never` for the move in the override, to say that it is meant",
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
        settled = self._settle(root)
        assert isinstance(settled, Map)
        self.root = settled

    def _settle(self, node: Node) -> Node:
        if isinstance(node, List):
            return List(node.span, tuple(self._settle(item) for item in node.items))
        if not isinstance(node, Map):
            return node
        base = {key.value: (key, value) for key, value in node.entries if key.value not in KEYS}
        chosen = list(self._chosen(node))
        said: dict[str, tuple[Text, Node]] = {}
        for override in chosen:
            self.used.append(override.span)
            if override.span in self.damaged:
                self.damaged.add(node.span)
            said = self._merge(said, override, contradicting=True)
        merged = self._merge(base, Map(node.span, tuple(said.values())), contradicting=False)
        self._drop_unreached(merged, said)
        return Map(node.span, tuple((key, self._settle(value)) for key, value in merged.values()))

    def _chosen(self, node: Map) -> Iterator[Map]:
        for key in KEYS:
            choices = node.get(key)
            for pattern, override in choices.entries if isinstance(choices, Map) else ():
                if matches(self._names[key], pattern.value) and isinstance(override, Map):
                    yield override

    def _merge(
        self, base: dict[str, tuple[Text, Node]], more: Map, *, contradicting: bool
    ) -> dict[str, tuple[Text, Node]]:
        """Key by key; two overrides must not contradict each other."""
        merged = dict(base)
        for key, value in more.entries:
            before = merged.get(key.value)
            if before and isinstance(before[1], Map) and isinstance(value, Map):
                inner = {each.value: (each, node) for each, node in before[1].entries}
                inner = self._merge(inner, value, contradicting=contradicting)
                merged[key.value] = (key, Map(before[1].span, tuple(inner.values())))
                continue
            if contradicting and before and not _same(before[1], value):
                self.found.append(
                    SETTING_SAID_TWICE.at(
                        value.span,
                        f"`{key.value}` of `{self._names['per_bucket']}` is overridden here",
                        also=[(before[1].span, "and differently here")],
                    )
                )
            merged[key.value] = (key, value)
        return merged

    def _drop_unreached(
        self, merged: dict[str, tuple[Text, Node]], said: dict[str, tuple[Text, Node]]
    ) -> None:
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


def _days(node: Node) -> Days | None:
    if not isinstance(node, Text):
        return None
    try:
        after = parse_after(node.value)
    except NotADuration:
        return None
    return after if isinstance(after, Days) else None


def _same(one: Node, other: Node) -> bool:
    return isinstance(one, Text) and isinstance(other, Text) and one.value == other.value
