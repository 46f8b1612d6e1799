"""What is said of a proposal, by what is known of reads."""

from __future__ import annotations

import pytest

from firnline.inventory.advice.evidence import Evidence


@pytest.mark.parametrize(
    ("into", "is_said"), [("INTELLIGENT_TIERING", True), ("GLACIER_IR", False)]
)
def test_where_reads_are_not_known_it_is_said_that_tiers_depend_on_them(
    into: str, is_said: bool
) -> None:
    said = " ".join(Evidence().notes(["runs/"], {into}))
    assert "reads are not known" in said
    assert ("what is read stays in its dearest tier" in said) == is_said
