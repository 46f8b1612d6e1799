"""Hypothesis: buckets with what forecasts get wrong: ages and sizes at a limit, old versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from tests.inventory.forecast.ledger.stored import Key, Rule, Upload, Version, World

PREFIXES = ("", "", "", "a/", "a/b/", "b/")
KEYS = ("a/1", "a/b/2", "b/3", "4")
SIZES = (0, 1, 1_000, 131_071, 131_072, 131_073, 5_000_000, 7 << 30)
TIMES = (1, 1, 3, 1_000, 1_000_000, 40_000_000)
FILTERED_BY = ({"t": "1"}, {"t": "2"}, {"u": "1"}, {"t": "2", "u": "1"})
TAGS: tuple[dict[str, str], ...] = (
    {},
    {"t": "1"},
    {"t": "1", "u": "1"},
    {"t": "2", "u": "1"},
    {"t": "2", "u": "2"},
)
DAYS = (1, 2, 7, 29, 30, 31, 60, 89, 90, 91, 180, 365)
VERSIONINGS = ("", "Enabled", "Suspended")
MINIMUM_SIZES = ("all_storage_classes_128K", "varies_by_storage_class")
AS_OF_DAYS = ((2026, 11, 21), (2026, 12, 31), (2027, 1, 30), (2027, 2, 28), (2028, 2, 29))

# What S3 requires between a step and the next one of its rule, in days.
GAPS = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "INTELLIGENT_TIERING": 1,
    "GLACIER_IR": 90,
    "GLACIER": 90,
    "DEEP_ARCHIVE": 0,
}
FOUND_IN = ("STANDARD", "STANDARD", "STANDARD", "REDUCED_REDUNDANCY", *GAPS)
STEPS = (
    ("STANDARD_IA",),
    ("INTELLIGENT_TIERING",),
    ("ONEZONE_IA", "GLACIER_IR"),
    ("GLACIER",),
    ("DEEP_ARCHIVE",),
)
CHAINS = tuple(
    chain
    for length in range(4)
    for steps in combinations(STEPS, length)
    for chain in product(*steps)
)


@st.composite
def worlds(draw: st.DrawFn, without: str = "") -> World:
    """`without` a class, which is neither found nor moved to."""
    versioning = draw(st.sampled_from(VERSIONINGS))
    as_of = draw(_as_of())
    cluster = draw(st.sampled_from((0, *DAYS, 400)))
    born = _births(as_of, cluster)
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    uploads = draw(st.lists(st.sampled_from(KEYS), max_size=2))
    return World(
        as_of,
        tuple(draw(_key(name, versioning, as_of, born, without)) for name in keys),
        tuple(
            Upload(key, draw(born), draw(st.sampled_from(SIZES)), draw(st.sampled_from(TIMES)))
            for key in uploads
        ),
        tuple(draw(st.lists(rules(without), min_size=1, max_size=4))),
        versioning,
        draw(st.sampled_from(MINIMUM_SIZES)),
    )


def all_by_tags(world: World) -> st.SearchStrategy[World]:
    """With more rules that filter by tags."""
    return st.tuples(*map(by_tags, world.rules)).map(lambda found: replace(world, rules=found))


def by_tags(rule: Rule) -> st.SearchStrategy[Rule]:
    """Three times of four with a filter by tags, if it has none."""
    terms = rule["Filter"].get("And", rule["Filter"])
    if "Tags" in terms:
        return st.just(rule)
    found = {name: value for name, value in rule.items() if name not in _OF_WHOLE_PREFIXES}
    if "ExpiredObjectDeleteMarker" in found.get("Expiration", {}):
        del found["Expiration"]
    if not any(name.endswith(("Expiration", "Transitions")) for name in found):
        return st.just(rule)
    return st.sampled_from((*FILTERED_BY[:3], None)).map(
        lambda tags: rule if tags is None else found | {"Filter": {"And": terms | _tags(tags)}}
    )


_OF_WHOLE_PREFIXES = ("AbortIncompleteMultipartUpload",)


def _tags(tags: dict[str, str]) -> dict[str, Any]:
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@st.composite
def rules(draw: st.DrawFn, without: str = "") -> Rule:
    """Rules that S3 accepts, each on its own."""
    only_prefix = draw(st.booleans())
    rule: dict[str, Any] = {
        "Filter": draw(_filters(only_prefix)),
        "Status": draw(st.sampled_from(("Enabled",) * 9 + ("Disabled",))),
    }
    parts = draw(st.sampled_from(("current", "noncurrent", "both", "both", "both")))
    if parts != "noncurrent":
        rule |= draw(_of_current(without))
    elif only_prefix:
        rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if parts != "current":
        rule |= draw(_of_noncurrent(without))
    if only_prefix:
        after = draw(st.sampled_from(DAYS))
        rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": after}
    return rule


@st.composite
def _of_current(draw: st.DrawFn, without: str) -> dict[str, Any]:
    when = draw(st.sampled_from((_by_days, _by_days, _by_days, _by_days, _by_date)))
    steps, last = draw(_steps(without))
    found: dict[str, Any] = {}
    if steps:
        found["Transitions"] = [{**when(days), "StorageClass": into} for days, into in steps]
    if not steps or draw(st.booleans()):
        found["Expiration"] = when(last + draw(st.sampled_from(DAYS)))
    return found


def _by_days(days: int) -> dict[str, Any]:
    return {"Days": days}


def _by_date(days: int) -> dict[str, Any]:
    return {"Date": datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=days)}


@st.composite
def _of_noncurrent(draw: st.DrawFn, without: str) -> dict[str, Any]:
    steps, last = draw(_steps(without))
    found: dict[str, Any] = {}
    if steps:
        found["NoncurrentVersionTransitions"] = [
            {"NoncurrentDays": days, "StorageClass": into, **draw(_kept())} for days, into in steps
        ]
    if not steps or draw(st.booleans()):
        days = last + draw(st.sampled_from(DAYS))
        found["NoncurrentVersionExpiration"] = {"NoncurrentDays": days, **draw(_kept())}
    return found


@st.composite
def _kept(draw: st.DrawFn) -> dict[str, int]:
    newest = draw(st.integers(0, 3))
    return {"NewerNoncurrentVersions": newest} if newest else {}


@st.composite
def _steps(draw: st.DrawFn, without: str) -> tuple[list[tuple[int, str]], int]:
    """Ages and the classes that they enter, as far apart as S3 requires, and the last age."""
    found: list[tuple[int, str]] = []
    last = least = 0
    for into in draw(st.sampled_from(CHAINS)):
        if into != without:
            last = least + draw(st.sampled_from((0, *DAYS[:6])))
            found.append((last, into))
            least = last + GAPS[into]
    return found, last


@st.composite
def _filters(draw: st.DrawFn, only_prefix: bool) -> dict[str, Any]:
    prefix = draw(st.sampled_from(PREFIXES))
    terms = draw(st.sampled_from(("size", "size", "tags", "both", "neither")))
    if only_prefix or terms == "neither":
        return {"Prefix": prefix}
    rest: dict[str, Any] = {}
    if terms != "size":
        tags = draw(st.sampled_from(FILTERED_BY))
        rest |= _tags(tags)
    if terms != "tags":
        name = draw(st.sampled_from(("ObjectSizeGreaterThan", "ObjectSizeLessThan")))
        limits = (1, 2, 131_071, 131_072, 131_073, 1_000_000)
        rest[name] = draw(st.sampled_from(limits))
    return {"And": {"Prefix": prefix, **rest}}


@st.composite
def _key(
    draw: st.DrawFn,
    name: str,
    versioning: str,
    as_of: datetime,
    born: st.SearchStrategy[datetime],
    without: str,
) -> Key:
    """The null version of a key, one at most, is the oldest unless versioning is suspended."""
    count = draw(st.integers(1, 5)) if versioning else 1
    births = sorted(draw(st.lists(born, min_size=count, max_size=count, unique=True)))
    null = draw(st.integers(-1, count - 1 if versioning == "Suspended" else 0))
    versions = tuple(
        draw(_version(created, as_of, versioning, place == null or not versioning, without))
        for place, created in enumerate(births)
    )
    return Key(name, versions, draw(st.sampled_from(TIMES)))


@st.composite
def _version(
    draw: st.DrawFn, created: datetime, as_of: datetime, versioning: str, null: bool, without: str
) -> Version:
    if versioning and draw(st.integers(0, 3)) == 0:
        return Version(created, marker=True, null=null)
    storage_class = draw(st.sampled_from([each for each in FOUND_IN if each != without]))
    moved = storage_class not in FOUND_IN[:4] and draw(st.booleans())
    locks = versioning == "Enabled" and draw(st.integers(0, 5)) == 0
    return Version(
        created,
        draw(st.sampled_from(SIZES)),
        storage_class,
        draw(st.sampled_from(TAGS)),
        null=null,
        in_class_since=draw(_midnights_between(created, as_of)) if moved else None,
        locked_until=as_of + timedelta(days=draw(st.integers(-20, 120)), hours=1)
        if locks
        else None,
        awaits_replication=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def _midnights_between(draw: st.DrawFn, created: datetime, as_of: datetime) -> datetime:
    """A midnight after the creation and not after the moment, or else the creation."""
    first = created.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    whole_days = (as_of - first).days
    return first + timedelta(days=draw(st.integers(0, whole_days))) if whole_days >= 0 else created


@st.composite
def _as_of(draw: st.DrawFn) -> datetime:
    year, month, day = draw(st.sampled_from(AS_OF_DAYS))
    seconds = draw(st.sampled_from((0, 1, 34_215, 86_399)))
    return datetime(year, month, day, tzinfo=UTC) + timedelta(seconds=seconds)


@st.composite
def _births(draw: st.DrawFn, as_of: datetime, cluster: int) -> datetime:
    """Most of them around one age, and some to the second of a midnight."""
    near = cluster + draw(st.integers(-1, 1))
    days = max(0, draw(st.sampled_from((near, near, near, near - 30, near + 60, 500))))
    if draw(st.integers(0, 3)) == 0:
        today = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
        return today - timedelta(days=days)
    return as_of - timedelta(days=days, seconds=draw(st.integers(0, 86_399)))
