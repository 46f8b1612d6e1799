"""Hypothesis: a bucket with anything in it, under any rules, for the two S3s to agree on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.testing.naive_world import Upload, Version

NOW = datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)
PREFIXES = ("", "a/", "a/b/", "b/")
KEYS = ("a/1", "a/b/2", "b/3", "4")
SIZES = (0, 1, 131_071, 131_072, 5_000_000)
CLASSES = (
    *("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"),
    *("INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE"),
)
VERSIONINGS = ("", "Enabled", "Suspended")
MINIMUMS = ("all_storage_classes_128K", "varies_by_storage_class")
DAYS = st.sampled_from((1, 2, 7, 30, 31, 60, 90, 200))


class World(NamedTuple):
    versioning: str
    rules: list[dict[str, Any]]
    minimum_size: str
    keys: dict[str, list[Version]]
    uploads: list[Upload]

    def without_deleted(self) -> World:
        left = {key: [one for one in stack if not one.deleted] for key, stack in self.keys.items()}
        return self._replace(keys=left)


@st.composite
def ages(draw: st.DrawFn) -> timedelta:
    """Some of them to the second of a midnight."""
    days = draw(st.integers(0, 300))
    since_midnight = timedelta(hours=NOW.hour, minutes=NOW.minute, seconds=NOW.second)
    if draw(st.booleans()):
        return since_midnight + timedelta(days=days)
    return timedelta(days=days, seconds=draw(st.integers(1, 86_399)))


@st.composite
def filters(draw: st.DrawFn, only_prefix: bool) -> dict[str, Any]:
    prefix = draw(st.sampled_from(PREFIXES))
    if only_prefix or draw(st.booleans()):
        return {"Prefix": prefix}
    rest: dict[str, Any] = {}
    if draw(st.booleans()):
        rest["Tags"] = [{"Key": "t", "Value": draw(st.sampled_from(("1", "2")))}]
    if draw(st.booleans()) or not rest:
        name = draw(st.sampled_from(("ObjectSizeGreaterThan", "ObjectSizeLessThan")))
        rest[name] = draw(st.sampled_from((1, 131_071, 131_072, 1_000_000)))
    return {"And": {"Prefix": prefix, **rest}}


@st.composite
def some_rules(draw: st.DrawFn, counts: bool = True) -> list[dict[str, Any]]:
    """`counts`: with NewerNoncurrentVersions, too."""
    return [draw(one_rule(number, counts)) for number in range(draw(st.integers(1, 5)))]


@st.composite
def one_rule(draw: st.DrawFn, number: int, counts: bool) -> dict[str, Any]:
    only_prefix = draw(st.booleans())
    rule: dict[str, Any] = {
        "ID": f"rule-{number}",
        "Filter": draw(filters(only_prefix)),
        "Status": draw(st.sampled_from(("Enabled", "Enabled", "Enabled", "Disabled"))),
    }
    if draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3, unique=True))
        rule["Transitions"] = [{**draw(whens(0)), "StorageClass": each} for each in chosen]
    if draw(st.booleans()):
        rule["Expiration"] = draw(whens(1))
    elif only_prefix and draw(st.booleans()):
        rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if draw(st.booleans()):
        rule["NoncurrentVersionExpiration"] = draw(old_whens(counts))
    if draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=2, unique=True))
        rule["NoncurrentVersionTransitions"] = [
            {**draw(old_whens(counts)), "StorageClass": each} for each in chosen
        ]
    if only_prefix and draw(st.booleans()):
        rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": draw(DAYS)}
    return rule


@st.composite
def whens(draw: st.DrawFn, least: int) -> dict[str, Any]:
    if draw(st.integers(0, 5)) == 0:
        day = draw(st.integers(-200, 200))
        return {"Date": datetime(2026, 11, 21, tzinfo=UTC) + timedelta(days=day)}
    return {"Days": draw(st.one_of(st.just(least), DAYS))}


@st.composite
def old_whens(draw: st.DrawFn, counts: bool) -> dict[str, Any]:
    days: dict[str, Any] = {"NoncurrentDays": draw(DAYS)}
    if counts and draw(st.booleans()):
        days["NewerNoncurrentVersions"] = draw(st.integers(1, 3))
    return days


@st.composite
def stacks(draw: st.DrawFn, versioning: str) -> list[Version]:
    """The versions of one key, the oldest first; one of them at most is the null version."""
    count = draw(st.integers(1, 5)) if versioning else 1
    born = sorted(draw(st.lists(ages(), min_size=count, max_size=count, unique=True)), reverse=True)
    null = draw(st.integers(-1, count - 1)) if versioning else 0
    if versioning == "Enabled":
        null = min(null, 0)
    found = [
        draw(version("null" if place == null else f"v{place}", NOW - age, versioning))
        for place, age in enumerate(born)
    ]
    for one in found[:-1]:
        locked = one.legal_hold or one.retain_until is not None
        one.deleted = not locked and draw(st.integers(0, 3)) == 0
    return found


@st.composite
def version(draw: st.DrawFn, id: str, created: datetime, versioning: str) -> Version:
    if versioning and draw(st.integers(0, 3)) == 0:
        return Version(id, created, is_marker=True)
    made = Version(
        id,
        created,
        draw(st.sampled_from(SIZES)),
        draw(st.sampled_from(({}, {"t": "1"}, {"t": "2", "u": "1"}))),
        draw(st.sampled_from(("STANDARD", "STANDARD", "STANDARD", *CLASSES))),
    )
    if versioning == "Enabled" and draw(st.integers(0, 3)) == 0:
        made.legal_hold = draw(st.booleans())
        made.retain_until = NOW + timedelta(days=draw(st.integers(-20, 200)), hours=1)
    return made


@st.composite
def worlds(draw: st.DrawFn) -> World:
    versioning = draw(st.sampled_from(VERSIONINGS))
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    uploading = draw(st.lists(st.sampled_from(KEYS), max_size=2))
    return World(
        versioning,
        draw(some_rules()),
        draw(st.sampled_from(MINIMUMS)),
        {key: draw(stacks(versioning)) for key in keys},
        [Upload(f"u{place}", key, NOW - draw(ages())) for place, key in enumerate(uploading)],
    )
