"""Every finding about a file with unknown values holds whatever they turn out to be."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.lint.check import check_lifecycle_file
from firnline.s3.law.header import MEMBER

DAYS = st.sampled_from([0, 1, 5, 20, 40, 100, 130, 400])
CLASSES = st.sampled_from(["STANDARD_IA", "GLACIER", "DEEP_ARCHIVE", "COLD"])
PREFIXES = st.sampled_from(["", "a/", "a/b/", "b/", "/c/"])
TAGS = st.fixed_dictionaries({"Key": st.sampled_from("kl"), "Value": st.sampled_from("vw")})
MOVES = st.fixed_dictionaries({"TransitionInDays": DAYS, "StorageClass": CLASSES})
OLD_END = st.fixed_dictionaries(
    {"NoncurrentDays": DAYS}, optional={"NewerNoncurrentVersions": st.sampled_from([1, 3])}
)
UPLOADS = st.fixed_dictionaries({"DaysAfterInitiation": DAYS})
RULES = st.fixed_dictionaries(
    {"Status": st.sampled_from(["Enabled", "Enabled", "Enabled", "Disabled", "on"])},
    optional={
        "Prefix": PREFIXES,
        "TagFilters": st.lists(TAGS, min_size=1, max_size=3),
        "ObjectSizeGreaterThan": st.sampled_from(["0", "1000", "500000"]),
        "ObjectSizeLessThan": st.sampled_from(["1", "900", "400000"]),
        "ExpirationInDays": DAYS,
        "ExpirationDate": st.just("2100-01-01T00:00:00Z"),
        "ExpiredObjectDeleteMarker": st.booleans(),
        "Transitions": st.lists(MOVES, min_size=1, max_size=3),
        "NoncurrentVersionTransitions": st.lists(MOVES, min_size=1, max_size=2),
        "NoncurrentVersionExpiration": OLD_END,
        "AbortIncompleteMultipartUpload": UPLOADS,
    },
)
HEADERS = st.sampled_from(["all_storage_classes_128K", "varies_by_storage_class"])
PROPERTIES = st.fixed_dictionaries(
    {"Rules": st.lists(RULES, min_size=1, max_size=3)}, optional={MEMBER: HEADERS}
)
OTHERS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "Prefix": PREFIXES,
    "StorageClass": CLASSES,
    "Status": st.sampled_from(["Enabled", "Disabled"]),
    "ExpirationDate": st.just("2101-01-01T00:00:00Z"),
    "ExpiredObjectDeleteMarker": st.booleans(),
    "ObjectSizeGreaterThan": st.sampled_from(["1", "2000000"]),
    "ObjectSizeLessThan": st.sampled_from(["2", "9000000"]),
    "Key": st.sampled_from("klm"),
    "Value": st.sampled_from("vwx"),
    "Rules[]": RULES,
    "TagFilters[]": TAGS,
    "Transitions[]": MOVES,
    "NoncurrentVersionTransitions[]": MOVES,
    "NoncurrentVersionExpiration": OLD_END,
    "NewerNoncurrentVersions": st.sampled_from([1, 2, 3]),
    "AbortIncompleteMultipartUpload": UPLOADS,
    "TagFilters": st.lists(TAGS, max_size=2),
    "Transitions": st.lists(MOVES, max_size=2),
    MEMBER: HEADERS,
}
"""What else may stand where a value is not known; `Name[]` is an item of that list."""
REQUIRED: Final = {"Status", "Rules", "Key", "Value", "StorageClass", "TransitionInDays"}
ABSENT: Final = {"Ref": "AWS::NoValue"}


def below(value: Any, path: tuple[Any, ...] = (), name: str = "") -> Iterator[tuple[Any, str]]:
    """The path and the name of everything inside of a value."""
    items: Any = ()
    if isinstance(value, dict):
        items = [(key, each, key) for key, each in value.items()]
    elif isinstance(value, list):
        items = [(number, each, f"{name}[]") for number, each in enumerate(value)]
    for key, each, inside in items:
        yield (*path, key), inside
        yield from below(each, (*path, key), inside)


def put(whole: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        whole = whole[step]
    whole[path[-1]] = value


def at(whole: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        whole = whole[step]
    return whole


@st.composite
def left_open(draw: st.DrawFn) -> tuple[Any, list[Any]]:
    """A configuration with conditions in it, and two that it may turn out to be."""
    one: Any = draw(PROPERTIES)
    for number, each in enumerate(one["Rules"]):
        each["Id"] = f"rule-{number}"
    other, either = copy.deepcopy(one), copy.deepcopy(one)
    places = [(path, name) for path, name in below(one) if name not in ("Rules", "Id")]
    chosen: list[tuple[Any, ...]] = []
    for path, name in draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        if any(path[: len(each)] == each or each[: len(path)] == path for each in chosen):
            continue
        chosen.append(path)
        choices = [OTHERS.get(name, DAYS if isinstance(at(one, path), int) else st.just(ABSENT))]
        if name not in REQUIRED:
            choices.append(st.just(ABSENT))
        instead = draw(st.one_of(*choices))
        if name == "Rules[]" and instead != ABSENT:
            instead = {**instead, "Id": at(one, path)["Id"]}
        put(other, path, instead)
        put(either, path, {"Fn::If": ["C", at(one, path), instead]})
    return either, [one, other]


ONLY_WHERE: Final = "only where the condition `C` "


def found(properties: Any, *, versioned: bool, case: str = "holds") -> set[tuple[str, str | None]]:
    """Which findings, and of which rule; without those that say that they are of the other case."""
    versioning = {"VersioningConfiguration": {"Status": "Enabled"}} if versioned else {}
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {**versioning, "LifecycleConfiguration": properties},
    }
    text = json.dumps({"Resources": {"Lake": bucket}}).encode()
    diagnostics = check_lifecycle_file(text, "t.json")
    depends = f"only where `{MEMBER}` is"
    return {
        (each.kind.code, each.about)
        for each in diagnostics
        if each.kind.code != "FL246"
        and not any(
            note.startswith(depends)
            or (note.startswith(ONLY_WHERE) and note != f"{ONLY_WHERE}{case}")
            for note in each.notes
        )
    }


@settings(max_examples=50)
@given(left_open(), st.booleans())
def test_a_finding_about_a_template_holds_whatever_a_condition_is_or_says_for_which_it_does(
    opened: tuple[Any, list[Any]], versioned: bool
) -> None:
    either, fillings = opened
    for case, each in zip(("holds", "does not hold"), fillings, strict=True):
        said = found(either, versioned=versioned, case=case)
        assert said - found(each, versioned=versioned) == set()
