"""What a role is for → its policy, as IAM takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from firnline.s3.shape import Json
from firnline.s3.terms import Partition
from firnline.targets.iam.buckets import Buckets
from firnline.targets.iam.needs import Need, On

VERSION: Final = "2012-10-17"


def policy(statements: Iterable[Json]) -> Json:
    return {"Version": VERSION, "Statement": list(statements)}


def statement(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str],
    condition: Json | None = None,
    effect: str = "Allow",
) -> Json:
    said: Json = {"Sid": sid, "Effect": effect, "Action": _one_or_many(actions)}
    said["Resource"] = _one_or_many(resources)
    return said if condition is None else {**said, "Condition": condition}


def chosen(
    needs: Iterable[Need],
    *,
    optional: bool,
    has_role: bool = False,
    tags: bool = False,
    inventories: Sequence[str] = (),
) -> tuple[Need, ...]:
    def is_chosen(need: Need) -> bool:
        if need.on is On.INVENTORIES:
            return bool(inventories)
        if need.on is On.TAGGED:
            return tags
        if need.on is On.THE_ROLE:
            return optional and has_role
        return optional or not need.without

    return tuple(filter(is_chosen, needs))


def reading_and_writing(
    needs: Iterable[Need],
    buckets: Buckets,
    role: str | None = None,
    inventories: Sequence[str] = (),
) -> Json:
    """`role` is the ARN of the role that gets it; `inventories` are `s3://BUCKET/PREFIX`."""
    found = list(_statements(tuple(needs), buckets, inventories))
    if role is not None and (on_itself := _actions(needs, On.THE_ROLE)):
        found.append(statement("OnItself", on_itself, [role]))
    return policy(found)


def _statements(
    needs: tuple[Need, ...], buckets: Buckets, inventories: Sequence[str]
) -> Iterator[Json]:
    if everywhere := _actions(needs, On.EVERYTHING):
        yield statement("InTheAccount", everywhere, ["*"])
    if on_every_bucket := [*_actions(needs, On.EVERY_BUCKET), *_actions(needs, On.TAGGED)]:
        every = f"arn:{buckets.partition}:s3:::*"
        yield statement("OnEveryBucket", on_every_bucket, [every])
    if on_ours := _actions(needs, On.OUR_BUCKETS):
        yield statement("OnOurBuckets", on_ours, buckets.arns)
    if on_objects := _actions(needs, On.OUR_OBJECTS):
        yield statement("OnOurObjects", on_objects, [f"{each}/*" for each in buckets.arns])
    if reading := _actions(needs, On.INVENTORIES):
        yield from _of_inventories(reading, inventories, buckets.partition)


def _actions(needs: Iterable[Need], on: On) -> list[str]:
    return [each.action for each in needs if each.on is on]


def _of_inventories(
    actions: Sequence[str], inventories: Sequence[str], partition: Partition
) -> Iterator[Json]:
    """Their files are found by listing, and S3 says whether one is missing only to those who may
    list (S3 API, GetObject).
    """
    for number, uri in enumerate(inventories):
        bucket, _, prefix = uri.removeprefix("s3://").rstrip("/").partition("/")
        arn = f"arn:{partition}:s3:::{bucket}"
        below = f"{prefix}/*" if prefix else "*"
        named = {"StringLike": {"s3:prefix": below}} if prefix else None
        yield statement(f"ListInventory{number}", ["s3:ListBucket"], [arn], named)
        yield statement(f"ReadInventory{number}", actions, [f"{arn}/{below}"])


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
