"""Whatever form tells of a bucket, scopes match in it what a look at each object says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from firnline.inventory.coverage.of_facts import FactsPopulation
from firnline.inventory.coverage.of_items import ItemsPopulation
from firnline.inventory.coverage.of_sizes import SizesPopulation
from firnline.inventory.coverage.of_summary import SummaryPopulation
from firnline.inventory.coverage.population import Population
from firnline.inventory.coverage.tally import matched
from firnline.inventory.facts.branch import Branch
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.summarised import summarised
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.storage_metrics import StorageMetrics
from firnline.inventory.summary.cut import Cut
from firnline.s3.scope import Scope
from firnline.s3.simulate.stored import StoredItem
from tests.inventory.facts.written import VERSIONS, write

pytestmark = pytest.mark.slow  # each example is an inventory on disk that several forms read
DAY = datetime(2026, 1, 1, tzinfo=UTC)
PREFIXES = ("", "a/", "a/b", "a/b/", "b", "B/", "a/b/c/", "x'y/")
KEYS = ("a/1", "a/b", "a/b/1", "a/b/c/1", "a/bb", "b/1", "B/1", "c", "x'y/1", "x'y/z/1")
TAGS = ((), (("t", "x"),), (("T", "x"),), (("t", "y"), ("u", "x")))
SIZES = (0, 1, 1024, 2**17 - 1, 2**17, 2**30)
FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")


class Object(NamedTuple):
    key: str
    tags: tuple[tuple[str, str], ...]
    size: int


OBJECTS = st.lists(
    st.builds(Object, st.sampled_from(KEYS), st.sampled_from(TAGS), st.sampled_from(SIZES)),
    max_size=8,
    unique_by=lambda each: each.key,
)
SCOPES = st.lists(
    st.builds(
        Scope,
        st.sampled_from(PREFIXES),
        st.sampled_from(((), (("t", "x"),), (("t", "y"),))),
        st.sampled_from((0, 1, 1025, 2**17)),
        st.sampled_from((None, 2**17 - 1, 2**30)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=10, deadline=None)
@given(OBJECTS, SCOPES)
@example([Object("a/1", (), 0), Object("a/b", (), 0)], [Scope("a/b", (), 1, None)])
def test_where_all_is_told_nothing_is_left_open(stored: list[Object], scopes: list[Scope]) -> None:
    for form in told(stored, scopes):
        found = matched(scopes, form.tallies(scopes))
        for scope in scopes:
            assert found[scope].sure == volume(each for each in stored if is_in(scope, each))
            assert found[scope].perhaps == Volume()
        left = [each for each in stored if not any(is_in(scope, each) for scope in scopes)]
        tree = form.unmatched(scopes, 3)
        assert tree is not None
        assert tree.total == volume(left)
        for branch in branches(tree):
            assert branch.total == volume(x for x in left if x.key.startswith(branch.prefix))


@settings(max_examples=10, deadline=None)
@given(OBJECTS, SCOPES)
def test_what_is_not_told_is_left_open_and_never_guessed(
    stored: list[Object], scopes: list[Scope]
) -> None:
    for form in half_told(stored):
        found = matched(scopes, form.tallies(scopes))
        for scope in scopes:
            exact = volume(each for each in stored if is_in(scope, each)).objects
            sure, perhaps = found[scope].sure.objects, found[scope].perhaps.objects
            assert sure <= exact <= sure + perhaps
        left = [each for each in stored if not any(is_in(scope, each) for scope in scopes)]
        tree = form.unmatched(scopes, 3)
        assert tree is None or tree.total.objects <= len(left)


@settings(max_examples=6, deadline=None)
@given(OBJECTS, st.sampled_from(PREFIXES))
def test_folders_and_spellings_are_counted_as_one_by_one(stored: list[Object], prefix: str) -> None:
    below = [each for each in stored if each.key.startswith(prefix)]
    folders = folders_of(stored, prefix)
    spelt = Counter(tag for each in below for tag in each.tags if tag[0].lower() == "t")
    with facts_of(stored) as facts:
        cut = Cut(("", "a/", "a/b", "a/b/c/"), (1,), (1,), (), together=False)
        told = SummaryPopulation(summarised(facts, cut)).folders_in("")
    assert told == {name: count for name, count in folders_of(stored, "").items() if name == "a/"}
    for form in exactly(stored):
        assert form.folders_in(prefix) == folders
        if form.tells_tags:
            found = form.spellings(prefix, (("t", "x"), ("t", "Y")))
            assert {tag: count for tag, count in found.items() if count} == spelt


def folders_of(stored: Sequence[Object], prefix: str) -> Counter[str]:
    below = [each.key[len(prefix) :] for each in stored if each.key.startswith(prefix)]
    names = [key.partition("/") for key in below]
    return Counter(f"{prefix}{name}/" for name, slash, _ in names if slash)


def is_in(scope: Scope, each: Object) -> bool:
    return (
        each.key.startswith(scope.prefix)
        and all(tag in each.tags for tag in scope.tags)
        and each.size >= scope.at_least
        and (scope.at_most is None or each.size <= scope.at_most)
    )


def volume(objects: Any) -> Volume:
    found = Volume()
    for each in objects:
        found = found.plus(Volume.of(each.size))
    return found


def branches(tree: Branch) -> Iterator[Branch]:
    for each in tree.branches:
        yield each
        yield from branches(each)


def told(stored: Sequence[Object], scopes: Sequence[Scope]) -> Iterator[Population]:
    sizes = {each.at_least for each in scopes} | {x.at_most + 1 for x in scopes if x.at_most}
    cut = Cut(
        tuple(sorted({"", *(each.prefix for each in scopes)})),
        tuple(sorted(sizes - {0})),
        (1,),
        ("t",),
        together=False,
    )
    yield from exactly(stored, cut)


def exactly(stored: Sequence[Object], cut: Cut | None = None) -> Iterator[Population]:
    if any(each.tags for each in stored):  # else a listing does not say whether there are any
        yield ItemsPopulation(items(stored))
    with facts_of(stored, "ObjectTags") as facts:
        yield FactsPopulation(facts)
        if cut is not None:
            yield SummaryPopulation(summarised(facts, cut))


def half_told(stored: Sequence[Object]) -> Iterator[Population]:
    """Without tags; by a summary that was cut for something else; by CloudWatch alone."""
    yield ItemsPopulation(items([each._replace(tags=()) for each in stored]))
    with facts_of(stored) as facts:
        yield FactsPopulation(facts)
        yield SummaryPopulation(summarised(facts, Cut(("", "a/"), (2**20,), (1,), (), False)))
    size = sum(each.size for each in stored)
    yield SizesPopulation(
        StorageMetrics("lab", {"StandardStorage": {DAY.date(): size}}, {DAY.date(): len(stored)})
    )


@contextmanager
def facts_of(stored: Sequence[Object], *more: str) -> Iterator[Any]:
    rows = [
        {
            "Key": each.key,
            "VersionId": f"v{number}",
            "IsLatest": True,
            "IsDeleteMarker": False,
            "Size": each.size,
            "StorageClass": "STANDARD",
            "LastModifiedDate": DAY,
            "ObjectTags": urlencode(each.tags),
        }
        for number, each in enumerate(stored)
    ]
    with TemporaryDirectory() as folder:
        manifest = write(Path(folder), rows, (*FIELDS, *more))
        with open_inventory([OnDisk(manifest)]) as facts:
            yield facts


def items(stored: Sequence[Object]) -> tuple[StoredItem, ...]:
    return tuple(StoredItem(each.key, DAY, each.size, tags=each.tags) for each in stored)
