"""Whether an account is closed is read in its own partition: elsewhere its buckets do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli.drop_account import closed_accounts
from firnline.fleet.resolve import question_of
from firnline.testing.faults import Fault
from firnline.workspace import read_folder
from tests.fleet.small_world import FLEET, LOCK_OF_FACTS, PROD, served, write_folder

LOCK = f"firnline: fleet-lock/v1\ndigest: sha256:{'0' * 64}\n{LOCK_OF_FACTS}"


def test_the_caller_is_found_in_the_partition_of_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path)
    rest = [line for line in FLEET.splitlines(keepends=True) if "  prod:" not in line]
    (folder / "fleet.yaml").write_text("".join(rest))
    china = LOCK.replace("partition: aws\n", "partition: aws-cn\n", 2)
    for region in ("eu-west-1", "us-east-1"):
        china = china.replace(f"region: {region}", "region: cn-north-1", 1)
    (folder / "fleet.lock.yaml").write_text(china)
    with served(monkeypatch) as aws:
        gone = Fault(operation="HeadBucket", status=404, code="NotFound", times=9)
        aws.middleware.faults.add(gone)
        question = question_of(str(folder), read_folder(str(folder)))
        assert closed_accounts([PROD], question) == {PROD}
        sent = [each for each in aws.requests if each.operation == "GetCallerIdentity"]
    assert {each.region for each in sent} == {"cn-north-1"}
