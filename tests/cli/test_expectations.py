"""`firnline test`: what people rely on, in their CI."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from firnline.cli import main
from firnline.cli.schema import printed
from tests.junit_rules import require_junit
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
POLICY = whole(
    "versioning: enabled\n"
    "retain:\n"
    "  runs: {prefix: runs/, warm_after: 14d, delete_after: 90d}\n"
    "old_versions: {delete_after: 7d}\n"
)
GOOD = """\
firnline: expectations/v1
cases:
  a-run-resumes:
    why: the newest checkpoint
    key: runs/7/<&>.pt
    expect: {30d: STANDARD_IA, 90d: deleted}
"""
BAD = GOOD + "  for-ever: {key: runs/7/x.pt, expect: {1y: kept, 2y: gone}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("policies").mkdir()
    Path("policies/lab.yaml").write_text(POLICY)
    Path("policies/expectations.yaml").write_text(GOOD)
    return tmp_path


@pytest.mark.usefixtures("socket_disabled")
def test_what_is_as_expected_is_said_and_exits_with_0(capsys: Captured) -> None:
    assert main(["test"]) == 0
    told = capsys.readouterr()
    assert told.out == (
        "pass  a-run-resumes: 30d STANDARD_IA, 90d deleted\n\n1 case: 1 as expected, 0 not\n"
    )
    assert told.err == ""


def test_what_is_not_as_expected_fails_with_place_cause_and_rule(capsys: Captured) -> None:
    Path("policies/expectations.yaml").write_text(BAD)
    assert main(["test"]) == 1
    told = capsys.readouterr().out
    assert "FAIL  for-ever: 2y gone, but not 1y kept\n" in told
    assert "--> policies/expectations.yaml:7:45" in told
    said = " ".join(word for word in told.split() if word not in "|^")
    assert (
        "it is gone at 366d: noncurrent version deleted for good at 97d, by `firnline/default/"
        in said
    )
    assert "::: policies/lab.yaml:8:18" in told
    assert told.endswith("2 cases: 1 as expected, 1 not\n")


def test_the_json_form_keeps_its_published_schema(capsys: Captured) -> None:
    Path("policies/expectations.yaml").write_text(BAD)
    assert main(["test", "--out", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(printed("test"))
    jsonschema.Draft7Validator(printed("test")).validate(report)
    assert report["counts"] == {"passed": 3, "failed": 1}
    (failed,) = [each for each in report["outcomes"] if not each["passed"]]
    assert (failed["case"], failed["age_days"], failed["expected"]) == ("for-ever", 366, "kept")
    assert failed["code"] == "FL414"
    assert failed["buckets"] == ["lab/*/lab-data"]


def test_the_junit_form_has_a_case_for_each_age(capsys: Captured) -> None:
    Path("policies/expectations.yaml").write_text(BAD)
    assert main(["test", "--out", "junit:report.xml", "--out", "text"]) == 1
    assert "FAIL" in capsys.readouterr().out
    root = require_junit(Path("report.xml").read_text())
    (suite,) = root
    assert suite.attrib["name"] == "policies/expectations.yaml"
    names = [case.attrib["name"] for case in suite]
    assert names == [
        "a-run-resumes: 30d STANDARD_IA",
        "a-run-resumes: 90d deleted",
        "for-ever: 1y kept",
        "for-ever: 2y gone",
    ]
    (failure,) = suite.iter("failure")
    assert failure.attrib["type"] == "FL414"
    assert failure.text is not None
    assert "policies/expectations.yaml:7:45" in failure.text


def test_expectations_may_stand_elsewhere_and_change_nothing_that_is_compiled(
    capsys: Captured,
) -> None:
    assert main(["compile", "--out", "s3-json"]) == 0
    with_expectations = capsys.readouterr().out
    Path("policies/expectations.yaml").rename("team.yaml")
    assert main(["compile", "--out", "s3-json"]) == 0
    assert capsys.readouterr().out == with_expectations
    assert main(["test", "policies", "team.yaml"]) == 0
    assert main(["test"]) == 2
    assert "no expectations in policies: write some in a file" in capsys.readouterr().err


def test_without_a_policy_there_is_nothing_to_judge_by(capsys: Captured) -> None:
    assert main(["test", "policies/expectations.yaml"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "no policy in policies/expectations.yaml, so there are no rules to judge by" in told.err
    assert "`firnline test policies policies/expectations.yaml`" in told.err


def test_a_folder_without_a_policy_is_not_named_as_where_they_are(capsys: Captured) -> None:
    Path("policies/lab.yaml").unlink()
    assert main(["test"]) == 2
    said = capsys.readouterr().err
    assert "no policy in policies" in said
    assert "`firnline init` writes a first one" in said
    assert "firnline test policies" not in said


@pytest.mark.parametrize(
    ("case", "place", "says", "remedy"),
    [
        (
            "{key: runs/x, expect: deleted}",
            "3:28",
            "`expect` must be a map of ages to fates",
            "{45d: STANDARD_IA, 180d: deleted}",
        ),
        (
            "{key: runs/x, tags: [a], expect: {90d: deleted}}",
            "3:26",
            "`tags` must be a map of tags",
            "{class: temporary}",
        ),
        (
            "{key: s3://lab-data/runs/x, expect: {90d: deleted}}",
            "3:12",
            "`key` must be a key without its bucket",
            "the bucket in `buckets`",
        ),
        (
            "{key: runs/x, buckets: nope, expect: {90d: deleted}}",
            "3:29",
            "the policies cover no bucket `nope`",
            "the policies cover: lab-data",
        ),
    ],
)
def test_a_slip_in_a_case_is_answered_with_its_place_and_its_remedy(
    case: str, place: str, says: str, remedy: str, capsys: Captured
) -> None:
    Path("policies/expectations.yaml").write_text(
        f"firnline: expectations/v1\ncases:\n  a: {case}\n"
    )
    assert main(["test"]) == 1
    told = capsys.readouterr()
    said = " ".join((told.out + told.err).split())
    assert f"policies/expectations.yaml:{place}" in said
    assert says in said
    assert remedy in said.partition("= help: ")[2]


def test_a_case_for_no_bucket_is_an_error_and_the_others_are_judged(capsys: Captured) -> None:
    Path("policies/expectations.yaml").write_text(
        GOOD + "  lost: {buckets: nope, key: runs/7/x.pt, expect: {29d: kept, 1y: gone}}\n"
    )
    assert main(["test"]) == 1
    told = capsys.readouterr().out
    assert "pass  a-run-resumes" in told
    assert "ERROR lost: the policies cover no bucket `nope`\n" in told
    assert told.count("error[FL109]") == 1
    assert "FL414" not in told
    assert "not 29d kept" not in told
    assert told.endswith("2 cases: 1 as expected, 0 not, 1 for no bucket that there is\n")


def test_what_is_not_as_expected_stops_neither_check_nor_compile() -> None:
    Path("policies/expectations.yaml").write_text(BAD)
    assert main(["check"]) == 0
    assert main(["compile"]) == 0


@pytest.mark.parametrize(
    ("case", "code", "said"),
    [
        ("{key: runs/x, expect: {45: kept}}", "FL104", "`45` is not an age"),
        ("{key: runs/x, expect: {45d: kpet}}", "FL104", "did you mean `kept`?"),
        ("{key: runs/x, expect: {}}", "FL104", "`expect` is empty"),
        ("{key: runs/x}", "FL102", "`a` has no `expect`"),
        ("{ky: runs/x, expect: {45d: kept}}", "FL103", "unknown key `ky`"),
        ("{key: runs/x, size: 5GB, expect: {45d: kept}}", "FL106", "write 5GiB"),
        ("{key: runs/x, overwritten_at: 5, expect: {45d: kept}}", "FL105", "`5` is not a duration"),
        ("{key: runs/x, newer_versions: 5, expect: {45d: kept}}", "FL111", "`overwritten_at` is"),
        (
            "{key: runs/x, item: upload, size: 5B, expect: {9d: gone}}",
            "FL111",
            "upload has no size",
        ),
        ("{key: runs/x, item: upload, expect: {9d: GLACIER}}", "FL111", "has no storage class"),
        ("{key: runs/x, expect: {9999999999d: kept}}", "FL105", "longer than S3 can count"),
    ],
)
def test_a_bad_case_is_an_error_at_its_place(
    case: str, code: str, said: str, capsys: Captured
) -> None:
    Path("policies/expectations.yaml").write_text(
        f"firnline: expectations/v1\ncases:\n  a: {case}\n"
    )
    assert main(["test"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"error[{code}]" in told.err
    assert "policies/expectations.yaml:3:" in told.err
    assert said in " ".join(told.err.split())
    assert told.err.endswith("nothing was tested\n")
    assert main(["compile"]) == 1


def test_the_file_is_put_in_order_as_others_are() -> None:
    file = Path("policies/expectations.yaml")
    file.write_text(
        "firnline: expectations/v1\ncases: {b: {expect: {9d: kept,  2d: kept}, key: x}}\n"
    )
    assert main(["fmt", str(file)]) == 0
    assert "key: x, expect: {9d: kept, 2d: kept}" in file.read_text()


def test_its_schema_is_printed_for_editors(capsys: Captured) -> None:
    assert main(["schema", "expectations"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Firnline expectations (expectations/v1)"
