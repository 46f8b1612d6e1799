"""`firnline check --baseline FILE`: only what is new fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from firnline.cli import main
from firnline.cli.schema import printed
from tests.policies import TODAY, whole

Captured = pytest.CaptureFixture[str]
RETAIN = (
    "versioning: enabled\nold_versions: {delete_after: 7d}\nretain:\n"
    "  tmp: {prefix: tmp, delete_after: 9d}\n"
    "  logs: {prefix: /logs/, delete_after: 9d}\n"
)
RULE = {
    "ID": "a",
    "Status": "enabled",
    "Filter": {"Prefix": "a/"},
    "Expiration": {"Days": 9},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
}
CHECK = ["check", "--today", f"{TODAY}"]
BASELINE = [*CHECK, "policies", "rules.json", "--baseline", "known.json"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("policies").mkdir()
    policy().write_text(whole(RETAIN))
    Path("rules.json").write_text(json.dumps({"Rules": [RULE]}))
    return tmp_path


def policy() -> Path:
    return Path("policies/lab.yaml")


def begun(capsys: Captured) -> str:
    """What is said of a baseline of all that is found now."""
    assert main([*BASELINE, "--write-baseline"]) == 0
    return capsys.readouterr().err


def test_a_gate_is_never_known(capsys: Captured) -> None:
    short = RETAIN.replace("prefix: /logs/, delete_after: 9d", "prefix: logs/, delete_after: 2d")
    policy().write_text(whole(short.replace("7d", "3d")))
    begun(capsys)
    assert "FL403" not in {each["code"] for each in findings()}
    assert codes_now(capsys) == ["FL403"]
    entry = {
        "path": "policies/lab.yaml",
        "code": "FL403",
        "message": "bytes gone after 5d; the floor is 7d",
    }
    known = json.loads(Path("known.json").read_text())
    known["findings"].append(entry | {"in": "retain.logs.delete_after"})
    Path("known.json").write_text(json.dumps(known))
    assert codes_now(capsys) == ["FL403"]


def findings() -> list[dict[str, Any]]:
    return list(json.loads(Path("known.json").read_text())["findings"])


def codes_now(capsys: Captured, *words: str) -> list[str]:
    main([*BASELINE, "--out", "json", *words])
    return [each["code"] for each in json.loads(capsys.readouterr().out)["diagnostics"]]


def test_what_is_known_is_not_shown_and_does_not_fail(capsys: Captured) -> None:
    assert main([*CHECK, "policies", "rules.json"]) == 1
    capsys.readouterr()
    assert begun(capsys) == "known.json: 3 known findings in 2 files\n"
    assert [(each["path"], each["code"], each["in"]) for each in findings()] == [
        ("policies/lab.yaml", "FL309", "retain.logs.prefix"),
        ("policies/lab.yaml", "FL314", "retain.tmp.prefix"),
        ("rules.json", "FL221", "Rules[a].Status"),
    ]
    for options in ([], ["--fail-on", "warning"]):
        assert main([*BASELINE, *options]) == 0
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err == (
            "nothing new; 3 known findings not shown (known.json), 1 of them errors:"
            " `firnline compile` refuses policies with errors\n"
        )


def test_a_finding_is_known_wherever_it_moves_to(capsys: Captured) -> None:
    begun(capsys)
    written = Path("known.json").read_bytes()
    moved = RETAIN.replace("  tmp: {prefix: tmp, delete_after: 9d}\n", "")
    moved += "  tmp:\n    # as before\n    delete_after: 9d\n    prefix: tmp\n"
    policy().write_text("# a comment\n\n" + whole(moved))
    Path("rules.json").write_text(json.dumps({"Rules": [RULE]}, indent=4))
    assert codes_now(capsys) == []
    begun(capsys)
    assert Path("known.json").read_bytes() == written


def test_the_same_mistake_elsewhere_is_new(capsys: Captured) -> None:
    begun(capsys)
    policy().write_text(whole(RETAIN + "  more: {prefix: more, delete_after: 9d}\n"))
    assert codes_now(capsys) == ["FL314"]
    policy().write_text(whole(RETAIN.replace("tmp: {prefix: tmp,", "tmp: {prefix: temp,")))
    assert codes_now(capsys) == ["FL314"]
    Path("rules.json").write_text(json.dumps({"Rules": [RULE, {**RULE, "ID": "b"}]}))
    policy().write_text(whole(RETAIN))
    assert codes_now(capsys) == ["FL221"]
    assert main(BASELINE) == 1


def test_what_is_gone_is_counted_and_taken_out_on_request(capsys: Captured) -> None:
    begun(capsys)
    policy().write_text(whole(RETAIN.replace("prefix: tmp,", "prefix: tmp/,")))
    Path("rules.json").unlink()
    assert main([*CHECK, "--baseline", "known.json"]) == 0
    assert "2 known findings no longer there" in capsys.readouterr().err
    assert main([*CHECK, "--baseline", "known.json", "--write-baseline"]) == 0
    assert [each["code"] for each in findings()] == ["FL309"]


def test_files_that_are_not_checked_stay_known(capsys: Captured) -> None:
    begun(capsys)
    assert main([*CHECK, "rules.json", "--baseline", "known.json"]) == 0
    assert "no longer there" not in capsys.readouterr().err
    assert main([*CHECK, "rules.json", "--baseline", "known.json", "--write-baseline"]) == 0
    assert [each["code"] for each in findings()] == ["FL309", "FL314", "FL221"]
    assert main([*BASELINE, "--select", "FL3"]) == 0
    assert "no longer there" not in capsys.readouterr().err


def test_a_baseline_holds_wherever_the_command_is_called(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(capsys)
    monkeypatch.chdir("policies")
    words = [*CHECK, "lab.yaml", "../rules.json", "--baseline", "../known.json"]
    assert main([*words, "--fail-on", "warning"]) == 0


def test_a_baseline_hides_no_error_from_compile(capsys: Captured) -> None:
    policy().write_text(whole(RETAIN.replace("old_versions: {delete_after: 7d}\n", "")))
    begun(capsys)
    assert main(BASELINE) == 0
    assert main(["compile"]) == 1


def test_fixes_are_made_and_what_is_left_is_compared(capsys: Captured) -> None:
    begun(capsys)
    assert main([*BASELINE, "--fix", "--unsafe-fixes"]) == 0
    assert "prefix: tmp/" in policy().read_text()
    assert "no longer there" in capsys.readouterr().err


def test_it_is_sorted_has_a_schema_and_is_the_same_each_time(capsys: Captured) -> None:
    begun(capsys)
    written = Path("known.json").read_bytes()
    begun(capsys)
    assert Path("known.json").read_bytes() == written
    document = json.loads(written)
    jsonschema.Draft7Validator.check_schema(printed("baseline"))
    jsonschema.Draft7Validator(printed("baseline")).validate(document)
    keys = [(each["path"], each["code"], each["in"]) for each in document["findings"]]
    assert keys == sorted(keys)


def test_no_finding_depends_on_the_day_once_it_is_known(capsys: Captured) -> None:
    waiver = "waivers: [{code: FL309, why: as it is, expires: 2031-01-31}]\nreview_by: 2026-01-31\n"
    policy().write_text(whole(RETAIN + waiver))
    assert main([*BASELINE, "--write-baseline", "--today", "2026-11-28"]) == 0
    assert {"FL603", "FL606"} <= {each["code"] for each in findings()}
    capsys.readouterr()
    assert codes_now(capsys, "--today", "2027-02-15") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no baseline known.json: `--baseline known.json --write-baseline`"),
        ("{", "known.json is not JSON: line 1, column 2"),
        ("[]", "known.json is not a baseline: it has no `baseline_version`"),
        ('{"baseline_version": 2}', "known.json is of version 2; this version of firnline reads 1"),
        ('{"baseline_version": 1}', "known.json has no list of `findings`"),
        ('{"baseline_version": 1, "findings": [7]}', "known.json: finding number 1 must have"),
    ],
)
def test_a_file_that_is_no_baseline_is_wrong_use(
    text: str | None, said: str, capsys: Captured
) -> None:
    if text is not None:
        Path("known.json").write_text(text)
    assert main(BASELINE) == 2
    told = capsys.readouterr()
    assert (told.out, said in told.err) == ("", True)


def test_what_is_written_needs_a_name(capsys: Captured) -> None:
    assert main(["check", "--write-baseline"]) == 2
    assert "needs --baseline FILE" in capsys.readouterr().err


def test_a_part_of_the_findings_is_not_written_as_all(capsys: Captured) -> None:
    assert main([*BASELINE, "--write-baseline", "--select", "FL3"]) == 2
    assert "leave out --select and --ignore" in capsys.readouterr().err
    assert not Path("known.json").exists()
