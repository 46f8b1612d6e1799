"""The retention schedule in Chromium: at three widths, light and dark, on paper, as in the JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import main
from tests.cli.schedules import LAKE, OVERDUE, begin, scheduled
from tests.docs.browser import Browser
from tests.page_in_a_browser import opened, require_a_page

__all__ = ["opened"]  # a fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path, monkeypatch)


def written() -> str:
    """The address of the page."""
    assert main(["schedule", "--today", OVERDUE, "--out", "html:schedule.html"]) == 0
    return Path("schedule.html").absolute().as_uri()


def test_the_page_is_in_order_and_has_the_days_of_the_json(opened: Browser) -> None:
    found = scheduled()
    (group,) = found["groups"]
    days = {
        f"{row['days'][end][bound]:,}"
        for row in group["rows"]
        for end in ("readable", "bytes")
        for bound in ("min", "max")
        if row["days"][end][bound] is not None
    }
    assert {"5,114", "365"} <= days
    owners = {owner for row in group["rows"] for owner in row["owners"]}
    scopes = {row["scope"]["text"] for row in group["rows"]}
    says = {*days, *owners, *scopes, *group["buckets"], found["digest"]}
    require_a_page(opened, written(), sorted(says))


def test_long_names_fit(opened: Browser) -> None:
    """As long as a key of S3 may be, and without a place to break."""
    text = LAKE.replace("invoices/", f"{'invoices' * 60}/").replace("data-platform", "team" * 60)
    Path("policies/lake.yaml").write_text(text)
    require_a_page(opened, written())
