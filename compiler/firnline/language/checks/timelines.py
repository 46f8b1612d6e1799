"""Each clock of each retention, and of the whole bucket, that has a timeline."""

from collections.abc import Iterator

from firnline.language.model import Clocks, Policy, Timeline


def timelines(policy: Policy) -> Iterator[Timeline]:
    for clocks in every_clocks(policy):
        yield from (each for each in (clocks.objects, clocks.old_versions) if each is not None)


def every_clocks(policy: Policy) -> Iterator[Clocks]:
    yield policy.whole_bucket
    yield from (retention.clocks for retention in policy.retentions)
