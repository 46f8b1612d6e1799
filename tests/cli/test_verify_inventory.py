"""What inventories tell of a bucket's rules, with logs and without, and what can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli.failed import CommandFailed
from firnline.cli.verify_expiry import ToldByInventory
from firnline.cli.verify_inventory import told_by_inventories
from firnline.fleet.accounts import Clients
from firnline.fleet.questions import ListedBucket
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.verified import State, VerifiedBucket
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days, Versioning
from tests.fleet.small_world import PROD, account
from tests.inventory.facts.written import CURRENT, write

FIELDS = (*CURRENT, "Size", "LastModifiedDate", "StorageClass", "LifecycleExpirationDate")
EARLIER = datetime(2026, 11, 27, 1, tzinfo=UTC)
LATER = EARLIER + timedelta(days=1)
RULES = RuleSet((Rule("firnline/acme/tmp", Filter("tmp/"), expires=Days(30)),))
LINE = (
    "79a5 {bucket} [{day}/Nov/2026:00:12:00 +0000] - AmazonS3 3E57 {operation} {key} "
    '"-" - - - 1048576 - - "-" "-" -\n'
)


@pytest.fixture
def inventories(tmp_path: Path) -> tuple[str, str]:
    """Between the two, tmp/early is deleted before its day."""
    rows = [row("tmp/early"), row("tmp/there")]
    earlier = write(tmp_path / "earlier", rows, FIELDS, made=EARLIER)
    return str(earlier), str(write(tmp_path / "later", rows[1:], FIELDS, made=LATER))


def row(key: str, day: int = 21) -> dict[str, Any]:
    told = datetime(2026, 12, day, tzinfo=UTC)
    created = datetime(2026, 11, 20, 10, tzinfo=UTC)
    facts = {"Size": 5, "StorageClass": "STANDARD", "LastModifiedDate": created}
    return {"Key": key, "LifecycleExpirationDate": told, **facts}


def expected(name: str) -> ExpectedBucket:
    bucket = ListedBucket(account("prod", PROD, "us-east-1"), name, "us-east-1")
    return ExpectedBucket(bucket, RULES, "firnline/acme", Versioning.OFF)


def told(
    named: Sequence[str],
    earlier: Sequence[str] = (),
    logs: Sequence[str] = (),
    written_at: Mapping[str, datetime] | None = None,
) -> ToldByInventory:
    verified = [VerifiedBucket(expected("lab"), State.AGREES)]
    by_time = written_at or {}
    (found,) = told_by_inventories(
        named, earlier, ".", "never", verified, Clients(), logs, written_at=by_time
    )
    return found


def logged(folder: Path, *lines: tuple[str, date]) -> list[str]:
    text = "".join(
        LINE.format(bucket=bucket, day=day.day, operation="REST.GET.OBJECT", key="x")
        for bucket, day in lines
    )
    (folder / "log").write_text(text)
    return [str(folder / "log")]


def test_logs_of_another_bucket_or_of_other_days_hide_no_early_deletion(
    inventories: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier, later = inventories
    days = (EARLIER.date(), LATER.date())
    for lines, lacks in (
        ([("other", day) for day in days], "of 2026-11-27 and 1 more day:"),
        ([("lab", days[0])], "of 2026-11-28:"),
    ):
        found = told([later], [earlier], logged(tmp_path, *lines))
        assert found.ran is not None
        assert (found.ran.acts.too_early, found.ran.acts.by_others) == (1, None)
        assert [each.kind.code for each in found.findings] == ["FL745"]
        said = " ".join(capsys.readouterr().err.split())
        assert f"the logs have no line about lab {lacks}" in said
    whole = told([later], [earlier], logged(tmp_path, *(("lab", day) for day in days)))
    assert whole.ran is not None
    assert (whole.ran.acts.too_early, whole.ran.acts.by_others) == (0, 1)
    assert whole.findings == ()


def test_an_inventory_from_before_the_rules_were_written_tells_nothing_of_them(
    tmp_path: Path,
) -> None:
    made = str(write(tmp_path, [row("tmp/a", day=2)], FIELDS, made=LATER))
    (error,) = told([made]).findings
    assert error.kind.code == "FL744"
    assert "if the rules were written after that" in error.notes[-1]
    (again,) = told([made], written_at={"lab": LATER}).findings
    assert again.notes == error.notes[:-1]
    early = told([made], written_at={"lab": LATER + timedelta(hours=1)})
    assert early.findings == ()
    assert early.told.why == "is of 2026-11-28 01:00 UTC, before the rules were written"


def test_an_earlier_inventory_belongs_to_one_later_one(
    inventories: tuple[str, str], tmp_path: Path
) -> None:
    earlier, later = inventories
    other = str(write(tmp_path / "other", [row("a")], FIELDS, bucket="other", made=EARLIER))
    with pytest.raises(CommandFailed, match=r"of --earlier is of other, and no --inventory is"):
        told([later], [earlier, other])
    third = write(tmp_path / "third", [row("a")], FIELDS, made=EARLIER - timedelta(days=1))
    with pytest.raises(CommandFailed, match="two inventories of --earlier are of lab"):
        told([later], [earlier, str(third)])
