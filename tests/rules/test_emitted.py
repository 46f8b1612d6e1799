"""What the law rejects is not handed out, and is told as our own fault."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline import pipeline
from firnline.cli import main
from firnline.language.check import Known
from firnline.language.checks.lock_examples import FLEET, lock_file
from firnline.rules import bucket_rules
from firnline.rules.emitted import RejectedByTheLaw
from firnline.rules.lower import lower
from firnline.rules.program import Program
from firnline.s3.model import RuleSet
from firnline.s3.terms import Days
from tests.policies import files_of
from tests.rules.strategies import policies

POLICY = "retain: {tmp: {prefix: tmp/, delete_after: 7d}}"


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler that lets everything be deleted after no days at all."""

    def spoilt(program: Program) -> RuleSet:
        made = lower(program)
        return replace(made, rules=tuple(replace(r, expires=Days(0)) for r in made.rules))

    monkeypatch.setattr(bucket_rules, "lower", spoilt)


@pytest.mark.usefixtures("fault")
def test_rules_that_s3_would_refuse_are_not_emitted() -> None:
    with pytest.raises(RejectedByTheLaw) as caught:
        pipeline.compile_files(files_of(POLICY))
    assert caught.value.bucket.name == "lab-data"
    assert caught.value.configuration["Rules"][0]["Expiration"] == {"Days": 0}
    assert "InvalidArgument at Rules[0].Expiration.Days" in str(caught.value)


@pytest.mark.usefixtures("fault")
def test_the_case_is_saved_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for path, content in files_of(POLICY).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert main(["compile", "--out", "s3-json:rules.json"]) == 255
    said = capsys.readouterr()
    assert said.out == ""
    assert not (tmp_path / "rules.json").exists()
    (saved,) = tmp_path.glob("firnline-rejected-*.json")
    assert str(saved) in said.err
    assert "FL901" in said.err
    case = json.loads(saved.read_text(encoding="utf-8"))
    assert case["config"]["Rules"][0]["Expiration"] == {"Days": 0}
    assert case["rejected"][0].startswith("Rules[0].Expiration.Days: InvalidArgument")


@settings(max_examples=200)
@given(
    policies(),
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["general-purpose", "directory"]),
)
def test_no_policy_compiles_to_what_s3_would_refuse_wherever_the_bucket_lies(
    policy: dict[str, Any], partition: str, kind: str
) -> None:
    lock = lock_file().replace("partition: aws\n", f"partition: {partition}\n")
    versioning = policy["versioning"]
    files = {
        "p.yaml": json.dumps(policy).encode(),
        "fleet.yaml": FLEET.encode(),
        "fleet.lock.yaml": lock.replace("general-purpose", kind)
        .replace("versioning: off", f"versioning: {versioning}")
        .encode(),
    }
    compilation = pipeline.compile_files(files)
    event("is refused" if compilation.failed else "compiles")


def test_an_earlier_day_has_an_earlier_law() -> None:
    early = files_of("retain: {a: {prefix: a/, warm_after: 10d, delete_after: 90d}}")
    assert not pipeline.compile_files(early).failed
    assert not pipeline.compile_files(early, Known(as_of=date(2026, 7, 16))).failed
    found = pipeline.compile_files(early, Known(as_of=date(2026, 7, 15))).diagnostics
    assert "FL205" in {each.kind.code for each in found}
