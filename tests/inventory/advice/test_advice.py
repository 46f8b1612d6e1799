"""Tiers that are proposed: none that are tried are cheaper, and what they say is what they save."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from firnline.cli.advice_changes import covering, edited
from firnline.cli.advice_known import Wanted
from firnline.cli.advising import advise
from firnline.cli.growth_from import GrowthFrom
from firnline.cli.known_buckets import Coming, Settings
from firnline.cli.stored import Listed
from firnline.inventory.advice.advice import Advice
from firnline.inventory.advice.choices import OF_MILLISECONDS, YOUNGEST, choices
from firnline.inventory.advice.proposed import ENDS
from firnline.inventory.advice.timeline import Move, Timeline, rules_of
from firnline.inventory.forecast.arrivals import Ingest
from firnline.inventory.forecast.groups import groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import StoredUnder, outlook
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.pipeline import compile_files
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Days, Versioning
from firnline.targets.formats.advice_text import to_text

AS_OF = datetime(2026, 11, 29, tzinfo=UTC)
MONTHS = 6
NOTHING_COMES = Coming([], GrowthFrom())
FOLDERS = ("checkpoints/", "logs/", "models/")
TOLERANCE = Fraction(2, 100)
pytestmark = pytest.mark.usefixtures("socket_disabled", "tmp_path_here")


@pytest.fixture
def tmp_path_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def wanted(**other: object) -> Wanted:
    said: dict[str, object] = {
        "bucket": "lab",
        "name": None,
        "owner": "ml",
        "why": None,
        "account": None,
        "ends": {},
        "classes": OF_MILLISECONDS,
        "old_versions": Days(90),
        "uploads": Days(7),
        "worth": 0,
        "depth": 3,
    }
    return Wanted(**{**said, **other})  # type: ignore[arg-type]


def settings(versioning: Versioning = Versioning.OFF) -> Settings:
    return Settings(AS_OF, MONTHS, versioning, "us-east-1")


def some_items(seed: int) -> list[StoredItem]:
    """Of large objects, a few in each folder."""
    random = Random(seed)
    return [
        StoredItem(
            f"{folder}{number}",
            AS_OF - timedelta(days=random.randrange(1, 400), hours=random.randrange(24)),
            size=random.randrange(1, 400) << random.choice([18, 22, 30]),
            storage_class=random.choice(["STANDARD", "STANDARD", "STANDARD_IA"]),
        )
        for folder in FOLDERS
        for number in range(random.randrange(2, 6))
    ]


def proposal(items: Sequence[StoredItem], want: Wanted | None = None, **said: object) -> Advice:
    coming = said.pop("coming", NOTHING_COMES)
    listed = Listed("lab", "listing.json", tuple(items))
    return advise(listed, coming, settings(**said), want or wanted())  # type: ignore[arg-type]


def paid(items: Sequence[StoredItem], rules: RuleSet) -> Fraction:
    """Within the months, by the forecast alone."""
    batch = Batch(rules, BucketState(Versioning.OFF))
    stored = groups([Batch(RuleSet(()), batch.bucket), batch], items, AS_OF)
    found = outlook([StoredUnder(batch, stored)], starts(AS_OF, MONTHS), US_EAST_1)
    return sum((cost.total for cost in found.costs), Fraction())


@pytest.mark.parametrize(
    "seed", [7, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (*range(7), 8, 9))]
)
def test_no_other_tiers_that_may_be_proposed_are_cheaper(seed: int) -> None:
    items = some_items(seed)
    found = proposal(items)
    saved = found.forecast.change.saved_so_far[-1].at_least
    least = Fraction()
    for folder in FOLDERS:
        inside = [item for item in items if item.key.startswith(folder)]
        tried = [Timeline(), *map(Timeline, choices(OF_MILLISECONDS, YOUNGEST))]
        least += min(paid(inside, RuleSet(tuple(rules_of(folder, each)))) for each in tried)
    possible = paid(items, RuleSet(())) - least
    assert saved >= possible * (1 - TOLERANCE)


@pytest.mark.parametrize("ends", [{}, {"logs/": Days(100)}])
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_the_lines_sum_up_to_the_forecast_of_the_policy(seed: int, ends: dict[str, Days]) -> None:
    coming = Coming([Ingest("models/", 1 << 40, 1 << 26)], GrowthFrom())
    items = [*some_items(seed), *_versions(seed)]
    found = proposal(items, wanted(ends=ends), versioning=Versioning.ENABLED, coming=coming)
    lines = [worth.saved for worth in found.worths.lines.values()]
    change = found.forecast.change
    assert change.is_exact
    assert [sum(month) for month in zip(*lines, strict=True)] == [
        each.at_least for each in change.saved
    ]
    below = found.worths.below.values()
    assert float(sum(each.today for each in below)) == pytest.approx(float(found.usd_a_month))
    assert float(sum(each.at_last for each in below)) == pytest.approx(
        float(change.after.costs[-1].total.at_least)
    )


def test_what_was_not_read_may_be_archived_but_not_what_a_reader_needs(tmp_path: Path) -> None:
    items = [
        StoredItem(f"{key}{day:03}", AS_OF - timedelta(days=day), size=1 << 36)
        for key in ("dump/", "lake/t/_delta_log/", "lake/t/part-", "web/")
        for day in range(100, 300, 50)
    ]
    items.append(StoredItem("lake/t/_delta_log/00000000000000000000.json", AS_OF, size=99))
    until = "2026-04-01T00:00:00Z,2026-11-28T00:00:00Z,241.0000"
    read = f"lab,web/100,,2026-11-20T00:00:00Z,9,999,{until}"
    head = "bucket,key,logged,read,reads,bytes,since,until,days"
    (tmp_path / "reads.csv").write_text(f"{head}\nlab,,,,,,{until}\n{read}\n")
    classes = (*OF_MILLISECONDS, "GLACIER", "DEEP_ARCHIVE")
    found = proposal(items, wanted(reads=str(tmp_path / "reads.csv"), classes=classes))
    into = {
        each.prefix: {move.into for move in each.timeline.moves}
        for each in found.draft.proposed.tiers
    }
    assert "DEEP_ARCHIVE" in into["dump/"]
    assert into["lake/"] <= {*OF_MILLISECONDS}
    assert into["web/"] == {"INTELLIGENT_TIERING"}
    assert any("no archive class around `lake/t/`" in note for note in found.notes)
    text = to_text(found)
    assert "not read in 241 days of logs" in text
    assert "read last on 2026-11-20" in text


def test_old_versions_from_which_a_state_is_recovered_are_kept() -> None:
    state = StoredItem("env/terraform.tfstate", AS_OF - timedelta(days=9), size=1 << 18)
    since = state.created
    old = replace(state, created=since - timedelta(days=99), current=False, noncurrent_since=since)
    items = [*some_items(0), *_versions(0), state, old]
    found = proposal(items, versioning=Versioning.ENABLED)
    (compiled,) = compile_files({"lab.yaml": to_text(found).encode()}).buckets
    ended = {rule.filter.prefix for rule in compiled.rules.rules if rule.noncurrent_expires}
    assert ended == {"logs/", "models/"}  # of large folders
    assert any("old versions around `env/terraform.tfstate` are kept" in one for one in found.notes)
    worth = [worth.saved for worth in found.worths.lines.values()]
    saved = [each.at_least for each in found.forecast.change.saved]
    assert [sum(month) for month in zip(*worth, strict=True)] == saved


def _versions(seed: int) -> list[StoredItem]:
    random = Random(seed)
    return [
        StoredItem(
            f"{folder}old{number}",
            AS_OF - timedelta(days=500),
            size=1 << 30,
            current=False,
            noncurrent_since=AS_OF - timedelta(days=random.randrange(300)),
        )
        for folder in FOLDERS
        for number in range(3)
    ]


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_nothing_current_is_deleted_unless_it_may_be(seed: int) -> None:
    items = some_items(seed)
    for ends in ({}, {"logs/": Days(100)}):
        found = proposal(items, wanted(ends=ends), versioning=Versioning.ENABLED)
        (compiled,) = compile_files({"lab.yaml": to_text(found).encode()}).buckets
        batch = Batch(compiled.rules, BucketState(Versioning.ENABLED))
        ended = {
            item.key
            for item in items
            for step in batch.steps(item, AS_OF, AS_OF + timedelta(days=3650))
            if step.left is None or step.taken.action.value != "transition"
        }
        may = {item.key for item in items if ends and item.key.startswith("logs/")}
        assert ended == may


def test_what_may_be_deleted_gets_no_tier_that_does_not_pay_before() -> None:
    items = [
        StoredItem(f"tmp/{day}", AS_OF - timedelta(days=day), size=1 << 34) for day in range(9)
    ]
    found = proposal(items, wanted(ends={"tmp/": Days(40)}))
    (tier,) = found.draft.proposed.tiers
    assert tier.timeline == Timeline(ends=40)
    assert [line.setting for line in found.worths.lines] == ["uploads", ENDS]


COLD = """\
firnline: policy/v1
policy: ml
owner: ml-platform
why: training
applies_to: [{account: "*", buckets: lab}]
retain:
  models:
    prefix: models/
    cold_after: 40d
    delete_after: never
