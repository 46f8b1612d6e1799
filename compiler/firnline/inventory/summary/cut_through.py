"""Why does a summary not know all of what rules do: what of its groups do they cut through?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from firnline.inventory.summary.neighbours import depends, is_open
from firnline.inventory.summary.options import ages_within, sizes_within
from firnline.inventory.summary.reach import Reach, reach
from firnline.inventory.summary.rows import Row
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.model import RuleSet


class Unknown(Enum):
    """What a summary leaves open of the items in a row."""

    PREFIX = "prefix"
    SIZE = "size"
    AGE = "age"
    VERSIONS = "versions"


@dataclass(frozen=True, slots=True)
class CutThrough:
    """`at` is what cuts, in words."""

    unknown: Unknown
    at: str = ""


def cut_through(
    bucket: BucketSummary, rule_sets: Sequence[RuleSet], is_suspended: bool
) -> list[CutThrough]:
    """Each once. None where the summary is exact for the rules, as far as tags do not decide."""
    rows: Mapping[str, list[Row]] = defaultdict(list)
    for row in bucket.rows:
        rows[row.prefix].append(row)
    found: dict[CutThrough, None] = {}
    for prefix, below in rows.items():
        reached = reach(prefix, rule_sets, bucket.cut, is_suspended, bucket.day)
        found |= dict.fromkeys(CutThrough(Unknown.PREFIX, each) for each in reached.prefixes)
        for row in below:
            found |= dict.fromkeys(_through(row, below, bucket, reached))
    return list(found)


def _through(
    row: Row, below: Sequence[Row], bucket: BucketSummary, reached: Reach
) -> Iterator[CutThrough]:
    for size in sizes_within(row, reached):
        yield CutThrough(Unknown.SIZE, str(size))
    if len(list(islice(ages_within(row, reached), 2))) > 1:
        yield CutThrough(Unknown.AGE, bucket.ages_by.value)
    acts = reached.found.versions_act and not bucket.cut.together
    if acts and not row.is_latest and (is_open(row, below, reached) or depends(row, reached)):
        yield CutThrough(Unknown.VERSIONS)
