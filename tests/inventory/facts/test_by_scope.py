"""What is stored by the owners of policies is what a sum over all objects, one by one, says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlencode

from hypothesis import example, given, settings
from hypothesis import strategies as st

from firnline.inventory.facts.by_scope import by_scope
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume, merged
from firnline.rules.owners import ownership
from firnline.rules.owners_below import owned_scopes, possible_owners
from firnline.rules.program import Program
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Clock
from tests.inventory.facts.written import VERSIONS, write
from tests.rules.strategies import KEYS, policies
from tests.rules.test_owners_below import programs

OLD = datetime(2026, 1, 1, tzinfo=UTC)
TAGS: tuple[dict[str, str], ...] = ({}, {"t": "x"}, {"t": "y"}, {"t": "z", "u": "x"})
SIZES = (0, 1, 1024, 1025, 2**20, 2**20 + 1, 2**30 - 1, 2**30, 2**31)
FIELDS = (*VERSIONS, "Size", "StorageClass")


class Object(NamedTuple):
    key: str
    tags: dict[str, str]
    size: int
    storage_class: str


OBJECTS = st.lists(
    st.builds(
        Object,
        st.sampled_from(KEYS),
        st.sampled_from(TAGS),
        st.sampled_from(SIZES),
        st.sampled_from(("STANDARD", "GLACIER")),
    ),
    max_size=12,
)
Sums = dict[tuple[frozenset[str | None], str], Volume]


@settings(max_examples=20, deadline=None)
@given(st.lists(policies(), min_size=1, max_size=3), OBJECTS)
def test_what_owners_answer_for_is_exact_where_tags_are_known(
    documents: list[dict[str, Any]], stored: list[Object]
) -> None:
    for program in programs(documents)[:1]:
        assert counted(program, stored, "ObjectTags") == one_by_one(
            program, stored, [[each.tags] for each in stored]
        )


TAGGED = {
    **{"firnline": "policy/v1", "versioning": "enabled", "why": "a property"},
    "applies_to": [{"account": "lab", "buckets": "lab-data"}],
    "retain": {"r0": {"prefix": "", "tags": {"t": "x"}, "delete_after": "never"}},
}


@settings(max_examples=20, deadline=None)
@given(st.lists(policies(), min_size=1, max_size=3), OBJECTS)
@example([TAGGED, TAGGED], [Object("x", {}, 1025, "STANDARD")])
def test_without_tags_all_owners_are_named_whose_it_may_be(
    documents: list[dict[str, Any]], stored: list[Object]
) -> None:
    for program in programs(documents)[:1]:
        assert counted(program, stored) == one_by_one(program, stored, [TAGS] * len(stored))


def counted(program: Program, stored: Sequence[Object], *more: str) -> Sums:
    with TemporaryDirectory() as folder:
        manifest = write(Path(folder), [*map(_row, stored, range(20)), MARKER], (*FIELDS, *more))
        with open_inventory([OnDisk(manifest)]) as facts:
            found = list(by_scope(facts, owned_scopes(program)))
    sums: Sums = {}
    for each in found:
        owners = possible_owners(program, each.example, tags_known=each.tags_known)
        assert len(set(owners)) == len(owners)
        of_classes = by_class(each.stored)
        named = {(frozenset(owners), name): volume for name, volume in of_classes.items()}
        sums = merged((sums, named))
    return sums


MARKER = {"Key": "a/x", "VersionId": "m", "IsLatest": True, "IsDeleteMarker": True}


def _row(stored: Object, number: int) -> dict[str, Any]:
    return {
        "Key": stored.key,
        "VersionId": f"v{number}",
        "IsLatest": False,
        "IsDeleteMarker": False,
        "Size": stored.size,
        "StorageClass": stored.storage_class,
        "ObjectTags": urlencode(stored.tags),
    }


def one_by_one(
    program: Program, stored: Sequence[Object], possible: Sequence[Collection[dict[str, str]]]
) -> Sums:
    sums: Sums = defaultdict(Volume)
    for each, all_tags in zip(stored, possible, strict=True):
        owners = frozenset(_owner(program, each, tags) for tags in all_tags)
        place = owners, each.storage_class
        sums[place] = sums[place].plus(Volume.of(each.size))
    return sums


def _owner(program: Program, stored: Object, tags: dict[str, str]) -> str | None:
    item = StoredItem(stored.key, OLD, stored.size, tags=tuple(sorted(tags.items())))
    found = next(each.owner for each in ownership(program, item) if each.clock is Clock.OBJECTS)
    return found.unit.policy.owner.value if found else None
