"""Whatever is stored under whatever rules, findings are told and name the rule."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.checks.findings import findings
from firnline.inventory.checks.judged import BilledTogether, BucketAfter
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.undecided import Contents
from firnline.rules.diff.owners import BucketConfig
from tests.inventory.checks.judged import group
from tests.inventory.forecast.firnline_words import VERSIONING, batch_of, prices_of, rules_of
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.stored import World
from tests.inventory.forecast.random_worlds import worlds

PRICES = prices_of(US_EAST_1)


@settings(max_examples=25)
@given(worlds(), st.sampled_from((1, 3, 12)))
def test_findings_of_any_bucket_name_the_rule(world: World, months: int) -> None:
    batch = batch_of(world)
    stored = [*map(group, world.keys), *map(group, world.uploads)]
    contents = Contents(stored), Contents(stored[:2])
    config = BucketConfig(rules_of(world), VERSIONING[world.versioning])
    bucket = BucketAfter("lab", config, Changed(batch, batch, *contents))
    for found in findings([BilledTogether(PRICES, [bucket])], world.as_of, months).diagnostics:
        assert found.kind.code in {"FL501", "FL502", "FL503", "FL504", "FL505"}
        assert "rule `" in found.message
