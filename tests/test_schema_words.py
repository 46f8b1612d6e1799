"""Wherever a schema lists words, they are those of one enum or table: a new one is in both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import pytest

import firnline
from firnline.consumers.found import Evidence
from firnline.diagnostics.kinds import Severity
from firnline.diagnostics.remedy import Bound
from firnline.fleet.verify.verified import State
from firnline.fleet.writers.writer import Tool
from firnline.inventory.savings.realised import Basis
from firnline.inventory.summary.rows import AgesBy
from firnline.language.fleet import Leave
from firnline.language.gate_settings import Level
from firnline.language.model import ForeignRules, Markers, MinimumSizeDefault
from firnline.language.run_retentions import CheckpointsOf, Goal, RunMetadata
from firnline.reach.doomed.uncovered import Gap
from firnline.reach.mark.report import ObjectClass
from firnline.rollout.events import Happened
from firnline.rollout.outcome import Result
from firnline.rules.diff.base_commit import FoundBy
from firnline.rules.diff.category import Category
from firnline.rules.threats import Loss
from firnline.s3.conformance.outcome import UNSAID, CaseKind
from firnline.s3.law.classes import TARGETS
from firnline.s3.law.facts import Confidence
from firnline.s3.model import MinimumSize
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.simulate.stored import ItemKind, LifecycleAction
from firnline.s3.terms import AccessTier, BucketType, Clock, Partition, Versioning
from firnline.targets.iam.model import PolicyKind
from firnline.targets.iam.needs import On
from firnline.targets.schedule.model import Access, KnownBy, Unbounded
from firnline.targets.stored_report import Part

PACKAGE = Path(firnline.__file__).parent
FILES = {path.name: json.loads(path.read_text()) for path in PACKAGE.rglob("*.schema.json")}


def values(enum: type[Enum]) -> tuple[str, ...]:
    return tuple(each.value for each in enum)


NOT_OFF: Final = tuple(each.value for each in Level if each is not Level.OFF)
# By file and the last two steps to the list.
WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("audit", "properties/class"): values(ObjectClass),
    ("changes", "definitions/category"): values(Category),
    ("changes", "properties/action"): values(LifecycleAction),
    ("changes", "definitions/clock"): values(Clock),
    ("changes", "properties/versioning"): values(Versioning),
    ("changes", "properties/found_by"): values(FoundBy),
    ("changes", "properties/loss"): values(Loss),
    ("changes", "properties/kind"): ("file", "bucket", "object"),
    ("changes", "properties/severity"): values(Severity),
    ("expectations", "properties/item"): tuple(each.value.replace(" ", "_") for each in ItemKind),
    ("fleet", "properties/leave"): values(Leave),
    ("fleet-lock", "properties/kind"): values(BucketType),
    ("fleet-lock", "properties/minimum_size"): values(MinimumSize),
    ("fleet-lock", "properties/object_lock"): ("enabled", "off"),
    ("coverage", "properties/gap"): tuple(each.name.lower() for each in Gap),
    ("fleet-lock", "properties/ours"): ("policy", "rules"),
    ("fleet-lock", "properties/partition"): values(Partition),
    ("fleet-lock", "properties/versioning"): values(Versioning),
    ("policy", "definitions/delete_markers"): values(Markers),
    ("policy", "definitions/storage_class"): tuple(TARGETS),
    ("policy", "definitions/foreign_rules"): values(ForeignRules),
    ("policy", "definitions/minimum_size_default"): values(MinimumSizeDefault),
    ("policy", "definitions/delete_when"): ("unreferenced",),
    ("policy", "of/items"): values(CheckpointsOf),
    ("policy", "properties/goal"): values(Goal),
    ("policy", "properties/metadata"): values(RunMetadata),
    ("policy", "properties/versioning"): values(Versioning),
    ("retention_report", "properties/versioning"): values(Versioning),
    ("iam", "properties/kind"): values(PolicyKind),
    ("iam", "properties/on"): values(On),
    ("iam", "properties/partition"): values(Partition),
    ("prices", "properties/tier"): values(AccessTier),
    ("realised", "properties/action"): values(LifecycleAction),
    ("realised", "definitions/basis"): values(Basis),
    ("report", "properties/evidence"): values(Evidence),
    ("report", "properties/loss"): values(Loss),
    ("report", "properties/bound"): values(Bound),
    ("report", "properties/severity"): values(Severity),
    ("results", "properties/confidence"): (*values(Confidence), UNSAID),
    ("results", "properties/kind"): values(CaseKind),
    ("rollout", "result/oneOf"): values(Result),
    ("rollout_events", "properties/event"): values(Happened),
    ("schedule", "properties/access"): values(Access),
    ("schedule", "properties/known_by"): values(KnownBy),
    ("schedule", "no_max_because/oneOf"): values(Unbounded),
    ("schedule", "properties/of"): ("objects", "old-versions"),
    ("schedule", "versioning/oneOf"): values(Versioning),
    ("settings", "level/anyOf"): NOT_OFF,
    ("settings", "properties/level"): NOT_OFF,
    ("simulated", "definitions/action"): values(LifecycleAction),
    ("simulated", "properties/type"): tuple(
        each.value.replace(" ", "_") for each in ItemKind if each is not ItemKind.OBJECT_VERSION
    ),
    ("stored", "properties/is"): values(Part),
    ("summary", "properties/ages_by"): values(AgesBy),
    ("writers", "properties/tool"): values(Tool),
    ("verified", "properties/state"): values(State),
    ("verified", "versioning/oneOf"): values(Versioning),
    ("verified", "properties/verdict"): values(DayVerdict),
}


def lists_of_words() -> Iterator[tuple[tuple[str, str], list[str]]]:
    def walk(shape: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
        if isinstance(shape, list):
            for each in shape:
                yield from walk(each, path)
        if isinstance(shape, dict):
            if isinstance(listed := shape.get("enum"), list):
                yield path, listed
            for key, within in shape.items():
                yield from walk(within, (*path, key))

    for name, root in sorted(FILES.items()):
        for path, listed in walk(root, ()):
            yield (name.removesuffix(".schema.json"), "/".join(path[-2:])), listed


FOUND = tuple(lists_of_words())


@pytest.mark.parametrize(("place", "listed"), FOUND, ids=lambda each: str(each)[:50])
def test_a_list_in_a_schema_holds_exactly_the_words_that_there_are(
    place: tuple[str, str], listed: list[str]
) -> None:
    assert place in WORDS, "which enum is it?"
    assert sorted(listed) == sorted(WORDS[place])


def test_every_enum_named_here_stands_in_a_schema() -> None:
    assert WORDS.keys() == {place for place, _ in FOUND}
