"""What do facts leave open, so that nothing is concluded from it?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.visible import visible
from firnline.inventory.checks.seen import Seen, SeenBucket, policies_of
from firnline.inventory.coverage.tally import Tally
from firnline.s3.scope import sizes_apart


def not_told(seen: Seen) -> Iterator[str]:
    """As lines for people."""
    for bucket in seen.buckets:
        if missing := list(_missing(bucket)):
            yield (
                f"what is known of {bucket.facts} does not say {_listed(missing)}: an object that"
                " a retention may match is taken to match (FL307, FL315, FL316, FL317)"
            )
    partly = [each for each in policies_of(seen.buckets) if each.name.span.path in seen.partly]
    for policy in dict.fromkeys(each.name.value for each in partly):
        yield (
            f"`{visible(policy)}` also covers buckets without an inventory or a summary here:"
            " whether its retentions match anything there is not checked (FL315, FL316)"
        )


def _listed(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _missing(bucket: SeenBucket) -> Iterator[str]:
    scopes = [unit.scope for unit in bucket.units]
    keys = {key for scope in scopes for key, _ in scope.tags}
    if any(each.longer for each in bucket.tallies):
        yield "in which folders objects are"
    if any(_leaves_open(each, key) for each in bucket.tallies for key in keys):
        yield "which tags objects have"
    if any(
        each.least < size <= each.most for each in bucket.tallies for size in sizes_apart(scopes)
    ):
        yield "how large each object is"


def _leaves_open(tally: Tally, key: str) -> bool:
    return tally.told is not None and key not in tally.told
