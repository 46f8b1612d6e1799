"""Which assumptions does a proof rest on? Printed with it; docs/proof.md says more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.rules.program import Program
from firnline.s3.compare.cells import LONGEST_KEY
from firnline.s3.law.limits import MOST_TAGS


def assumptions(programs: Iterable[Program]) -> tuple[str, ...]:
    """The assumptions about the buckets of some programs, in sentences."""
    return tuple(dict.fromkeys(each for program in programs for each in _of(program)))


def _of(program: Program) -> Iterator[str]:
    yield "the tags of an object do not change"
    yield f"an object has at most {MOST_TAGS} tags"
    yield f"a key is UTF-8 of at most {LONGEST_KEY:,} bytes"
    yield "S3 does as its documentation says, and where that is silent as its examples suggest"
    if any(unit.scope.is_filtered for unit in program.units):
        yield "a filter with tags or a size covers objects of one byte or more"
    if program.versioning is None:
        yield "versioning is not known, as there is no lock: proved for `enabled` and for `off`"
    if any(promise.gone_within for promise in program.promises):
        yield "`gone_within`: no replication has failed, or S3 would keep what it could not copy"
