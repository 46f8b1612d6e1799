"""Does the official provider accept these inputs?

Rules and words from terraform-provider-aws v6, bucket_lifecycle_configuration.go, and the
validators it uses. What that provider only warns of is a warning here too, and S3 judges it.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sandbox.engine.aws_provider.lifecycle_shape import SHAPE
from sandbox.engine.aws_provider.properties import UNKNOWN, Path, Properties, is_unknown, text_of
from sandbox.engine.aws_provider.shape import Failure, misfits

_STATUSES = ("Disabled", "Enabled")
_SIZES = ("varies_by_storage_class", "all_storage_classes_128K")
_CLASSES = (
    "GLACIER",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
)
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_DURATION = re.compile(r"([-+]?)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+")
_SOON_AN_ERROR = "This will be an error in a future version of the provider"


def failures(inputs: Properties) -> list[Failure]:
    """What the provider refuses; of misshapen inputs only the shape is said."""
    found = list(misfits(inputs, SHAPE))
    return found or list(_failures(inputs))


def warnings(inputs: Properties) -> list[Failure]:
    """What it accepts with a warning, of inputs without failures."""
    return list(_warnings(inputs))


def _failures(inputs: Properties) -> Iterator[Failure]:
    yield from _length(inputs.get("bucket"), ("bucket",), 1, 63)
    owner = inputs.get("expectedBucketOwner")
    if owner is not None and not is_unknown(owner) and not re.fullmatch(r"\d{12}", owner):
        yield Failure(
            ("expectedBucketOwner",),
            f"Invalid Attribute Value. Attribute expected_bucket_owner value must be a valid "
            f'AWS account ID, got: "{owner}"',
        )
    size = ("transitionDefaultMinimumObjectSize",)
    yield from _one_of(inputs.get(size[0]), size, _SIZES)
    for key, value in inputs.get("timeouts", {}).items():
        if _known(value) and not _DURATION.fullmatch(value):
            yield Failure(
                ("timeouts", key),
                f'Invalid Attribute Value. "{value}" must be a string containing a sequence of '
                "decimal numbers, each with optional fraction and a unit suffix, such as "
                '"300ms", "-1.5h" or "2h45m"',
            )
    rules = inputs.get("rules", [])
    if is_unknown(rules):
        return
    if not rules:
        yield Failure(
            ("rules",),
            "Invalid Attribute Value. Attribute rule list must contain at least 1 elements, got: 0",
        )
    for index, rule in enumerate(rules):
        if not is_unknown(rule):
            yield from _rule_failures(rule, ("rules", index))


def _rule_failures(rule: Properties, at: Path) -> Iterator[Failure]:
    yield from _length(rule["id"], (*at, "id"), 1, 255)
    yield from _one_of(rule["status"], (*at, "status"), _STATUSES)
    expiration = _inner(rule, "expiration")
    yield from _date(expiration.get("date"), (*at, "expiration", "date"))
    both = _inner(_inner(rule, "filter"), "and")
    and_at = (*at, "filter", "and")
    yield from _at_least(0, both, "objectSizeGreaterThan", and_at)
    yield from _at_least(1, both, "objectSizeLessThan", and_at)
    if both.get("tags") == {}:
        yield Failure(
            (*and_at, "tags"),
            "Invalid Attribute Value. Attribute tags map must contain at least 1 elements, got: 0",
        )
    old = _inner(rule, "noncurrentVersionExpiration")
    old_at = (*at, "noncurrentVersionExpiration")
    yield from _at_least(1, old, "noncurrentDays", old_at)
    yield from _at_least(1, old, "newerNoncurrentVersions", old_at)
    for index, move in _items(rule, "transitions"):
        yield from _transition_failures(move, (*at, "transitions", index))
    for index, move in _items(rule, "noncurrentVersionTransitions"):
        move_at = (*at, "noncurrentVersionTransitions", index)
        yield from _at_least(0, move, "noncurrentDays", move_at)
        yield from _at_least(1, move, "newerNoncurrentVersions", move_at)
        yield from _one_of(move["storageClass"], (*move_at, "storageClass"), _CLASSES)


def _transition_failures(move: Properties, at: Path) -> Iterator[Failure]:
    yield from _date(move.get("date"), (*at, "date"))
    yield from _at_least(0, move, "days", at)
    yield from _one_of(move["storageClass"], (*at, "storageClass"), _CLASSES)
    if "date" in move and "days" in move:
        yield Failure(at, _exactly_one(2, ("date", "days")))


def _warnings(inputs: Properties) -> Iterator[Failure]:
    if "expectedBucketOwner" in inputs:
        yield Failure(("expectedBucketOwner",), "is deprecated")
    for index, rule in _items(inputs, "rules"):
        yield from _rule_warnings(rule, ("rules", index))


def _rule_warnings(rule: Properties, at: Path) -> Iterator[Failure]:
    if "prefix" in rule:
        yield Failure((*at, "prefix"), "is deprecated: Specify a prefix using 'filter' instead")
    scope = [key for key in ("filter", "prefix") if key in rule]
    if len(scope) != 1:
        yield Failure(at, f"{_exactly_one(len(scope), ('filter', 'prefix'))}. {_SOON_AN_ERROR}")
    life = rule.get("expiration", UNKNOWN)
    if not is_unknown(life) and len(life) != 1:
        sentence = _exactly_one(len(life), ("date", "days", "expiredObjectDeleteMarker"))
        yield Failure((*at, "expiration"), f"{sentence}. {_SOON_AN_ERROR}")
    predicates = _inner(rule, "filter")
    if len(predicates) > 1:
        yield Failure(
            (*at, "filter"),
            f"Invalid Attribute Combination. {len(predicates)} attributes specified when at most "
            f"one of [{', '.join(sorted(predicates))}] is allowed. {_SOON_AN_ERROR}",
        )
    for index, move in _items(rule, "transitions"):
        if "date" not in move and "days" not in move:
            yield Failure((*at, "transitions", index), _exactly_one(0, ("date", "days")))


def _exactly_one(count: int, keys: tuple[str, ...]) -> str:
    given = f"{count} attributes" if count else "No attribute"
    return (
        f"Invalid Attribute Combination. {given} specified when one (and only one) of "
        f"[{', '.join(keys)}] is required"
    )


def _length(value: Any, at: Path, least: int, most: int) -> Iterator[Failure]:
    if _known(value) and not least <= len(value) <= most:
        yield Failure(
            at,
            f"Invalid Attribute Value Length. Attribute {text_of(at)} string length must be "
            f"between {least} and {most}, got: {len(value)}",
        )


def _one_of(value: Any, at: Path, allowed: tuple[str, ...]) -> Iterator[Failure]:
    if _known(value) and value not in allowed:
        listed = " ".join(f'"{one}"' for one in allowed)
        yield Failure(
            at,
            f"Invalid Attribute Value Match. Attribute {text_of(at)} value must be one of: "
            f'[{listed}], got: "{value}"',
        )


def _at_least(least: int, holder: Properties, key: str, at: Path) -> Iterator[Failure]:
    value = holder.get(key, least)
    if not is_unknown(value) and value < least:
        yield Failure(
            (*at, key),
            f"Invalid Attribute Value. Attribute {text_of((*at, key))} value must be at least "
            f"{least}, got: {value}",
        )


def _date(value: Any, at: Path) -> Iterator[Failure]:
    if _known(value) and not is_rfc3339(value):
        yield Failure(
            at,
            "Invalid RFC3339 String Value. A string value was provided that is not valid RFC3339 "
            f"string format.\n\nGiven Value: {value}",
        )


def is_rfc3339(value: str) -> bool:
    if not _RFC3339.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _known(value: Any) -> bool:
    return value is not None and not is_unknown(value)


def _inner(holder: Properties, key: str) -> Properties:
    found = holder.get(key, {})
    return {} if is_unknown(found) else found


def _items(holder: Properties, key: str) -> Iterator[tuple[int, Properties]]:
    found = holder.get(key, [])
    for index, item in enumerate([] if is_unknown(found) else found):
        if not is_unknown(item):
            yield index, item
