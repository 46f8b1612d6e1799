"""The page of a fleet: what it says, and in Chromium at three widths, light and dark."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.verify.kinds import NOT_ROLLED_OUT, SHORT_EXPIRY
from firnline.inventory.coverage.uncovered import Amount, BucketCoverage, Coverage
from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.volume import Volume
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days, Versioning
from firnline.targets.fleet.model import FleetPage, PageAccount, PageBucket, Shown
from firnline.targets.fleet.page import page
from tests.docs.browser import Browser
from tests.fleet.verify.buckets import findings_of
from tests.page_in_a_browser import opened, require_a_page

__all__ = ["opened"]  # a fixture
LONG = "a" * 63
RULES = RuleSet((Rule("firnline/acme/ml/tmp", Filter("tmp/" + "x" * 300), expires=Days(30)),))
PENDING: Diagnostic = findings_of(str(NOT_ROLLED_OUT.wrong))[0]
SHORT: Diagnostic = findings_of(str(SHORT_EXPIRY.wrong))[0]


def bucket(name: str, state: Shown = Shown.AGREES) -> PageBucket:
    return PageBucket("prod", "012345670123", "us-east-1", name, state, Versioning.ENABLED, RULES)


FLEET = FleetPage(
    namespace="acme",
    at=datetime(2026, 11, 30, 12, tzinfo=UTC),
    policies="policies",
    base="git:HEAD~1",
    conclusion="21 buckets of 1 account: 19 as the policies say, 1 drifted, 1 not known",
    accounts=[PageAccount("prod", "012345670123", 3), PageAccount("staging", "210987654321", None)],
    buckets=[
        *(bucket(f"acme-{number:02}-{LONG}"[:63]) for number in range(19)),
        bucket("acme-models", Shown.DRIFTED),
        bucket("acme-shut", Shown.UNREAD),
    ],
    findings=[SHORT, PENDING, PENDING],
    unread=["prod/acme-shut could not be read: missing permission s3:GetLifecycleConfiguration"],
    coverage=Coverage(
        buckets=(
            BucketCoverage(
                "acme-models",
                "us-east-1",
                True,
                "an inventory",
                date(2026, 11, 29),
                Amount(Volume(7, 5 * 2**40), Usd(Fraction(120))),
                Amount(Volume(2, 2**40), Usd(Fraction(23))),
                Amount(),
                Amount(),
                None,
            ),
        ),
        unpoliced=(),
        untold=("acme-shut",),
        locked=21,
        prices=("us-east-1: a price list",),
    ),
)
SAYS = (
    FLEET.conclusion,
    "1 bucket with rules that delete sooner",
    "FL734",
    "only live: `cleanup`",
    "2 buckets: what is live is what an earlier revision",
    "objects in tmp/: delete 90d (bytes stay) → delete 30d (bytes stay)",
    "unreadable after 30d",
    "$120.00 a month",
    "1TiB",
    "missing permission s3:GetLifecycleConfiguration",
)


def test_it_says_what_drifted_what_holds_where_and_what_it_costs() -> None:
    text = page(FLEET)
    for said in SAYS:
        assert said in text
    assert text.index("FL734") < text.index("What holds where")


def test_a_fleet_that_agrees_says_nothing_of_differences() -> None:
    agrees = replace(FLEET, findings=[], unread=[], buckets=[bucket("acme-dev")], coverage=None)
    text = page(agrees)
    assert 'class="verdict free"' in text
    assert "What differs" not in text


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_page_is_in_order_at_every_width(opened: Browser, tmp_path: Path) -> None:
    file = tmp_path / "fleet.html"
    file.write_text(page(FLEET))
    require_a_page(opened, file.as_uri(), sorted(SAYS))
