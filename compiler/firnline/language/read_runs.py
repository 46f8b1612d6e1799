"""The `runs` of a policy → `RunRetention`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from firnline.language.nodes import Map, Node, Text
from firnline.language.run_retentions import (
    Checkpoints,
    CheckpointsOf,
    Goal,
    KeepBest,
    RunMetadata,
    RunRetention,
)
from firnline.language.said import Said
from firnline.language.units import parse_duration
from firnline.language.values import choice, entries_of, one_or_many, said_under, whole_number
from firnline.s3.terms import Days

ReadDuration: TypeAlias = Callable[[Node | None, str, Callable[[str], Days]], Said[Days] | None]


def run_retentions_in(node: Node | None, duration: ReadDuration) -> Iterator[RunRetention]:
    """`duration` reads one under a key of a map, and reports what is none."""
    for name, settings in entries_of(node):
        yield RunRetention(
            span=settings.span,
            name=Said(name.value, name.span),
            registry=said_under(settings, "from", ""),
            experiments=one_or_many(settings.get("experiments")),
            keep_best=_keep_best(settings.get("keep_best")),
            keep_younger_than=duration(settings, "keep_younger_than", parse_duration),
            keep_read_within=duration(settings, "keep_read_within", parse_duration),
            abandoned_after=duration(settings, "abandoned_after", parse_duration),
            checkpoints=_checkpoints(settings.get("checkpoints")),
            metadata=choice(settings.get("metadata"), RunMetadata),
        )


def _keep_best(node: Node | None) -> KeepBest | None:
    """None where part of it is missing: that was reported, and nothing is compiled."""
    if not isinstance(node, Map):
        return None
    count, goal = node.get("count"), choice(node.get("goal"), Goal)
    metric = said_under(node, "metric", "")
    if not isinstance(count, Text) or goal is None:
        return None
    return KeepBest(node.span, whole_number(count), metric.value, goal.value)


def _checkpoints(node: Node | None) -> Checkpoints | None:
    if not isinstance(node, Map):
        return None
    newest, of = node.get("keep_newest"), one_or_many(node.get("of"))
    match = one_or_many(node.get("match"))
    if not isinstance(newest, Text):
        return None
    return Checkpoints(
        span=node.span,
        match=match,
        keep_newest=whole_number(newest),
        of=tuple(CheckpointsOf(each.value) for each in of),
    )
