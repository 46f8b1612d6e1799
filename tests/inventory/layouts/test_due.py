"""What rules take of layouts, against a second implementation that looks at one object a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from firnline.consumers.states import TERRAFORM_STATE
from firnline.consumers.table import LAYOUTS
from firnline.diagnostics.position import BucketPlace
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.layouts.due import due, of_items
from firnline.inventory.layouts.due_in_facts import groups_of
from firnline.inventory.layouts.recognise import measure, recognise
from firnline.inventory.layouts.recognised import of_items as recognised_in
from firnline.rules.at_risk.risks import Risk, at_risk
from firnline.rules.threats import Loss, Threat
from firnline.s3.scope import Scope
from firnline.s3.simulate.clock import due_after
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Days, StorageClass
from tests.consumers.test_found import ALIKE, SHOWN
from tests.inventory.facts.written import CURRENT, write
from tests.inventory.layouts import naive

MADE = datetime(2026, 11, 20, tzinfo=UTC)
PIECES = st.sampled_from(
    ["a", "b", "_delta_log", "my_delta_log", "metadata", "indices", "a" * 22, "0", "_delta", "x\ny"]
)
ENDS = st.sampled_from(
    [
        "00000000000000000001.json",
        "00000000000000000001.json.txt",
        "0.json",
        "_last_checkpoint",
        "v1.metadata.json",
        "x.metadata.json",
        "p.tfstate",
        "p.tfstate.backup",
        "index-1",
        "index.latest",
        "data.parquet",
    ]
)
KEYS = st.builds(lambda above, last: "/".join([*above, last]), st.lists(PIECES, max_size=4), ENDS)


@st.composite
def items(draw: st.DrawFn) -> list[StoredItem]:
    keys = draw(st.lists(KEYS, max_size=12, unique=True))
    return [
        StoredItem(
            key,
            MADE - timedelta(hours=draw(st.integers(0, 5000))),
            draw(st.sampled_from([0, 5, 200_000])),
            storage_class=draw(st.sampled_from(["STANDARD", "GLACIER"])),
        )
        for key in keys
    ]


@st.composite
def risks(draw: st.DrawFn, keys: Sequence[str]) -> list[Risk]:
    found = []
    for nth in range(draw(st.integers(1, 4))):
        start = draw(st.sampled_from([*keys, "", "a/", "b/a/"]))
        scope = Scope(
            start[: draw(st.integers(0, len(start)))],
            (),
            draw(st.sampled_from([0, 6])),
            draw(st.sampled_from([None, 100_000])),
        )
        loss = draw(st.sampled_from(Loss))
        to = StorageClass("GLACIER") if loss is Loss.ARCHIVED else None
        place = BucketPlace(f"rule-{nth}")
        found.append(Risk(Threat(loss, Days(draw(st.integers(1, 90))), scope, place, False, to)))
    return found


def expected(
    stored: Sequence[StoredItem], all_risks: Sequence[Risk]
) -> dict[tuple[str, str], tuple[int, int, datetime | None]]:
    """By rule and layout."""
    roots = {root for item in stored for root in naive.shown(item.key)}
    found: dict[tuple[str, str], tuple[int, int, datetime | None]] = {}
    for risk in all_risks:
        threat = risk.threat
        for name in {each for each, _ in roots}:
            mine = [root for root in roots if root[0] == name]
            probes = [*(item.key for item in stored), f"{threat.scope.prefix}x", *_probes(mine)]
            if not any(
                key.startswith(threat.scope.prefix) and naive.needs(root, key)
                for key in probes
                for root in mine
            ):
                continue
            taken = [
                item
                for item in stored
                if _matches(threat, item)
                and any(naive.needs(root, item.key) for root in mine)
                and not (threat.loss is Loss.ARCHIVED and item.storage_class == "GLACIER")
                and not any(_is_first(other.threat, threat, item) for other in all_risks)
            ]
            days = [due_after(item.created, threat.after) for item in taken]
            first = min((day for day in days if day), default=None)
            key = str(threat.place), name
            found[key] = len(taken), sum(item.size for item in taken), first
    return found


def _matches(threat: Threat, item: StoredItem) -> bool:
    scope = threat.scope
    most = item.size if scope.at_most is None else scope.at_most
    return item.key.startswith(scope.prefix) and scope.at_least <= item.size <= most


def _is_first(deletion: Threat, move: Threat, item: StoredItem) -> bool:
    is_pair = (deletion.loss, move.loss) == (Loss.DELETED, Loss.ARCHIVED)
    assert isinstance(deletion.after, Days)
    assert isinstance(move.after, Days)
    return is_pair and _matches(deletion, item) and deletion.after <= move.after


def _probes(roots: Sequence[naive.Root]) -> list[str]:
    starts = ("x", "_delta_log/x", "metadata/x", "index-x", "snap-x", "meta-x", "indices/x")
    return [root + each for _, root in roots for each in (*starts, "index.latest", "")]


@settings(max_examples=150)
@given(st.data())
def test_rules_take_of_layouts_what_they_take_of_their_objects_one_by_one(
    data: st.DataObject,
) -> None:
    stored = data.draw(items())
    all_risks = data.draw(risks([item.key for item in stored]))
    found = [each.found for each in recognised_in(stored)]
    told = {}
    for each in at_risk(all_risks, found):
        counted = due(each, of_items(stored, [each], tags_known=True))
        told[str(each.place), each.layout.called] = counted.objects, counted.bytes, counted.first
    right = expected(stored, all_risks)
    assert told == {key: right[key] for key in told}
    for place, name in right.keys() - told.keys():  # a deletion takes all of it before
        (risk,) = [each for each in all_risks if str(each.threat.place) == place]
        assert right[place, name][0] == 0
        assert risk.threat.loss is Loss.ARCHIVED
        assert any(each.threat.is_before(risk.threat) for each in all_risks if _deletes(each))


def _deletes(risk: Risk) -> bool:
    return risk.threat.loss is Loss.DELETED


def test_the_table_engine_recognises_and_counts_what_python_does(tmp_path: Path) -> None:
    stored, all_risks = _many()
    fields = (*CURRENT, "Size", "LastModifiedDate", "StorageClass")
    rows = [
        {
            "Key": item.key,
            "Size": item.size,
            "LastModifiedDate": item.created,
            "StorageClass": item.storage_class,
        }
        for item in stored
    ]
    manifest = write(tmp_path, rows, fields, "Parquet", made=MADE)
    with open_inventory([OnDisk(manifest)]) as facts:
        recognised = recognise(facts)
        assert {each.layout for each in recognised} == set(LAYOUTS)
        assert sorted(recognised, key=repr) == sorted(recognised_in(stored), key=repr)
        few = [each for each in recognise(facts, most=2) if each.layout is TERRAFORM_STATE]
        assert [each.has_more for each in few] == [True, True]
        assert not any(each.has_more for each in recognised)
        for measured in measure(facts, recognised):
            there = [item for item in stored if measured.recognised.found.holds(item.key)]
            assert measured.objects == len(there)
            assert measured.bytes == sum(item.size for item in there)
        threatened = at_risk(all_risks, [each.found for each in recognised])
        groups = list(groups_of(facts, threatened))
    assert len(threatened) > 20
    for each in threatened:
        assert due(each, groups) == due(each, of_items(stored, [each], tags_known=True))


def _many() -> tuple[list[StoredItem], list[Risk]]:
    """Of all keys that a few pieces make, of an example of each layout, and of what is alike."""
    pieces = ["a", "_delta_log", "my_delta_log", "metadata", "indices", "a" * 22, "0", "x\ny"]
    ends = ["00000000000000000001.json", "v1.metadata.json", "p.tfstate", "index-1", "d.parquet"]
    above = ["", *(f"{a}/" for a in pieces)]
    above += [f"{a}/{b}/" for a in pieces for b in pieces]
    above += [f"{a}/{b}/{c}/" for a in pieces for b in pieces for c in pieces]
    sizes, classes = (0, 5, 200_000), ("STANDARD", "GLACIER", "DEEP_ARCHIVE")
    stored = [
        StoredItem(
            f"{folder}{end}",
            MADE - timedelta(hours=7 * nth),
            sizes[nth % 3],
            storage_class=classes[nth % 5 % 3],
        )
        for nth, (folder, end) in enumerate((a, b) for a in above for b in ends)
    ]
    stored += [
        StoredItem(f"all/{nth}/{key}", MADE - timedelta(days=9), 7)
        for nth, key in enumerate([*SHOWN, *ALIKE])
    ]
    by_rule: dict[int, Scope] = defaultdict(Scope)
    for nth, prefix in enumerate(["", "a/", "a/_delta_log/", "indices/", "a/p", "metadata/a/"]):
        by_rule[nth] = Scope(prefix, (), nth % 2 * 6, 100_000 if nth % 3 else None)
    return stored, [
        Risk(
            Threat(
                loss,
                Days(10 + nth),
                scope,
                BucketPlace(f"rule-{nth}-{loss.value}"),
                False,
                StorageClass("GLACIER") if loss is Loss.ARCHIVED else None,
            )
        )
        for nth, scope in by_rule.items()
        for loss in Loss
    ]


@pytest.mark.parametrize("hours", [0, 23, 24, 25])
def test_the_first_day_is_the_midnight_on_which_s3_acts(hours: int) -> None:
    item = StoredItem("p.tfstate", MADE - timedelta(hours=hours), 9)
    threat = Threat(Loss.DELETED, Days(7), Scope(), BucketPlace("b"), False)
    (each,) = at_risk([Risk(threat)], [one.found for one in recognised_in([item])])
    first = due(each, of_items([item], [each], tags_known=True)).first
    assert first == due_after(item.created, Days(7))
    assert first is not None
    assert first.hour == 0
