"""How far a listing is, on stderr: a line now and then where nobody watches a bar."""

from __future__ import annotations

import pytest

from firnline.cli import listing_progress as progress
from firnline.fleet.listing.so_far import SoFar

Captured = pytest.CaptureFixture[str]


def test_elsewhere_than_on_a_terminal_a_line_is_said_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(progress, "_SECONDS", 0.0)
    with progress.listing_progress("acme", "never") as report:
        report(SoFar(1_000, 5 << 30, 0, 8))
        report(SoFar(2_000, 10 << 30, 1, 8))
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("acme: 1,000 listed, 5GiB, 0/s; 0 of 8 ranges of keys")
    assert second.startswith("acme: 2,000 listed, 10GiB, ")
    assert second.endswith("/s; 1 of 8 ranges of keys are finished")


def test_a_short_listing_says_nothing(capsys: Captured) -> None:
    with progress.listing_progress("acme", "never") as report:
        report(SoFar(1_000, 5, 1, 1))
    assert capsys.readouterr().err == ""
