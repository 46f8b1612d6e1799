"""The policies in docs/own-aws.md are those that `firnline iam` prints for the fleet in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main

PAGE = Path(__file__).parents[2] / "docs/own-aws.md"
POLICY = """\
firnline: policy/v1
policy: ml
owner: ml
why: an example
applies_to: [{account: ml-prod, buckets: "acme-ml-*"}]
uploads: {abort_after: 7d}
"""
CALLER = "arn:aws:iam::999999999999:role/retention-deployer"


def test_the_page_has_the_policies_that_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (fleet,) = re.findall(r"```yaml\n# policies/fleet\.yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "fleet.yaml").write_text(fleet)
    (tmp_path / "ml.yaml").write_text(POLICY)
    options = ["--account", "ml-prod", "--caller", CALLER, "--out", "json"]
    assert main(["iam", str(tmp_path), *options]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    printed = {each["name"]: each["policy"] for each in account["documents"]}
    shown = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    policies: list[Any] = [each for each in shown if "Statement" in each]
    assert policies == [printed["read"], printed["write"], printed["trust"]]
