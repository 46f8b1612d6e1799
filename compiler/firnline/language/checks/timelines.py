"""Each clock of each retention, and of the whole bucket, that has a timeline."""

from collections.abc import Iterator
from itertools import pairwise

from firnline.language.model import Clocks, Policy, TierTransition, Timeline


def timelines(policy: Policy) -> Iterator[Timeline]:
    for clocks in every_clocks(policy):
        yield from (each for each in (clocks.objects, clocks.old_versions) if each is not None)


def next_transitions(policy: Policy) -> Iterator[tuple[TierTransition, TierTransition]]:
    """Every two transitions that follow each other on a clock."""
    for timeline in timelines(policy):
        yield from pairwise(timeline.moves)


def every_clocks(policy: Policy) -> Iterator[Clocks]:
    yield policy.whole_bucket
    yield from (retention.clocks for retention in policy.retentions)
