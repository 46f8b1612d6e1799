"""Who does what the help of an error says has mended it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import Phase, assume, event, given, settings

from firnline.catalog import catalog
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.pipeline import compile_files
from tests.policies import whole
from tests.rules.strategies import policies

PROVED = {"FL301", "FL302", "FL303", "FL319"}
_LONGER = re.compile(r"give `(\w+)` the longer life of `(\w+)`")
_TOO = re.compile(r"write `(\w+): (\w+)(.*)` in `(\w+)` too")
_SIBLINGS = re.compile(r"name the siblings instead of (?:`([^`]*)`|the whole bucket)")
_DROP = re.compile(r"drop it in `(\w+)`")
_RETENTION = re.compile(r"write a retention for (.*) that says what holds")


def errors_of(policy: dict[str, Any]) -> list[Diagnostic]:
    found = compile_files({"p.yaml": json.dumps(policy).encode()}).diagnostics
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
@given(policies().map(without_tiers))
def test_who_does_what_the_help_says_has_mended_that_error(policy: dict[str, Any]) -> None:
    before = errors_of(policy)
    assume(before)
    assume({each.kind.code for each in before} <= PROVED)
    apply(policy, before[0])
    after = errors_of(policy)
    event("it compiles" if not after else f"then {after[0].kind.code}")
    assert told(before[0]) not in {told(each) for each in after}


def told(found: Diagnostic) -> tuple[object, ...]:
    """Which error it is, wherever the file was edited."""
    return found.kind.code, found.message, found.notes, tuple(label for _, label in found.also)


@pytest.mark.parametrize("kind", ["FL301", "FL302", "FL303", "FL319"])
def test_the_example_of_a_kind_compiles_once_its_help_is_done(kind: str) -> None:
    (wrong,) = (each.wrong for each in catalog() if each.code == kind)
    assert isinstance(wrong, str)
    policy: dict[str, Any] = yaml.load(whole(wrong), Loader=yaml.BaseLoader)
    for retention in policy["retain"].values():
        if isinstance(retention["prefix"], str):
            retention["prefix"] = [retention["prefix"]]
    found = errors_of(policy)
    assert [each.kind.code for each in found] == [kind]
    apply(policy, found[0])
    assert errors_of(policy) == []


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("warm_after: 30d", "cold_after: 30d"),  # on one day
        ("warm_after: 60d", "cold_after: 30d"),  # in the wrong order
        ("cold_after: 40d", "archive_after: 100d"),  # too close
    ],
)
def test_a_move_that_the_owner_cannot_ask_for_is_not_offered_as_a_cure(
    parent: str, child: str
) -> None:
    policy: dict[str, Any] = yaml.load(
        whole(
            "versioning: off\n"
            "storage_classes: {warm: INTELLIGENT_TIERING}\n"
            "retain:\n"
            f"  outer: {{prefix: [x/], {parent}, delete_after: 400d}}\n"
            f"  inner: {{prefix: [x/y/], {child}, delete_after: 400d}}\n"
        ),
        Loader=yaml.BaseLoader,
    )
    (found,) = errors_of(policy)
    assert found.kind.code == "FL303"
    apply(policy, found)
    assert errors_of(policy) == []


def apply(policy: dict[str, Any], found: Diagnostic) -> None:
    """Do what the help says; where it offers two ways, the one that names settings."""
    retain = policy["retain"]
    if "in the retentions, not for the whole bucket" in found.help:
        _say_in_the_retentions(policy, found)
    elif match := _LONGER.search(found.help):
        _give_longer_life(retain[match[1]], retain[match[2]], found)
    elif match := _TOO.search(found.help):
        key, value, more, name = match.groups()
        clock = retain[name]["old_versions"] if _speaks_of_old(found) else retain[name]
        for setting, said in [(key, value), *re.findall(r"(\w+): (\w+)", more)]:
            (retain[name] if setting == "smallest_move" else clock)[setting] = said
    elif match := _DROP.search(found.help):
        _drop_moves(retain[match[1]], found)
    elif match := _SIBLINGS.search(found.help):
        _name_siblings(policy, match[1] or "", found)
    elif match := _RETENTION.search(found.help):
        _write_retention(retain, match[1], found)
    elif "keep_newest: {count: 3, delete_after: 90d}" in found.help:
        for clocks in (policy, *retain.values()):
            newest = clocks.get("old_versions", {}).get("keep_newest")
            if isinstance(newest, str):
                clocks["old_versions"]["keep_newest"] = {"count": newest, "delete_after": "90d"}
    else:
        raise AssertionError(f"nobody can follow: {found.help}")


def _speaks_of_old(found: Diagnostic) -> bool:
    return "old versions" in found.message


def _give_longer_life(outer: dict[str, Any], inner: dict[str, Any], found: Diagnostic) -> None:
    if "markers" in found.message:
        outer["delete_markers"] = "keep"
    elif "abort" in found.message:
        outer["uploads"] = inner["uploads"]
    elif _speaks_of_old(found):
        outer["old_versions"].pop("keep_newest", None)
        for key in ("delete_after", "keep_newest"):
            if key in inner["old_versions"]:
                outer["old_versions"][key] = inner["old_versions"][key]
    else:
        outer["delete_after"] = inner["delete_after"]


def _say_in_the_retentions(policy: dict[str, Any], found: Diagnostic) -> None:
    key = "uploads" if "abort" in found.message else "old_versions"
    said = policy.pop(key)
    for retention in policy["retain"].values():
        if not (key == "uploads" and {"tags", "size"} & retention.keys()):
            retention.setdefault(key, said)


def _drop_moves(retention: dict[str, Any], found: Diagnostic) -> None:
    clock = retention["old_versions"] if _speaks_of_old(found) else retention
    for _, label in found.also:
        if match := re.match(r"`(\w+)` of", label):
            clock.pop(match[1], None)


def _name_siblings(policy: dict[str, Any], prefix: str, found: Diagnostic) -> None:
    """The prefix gives way to one that none of the others begins."""
    if not prefix and _speaks_of_old(found) and "old_versions" in policy:
        policy.pop("old_versions")
        return
    for retention in policy["retain"].values():
        retention["prefix"] = list(
            dict.fromkeys(
                f"{prefix}sib/" if each == prefix else each for each in retention["prefix"]
            )
        )


def _write_retention(retain: dict[str, Any], scope: str, found: Diagnostic) -> None:
    """For the shared scope, with all that the retention says that is pointed at."""
    name = re.findall(r"`(\w+)`", found.message)[0]
    shared = dict(retain[name])
    match = re.match(r"`([^`]*)`", scope)
    shared["prefix"] = [match[1] if match else ""]
    if tags := re.findall(r"(\w+)=(\w+)", scope):
        shared["tags"] = dict(tags)
    sizes = {
        side: f"{count.replace(',', '')}B"
        for side, count in re.findall(r"(over|under) ([\d,]+) bytes", scope)
    }
    shared.pop("size", None)
    if sizes:
        shared["size"] = sizes
    retain[f"shared{len(retain)}"] = shared
