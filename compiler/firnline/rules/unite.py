"""Policies and buckets → the program: the union of all retentions, without what holds suspend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from firnline.language.model import Clocks, Policy, Retention
from firnline.rules.foreign import minimum_size_of
from firnline.rules.holds import under_holds
from firnline.rules.program import Bucket, Program, Unit
from firnline.rules.settle_markers import settle_markers
from firnline.s3.model import MinimumSize
from firnline.s3.scope import Scope


def program_for(
    namespace: str, policies: tuple[Policy, ...], buckets: tuple[Bucket, ...], *, whole: bool = True
) -> Program:
    program = as_written(namespace, policies, buckets, whole=whole)
    if not program.holds:
        return program
    return replace(program, units=under_holds(program), before_holds=program)


def as_written(
    namespace: str, policies: tuple[Policy, ...], buckets: tuple[Bucket, ...], *, whole: bool = True
) -> Program:
    """The program before holds suspend anything."""
    ordered = tuple(sorted(policies, key=lambda policy: policy.name.value))
    header = minimum_size_of(ordered)
    units = settle_markers([unit for policy in ordered for unit in _units(policy, header)])
    return Program(namespace, ordered, buckets, units, whole)


def _units(policy: Policy, header: MinimumSize) -> Iterator[Unit]:
    if policy.whole_bucket != Clocks():
        span, clocks = policy.name.span, policy.whole_bucket
        own = minimum_size_of([policy])
        yield Unit(policy, None, Scope(), span, clocks, minimum_size=own, header=header)
    for retention in policy.retentions:
        yield from units_of(policy, retention, header)


def units_of(policy: Policy, retention: Retention, header: MinimumSize) -> Iterator[Unit]:
    """`header` is the bucket's default minimum size for transitions."""
    own = minimum_size_of([policy])
    for prefix in retention.prefixes:
        for scope in _scopes(prefix.value, retention):
            clocks = retention.clocks
            span = prefix.span
            yield Unit(policy, retention, scope, span, clocks, minimum_size=own, header=header)


def _scopes(prefix: str, retention: Retention) -> Iterator[Scope]:
    """An object has one value of a tag, so a list of values makes scopes that share no object.

    With tags or a size it covers objects of at least one byte: the AWS provider sends a lower bound
    of 0 with every filter of several predicates, and S3 takes that as "more than 0".
    """
    size = retention.size
    over = size.over.value + 1 if size and size.over else int(retention.is_filtered)
    under = size.under.value - 1 if size and size.under else None
    keys = [tag.key.value for tag in retention.tags]
    for values in product(*(tag.values for tag in retention.tags)):
        tags = zip(keys, (value.value for value in values), strict=True)
        yield Scope(prefix, tuple(sorted(tags)), over, under)
