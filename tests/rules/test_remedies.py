"""Who does what the remedy of an error says has mended it, whichever way it offers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import Phase, assume, event, given, settings
from hypothesis import strategies as st

from firnline.catalog import catalog
from firnline.diagnostics.fix import apply
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.remedy import (
    Advise,
    ChooseEnd,
    NameSiblings,
    SayInRetentions,
    SetKeys,
    Way,
    WriteRetention,
)
from firnline.language.mend import fix_of
from firnline.pipeline import compile_files
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, StoredItem
from tests.policies import whole
from tests.rules.strategies import policies

PROVED = {"FL301", "FL302", "FL303", "FL319"}


def in_braces(policy: dict[str, Any]) -> str:
    return json.dumps(policy)


def in_blocks(policy: dict[str, Any]) -> str:
    text: str = yaml.dump(policy, Dumper=yaml.CSafeDumper, sort_keys=False, default_flow_style=None)
    return text


def errors_of(text: str) -> list[Diagnostic]:
    found = compile_files({"p.yaml": text.encode()}).diagnostics
    return [each for each in found if each.severity is Severity.ERROR]


def without_tiers(policy: dict[str, Any]) -> dict[str, Any]:
    """With one tier at most, and ends behind it: what remains to be wrong is between settings."""
    policy["versioning"] = "off"  # what frees nothing (FL310) has a fix of its own
    for said in (*policy["retain"].values(), policy):
        for clock in (said, said.get("old_versions", {})):
            for colder in ("cold_after", "archive_after"):
                clock.pop(colder, None)
            warm, ends = clock.get("warm_after", "0d"), clock.get("delete_after", "never")
            if ends != "never" and int(ends[:-1]) <= int(warm[:-1]):
                clock["delete_after"] = f"{int(warm[:-1]) + 9}d"
    return policy


@settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(policies().map(without_tiers), st.sampled_from([in_braces, in_blocks]))
def test_who_goes_any_way_that_the_remedy_offers_has_mended_that_error(
    policy: dict[str, Any], written: Callable[[dict[str, Any]], str]
) -> None:
    text = written(policy)
    before = errors_of(text)
    assume(before)
    assume({each.kind.code for each in before} <= PROVED)
    for better in each_way(text, before[0]):
        after = errors_of(better)
        event("it compiles" if not after else f"then {after[0].kind.code}")
        assert times(before[0], after) < times(before[0], before)


def times(found: Diagnostic, within: list[Diagnostic]) -> int:
    """How often it is told: two retentions may say the same."""
    return sum(told(each) == told(found) for each in within)


def told(found: Diagnostic) -> tuple[object, ...]:
    """Which error it is, wherever the file was edited."""
    return found.kind.code, found.message, found.notes, tuple(label for _, label in found.also)


@pytest.mark.parametrize("kind", [*sorted(PROVED), "FL310", "FL406", "FL407"])
def test_the_example_of_a_kind_compiles_whichever_way_of_its_remedy_one_goes(kind: str) -> None:
    (wrong,) = (each.wrong for each in catalog() if each.code == kind)
    assert isinstance(wrong, str)
    found = errors_of(whole(wrong))
    assert [each.kind.code for each in found] == [kind]
    for way in found[0].remedy:
        texts = [*mended(whole(wrong), way)]
        assert not texts or any(errors_of(text) == [] for text in texts), way


@pytest.mark.parametrize(
    "fragment",
    [
        # The lives of markers, uploads, and of noncurrent versions that a count keeps.
        "versioning: enabled\nretain:\n"
        "  outer: {prefix: x/, delete_after: never, delete_markers: expire}\n"
        "  inner: {prefix: x/y/, delete_after: never, delete_markers: keep}\n",
        "versioning: off\nuploads: {abort_after: 9d}\nretain:\n"
        "  outer: {prefix: x/, delete_after: never, uploads: {abort_after: 3d}}\n"
        "  inner: {prefix: x/y/, delete_after: never, uploads: {abort_after: 9d}}\n",
        "versioning: enabled\nretain:\n"
        "  outer: {prefix: x/, delete_after: never,"
        " old_versions: {delete_after: 9d, keep_newest: {count: 3, delete_after: 30d}}}\n"
        "  inner: {prefix: x/y/, delete_after: never, old_versions: {delete_after: 60d}}\n",
        "versioning: enabled\nretain:\n"
        "  outer: {prefix: x/, delete_after: never, old_versions: {delete_after: 9d}}\n"
        "  inner: {prefix: x/y/, delete_after: never,"
        " old_versions: {delete_after: 60d, keep_newest: 3}}\n",
        # A parent with two prefixes above, and one that names the prefix itself too.
        "versioning: off\nretain:\n"
        "  outer: {prefix: [x/, x/y/], warm_after: 30d, delete_after: never}\n"
        "  inner: {prefix: x/y/z/, warm_after: 40d, delete_after: never}\n",
        "versioning: off\nretain:\n"
        "  outer: {prefix: [x/y/, x/], warm_after: 30d, delete_after: 90d}\n"
        "  inner: {prefix: [x/y/, x/], size: {over: 1KiB}, smallest_move: 2MiB,"
        " warm_after: 30d, delete_after: 90d}\n",
        # Larger objects, smaller ones, and those of a longer prefix.
        "versioning: off\nretain:\n"
        "  outer: {prefix: x/, delete_after: 30d}\n"
        "  inner: {prefix: x/, size: {over: 1GiB}, delete_after: 90d}\n",
        "versioning: off\nretain:\n"
        "  outer: {prefix: x/, size: {under: 1TiB}, delete_after: 30d}\n"
        "  inner: {prefix: x/, size: {under: 1MiB}, delete_after: never}\n",
        "versioning: enabled\nretain:\n"
        "  outer: {prefix: x/, delete_after: 30d, old_versions: {delete_after: 7d}}\n"
        "  inner: {prefix: x/y/, size: {over: 1GiB}, delete_after: 90d,"
        " old_versions: {delete_after: 7d}}\n",
        # A size would not be accepted beside uploads, or leave noncurrent versions to nobody.
        "versioning: off\nretain:\n"
        "  outer: {prefix: x/, delete_after: 30d, uploads: {abort_after: 3d}}\n"
        "  inner: {prefix: x/, size: {over: 1GiB}, delete_after: 90d}\n",
        "versioning: enabled\nretain:\n"
        "  outer: {prefix: x/, delete_after: 30d, old_versions: {delete_after: 7d}}\n"
        "  inner: {prefix: x/, size: {over: 1GiB}, delete_after: 90d}\n",
        # What is said for the whole bucket.
        "versioning: enabled\nold_versions: {warm_after: 30d, delete_after: never}\nretain:\n"
        "  inner: {prefix: x/, delete_after: never, old_versions: {delete_after: 60d}}\n",
    ],
)
def test_whichever_way_of_a_remedy_one_goes_the_policy_compiles(fragment: str) -> None:
    text = whole(fragment)
    before = errors_of(text)
    assert {each.kind.code for each in before} <= PROVED
    assert before
    for better in each_way(text, before[0]):
        assert errors_of(better) == []


@given(st.integers(1, 2**40), st.booleans())
def test_the_size_that_the_help_names_leaves_no_object_out(bound: int, larger: bool) -> None:
    text = whole(
        "versioning: off\n"
        "retain:\n"
        "  outer: {prefix: x/, delete_after: 30d}\n"
        f"  inner: {{prefix: x/, size: {{{'over' if larger else 'under'}: {bound + 1}B}},"
        " delete_after: 90d}\n"
    )
    (found,) = errors_of(text)
    assert found.help is not None
    assert f"size: {{{'under' if larger else 'over'}: " in found.help
    fix = fix_of(found.remedy[0])
    assert fix is not None
    compilation = compile_files({"p.yaml": apply(text, [fix])[0].encode()})
    assert not compilation.failed
    rules = compilation.buckets[0].rules
    born = datetime(2026, 1, 1, tzinfo=UTC)
    for size in {1, bound, bound + 1, bound + 2}:
        steps = history(rules, BucketState(), StoredItem("x/y", born, size))
        is_inner = size > bound + 1 if larger else size < bound + 1
        assert [(each.at - born).days for each in steps] == [90 if is_inner else 30]


@pytest.mark.parametrize(
    ("wrong", "help", "right"),
    [
        (
            "versioning: enabled\nretain:\n"
            "  outer: {prefix: x/, delete_after: 30d, old_versions: {delete_after: 7d}}\n"
            "  inner: {prefix: x/, size: {over: 1GiB}, delete_after: 90d}\n",
            "`size: {under: 1073741825B}`, and repeat its `old_versions` in `inner`",
            "versioning: enabled\nretain:\n"
            "  outer: {prefix: x/, size: {under: 1073741825B}, delete_after: 30d,"
            " old_versions: {delete_after: 7d}}\n"
            "  inner: {prefix: x/, size: {over: 1GiB}, delete_after: 90d,"
            " old_versions: {delete_after: 7d}}\n",
        ),
        (
            "versioning: off\nretain:\n"
            "  outer: {prefix: x/, delete_after: 30d, uploads: {abort_after: 3d}}\n"
            "  inner: {prefix: x/, size: {under: 1MiB}, delete_after: 90d}\n",
            "`size: {over: 1048575B}`, and move its `uploads` to a retention of the prefix alone",
            "versioning: off\nretain:\n"
            "  outer: {prefix: x/, size: {over: 1048575B}, delete_after: 30d}\n"
            "  inner: {prefix: x/, size: {under: 1MiB}, delete_after: 90d}\n"
            "  uploads: {prefix: x/, delete_after: never, uploads: {abort_after: 3d}}\n",
        ),
    ],
)
def test_what_else_must_change_with_the_size_is_said_with_it(
    wrong: str, help: str, right: str
) -> None:
    (found,) = errors_of(whole(wrong))
    assert found.help is not None
    assert help in found.help
    assert errors_of(whole(right)) == []


def test_the_help_names_no_prefix_that_the_policy_does_not() -> None:
    (wrong,) = (each.wrong for each in catalog() if each.code == "FL301")
    assert isinstance(wrong, str)
    (found,) = errors_of(whole(wrong))
    assert found.help is not None
    named = set(re.findall("`([^`]*/)`", found.help))
    assert named <= set(re.findall("prefix: ([^,]*)", wrong))


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("warm_after: 30d", "cold_after: 30d"),  # on one day
        ("warm_after: 60d", "cold_after: 30d"),  # in the wrong order
        ("cold_after: 40d", "archive_after: 100d"),  # too close
    ],
)
def test_a_move_that_the_owner_cannot_have_is_not_offered_as_a_remedy(
    parent: str, child: str
) -> None:
    text = whole(
        "versioning: off\n"
        "storage_classes: {warm: INTELLIGENT_TIERING}\n"
        "retain:\n"
        f"  outer: {{prefix: [x/], {parent}, delete_after: 400d}}\n"
        f"  inner: {{prefix: [x/y/], {child}, delete_after: 400d}}\n"
    )
    (found,) = errors_of(text)
    assert found.kind.code == "FL303"
    assert [type(way) for way in found.remedy] == [NameSiblings]
    for better in each_way(text, found):
        assert errors_of(better) == []


def each_way(text: str, found: Diagnostic) -> Iterator[str]:
    """The policy once for each way that the remedy offers, with that done and nothing else."""
    texts = [better for way in found.remedy for better in mended(text, way)]
    left_to_a_person = all(isinstance(way, SayInRetentions) for way in found.remedy)
    assert texts or left_to_a_person, f"nobody can follow: {found.help}"
    yield from texts


def mended(text: str, offered: Way) -> Iterator[str]:
    """The policy for each way in which one may choose where the remedy leaves something open."""
    for way in chosen(offered):
        fix = fix_of(way)
        assert fix is not None, way
        yield apply(text, [fix])[0]


def chosen(way: Way) -> Iterator[Way]:
    """The way with all that a person has to choose."""
    match way:
        case Advise():
            pass
        case NameSiblings():
            assert fix_of(way) is None, "which siblings, a person must say"
            yield way._replace(siblings=(f"{max(way.prefixes)}sib/",))
        case ChooseEnd():
            assert fix_of(way) is None, "when it ends, a person must say"
            yield SetKeys(way.section, (*way.beside, (way.key, way.such_as)))
        case SayInRetentions():
            if fix_of(way) is not None:  # else retentions overlap: a person must say which decides
                yield way
        case WriteRetention():
            assert fix_of(way) is None, "what it requires, a person must say"
            yield from (way._replace(like=like) for like in way.both)
        case _:
            yield way


@given(policies())
@settings(max_examples=20)
def test_who_wants_no_remedies_is_told_of_the_same_mistakes(policy: dict[str, Any]) -> None:
    files = {"p.yaml": json.dumps(policy).encode()}
    offered, bare = (compile_files(files, with_remedies=each) for each in (True, False))
    told, again = (
        [(each.kind, each.message) for each in said.diagnostics] for said in (offered, bare)
    )
    assert told == again
    assert not any(each.remedy or each.fix for each in bare.diagnostics)
    assert [each.rules for each in offered.buckets] == [each.rules for each in bare.buckets]