"""


def test_keys_that_are_allowed_only_together_share_their_dollars() -> None:
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(COLD.replace("cold_after: 40d", "warm_after: 180d"))
    items = [
        StoredItem(f"models/{day}", AS_OF - timedelta(days=day), size=1 << 38) for day in range(200)
    ]
    one_by_one = proposal(items)
    Path("policies/ml.yaml").write_text(COLD)
    covered = covering("lab")
    assert covered
    (change,) = one_by_one.changes
    assert change.steps == (("warm_after",), ("cold_after",))
    change = change._replace(before=Timeline((Move(40, "GLACIER_IR"),)))
    ((made, rules),) = edited(covered, [change]).made
    assert made.steps == (("warm_after", "cold_after"),)  # from 30 to 40 days is no whole stay
    assert len(rules) == 1
    (line,) = made.lines
    known = one_by_one.worths.lines
    lines = {**known, line: known[change.line(("warm_after",))]}
    shared = replace(one_by_one, changes=(made,), worths=one_by_one.worths._replace(lines=lines))
    warm, cold = re.findall("(?:warm|cold)_after: .*0d  # (.*)", to_text(shared))
    assert re.fullmatch(r"STANDARD_IA: saves .*, together with cold_after", warm)
    assert cold == "its dollars are those beside warm_after"


def test_what_goes_in_the_first_run_is_told_also_of_prefixes_that_get_tiers() -> None:
    current = [
        StoredItem(f"dump/{day}", AS_OF - timedelta(days=day), size=1 << 38)
        for day in range(100, 110)
    ]
    old = [
        replace(
            each,
            created=each.created - timedelta(days=9),
            current=False,
            noncurrent_since=each.created,
        )
        for each in current[:4]
    ]
    upload = StoredItem("dump/u", AS_OF - timedelta(days=9), kind=ItemKind.MULTIPART_UPLOAD)
    text = to_text(proposal([*current, *old, upload], versioning=Versioning.ENABLED))
    assert "cold_after: 90d  # GLACIER_IR saves" in text
    assert re.search(r"months: the first run deletes 4 old versions \(1TiB\)\n", text)
    assert "abort_after: 7d  # the first run aborts 1 incomplete upload of unknown size\n" in text
