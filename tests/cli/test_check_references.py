"""`firnline check --references`: what rules do to what registries need."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from firnline.cli import main
from firnline.reach.reference_lines import Line
from firnline.reach.references import OrphanReason, Strength, Unneeded
from tests.cli.reference_files import certificate, needed, write_references
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled")
CHURN = needed("models/churn/14", "model churn v14", "alias champion")
POLICY = "retain: {models: {prefix: models/, delete_after: 365d}}"
HARMLESS = "retain: {tmp: {prefix: tmp/, delete_after: 7d}}"
FILE = "references.jsonl"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "400")


def check(capsys: Captured, policy: str, *found: Line, **said: Any) -> tuple[int, str, str]:
    Path("policies/p.yaml").write_text(whole(policy))
    write_references(Path(FILE), found, **said)
    return checked(capsys)


def checked(capsys: Captured, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["check", "--references", FILE, "--today", "2026-11-21", *words])
    out, err = capsys.readouterr()
    return code, out, err


def messages(capsys: Captured) -> list[str]:
    _, out, _ = checked(capsys, "--out", "json")
    return [each["message"] for each in json.loads(out)["diagnostics"]]


def test_a_rule_that_deletes_a_registered_model_fails_with_its_name_and_its_day(
    capsys: Captured,
) -> None:
    code, out, _ = check(capsys, POLICY, CHURN)
    assert code == 1
    assert "error[FL620]: a rule deletes what a registry needs" in out
    assert "--> policies/p.yaml:7:50" in out
    assert (
        "objects in `lab-data` are deleted 365d after they were written, and still needed:"
        " model churn v14 ← alias champion" in out
    )
    assert "s3://lab-data/models/churn/14/: keep ← model churn v14 ← alias champion" in out
    assert "by references.jsonl, which was read on 2026-11-20" in out
    assert "add `delete_when: unreferenced`" in out


def test_that_nothing_is_doomed_is_said_with_the_date_of_the_file(capsys: Captured) -> None:
    code, out, err = check(capsys, HARMLESS, CHURN)
    assert (code, out) == (0, "")
    assert (
        "nothing doomed: references.jsonl, read on 2026-11-20, has 1 reference of 1 registry" in err
    )


def test_references_in_buckets_without_a_policy_are_counted(capsys: Captured) -> None:
    _, _, err = check(capsys, HARMLESS, CHURN, needed("models/x", bucket="elsewhere"))
    assert "has 2 references of 1 registry; 1 are in buckets that no policy here covers" in err


def test_a_bucket_that_only_a_pattern_covers_is_compared_too(capsys: Captured) -> None:
    policy = f'applies_to: [{{account: lab, buckets: ["lab-*", "!lab-scratch"]}}]\n{POLICY}'
    code, out, _ = check(capsys, policy, CHURN, needed("models/x", bucket="lab-scratch"))
    assert code == 1
    assert "objects in `lab-data` are deleted" in out
    assert "lab-scratch" not in out


def test_what_is_deleted_only_where_nothing_needs_it_is_not_doomed(capsys: Captured) -> None:
    policy = (
        "references: {from: prod-mlflow, grace: 14d}\n"
        "retain: {models: {prefix: models/, delete_after: 365d, delete_when: unreferenced}}"
    )
    code, _, err = check(capsys, policy, CHURN)
    assert (code, "nothing doomed" in err) == (0, True)


def test_what_a_hold_suspends_is_not_doomed(capsys: Captured) -> None:
    policy = (
        f"{POLICY}\nholds: {{lit: {{prefix: models/, ask_again: 2027-01-01, why: a case,"
        " approved_by: legal}}"
    )
    code, _, err = check(capsys, policy, CHURN)
    assert (code, "nothing doomed" in err) == (0, True)


@pytest.mark.parametrize(
    ("strength", "codes", "code"),
    [
        (Strength.SOFT, [], 0),
        (Strength.LIVE, ["FL621"], 0),
        (Strength.PIN, ["FL620", "FL622"], 1),
        (Strength.HOLD, ["FL620", "FL622"], 1),
    ],
)
def test_a_run_is_a_warning_where_it_is_deleted_and_may_be_archived(
    strength: Strength, codes: list[str], code: int, capsys: Captured
) -> None:
    policy = "retain: {m: {prefix: models/, archive_after: 90d, delete_after: 365d}}"
    exit_code, _, _ = check(capsys, policy, needed("models/a", strength=strength))
    _, out, _ = checked(capsys, "--out", "json")
    found = sorted(each["code"] for each in json.loads(out)["diagnostics"])
    assert (found, exit_code) == (codes, code)


def test_archives_that_can_be_read_at_once_are_within_reach(capsys: Captured) -> None:
    policy = "retain: {m: {prefix: models/, cold_after: 90d, delete_after: never}}"
    assert check(capsys, policy, CHURN)[0] == 0


def test_what_registries_know_and_do_not_need_is_not_doomed(capsys: Captured) -> None:
    gone = Unneeded(CHURN.location, OrphanReason.RUN_DELETED, ("run 1",))
    assert check(capsys, POLICY, gone)[0] == 0


def test_each_setting_is_reported_once_with_the_first_models_and_how_many_more(
    capsys: Captured,
) -> None:
    check(capsys, POLICY, *(needed(f"models/{nth}", f"model m v{nth}") for nth in range(5)))
    (message,) = messages(capsys)
    assert message.endswith("still needed: model m v0, model m v1, model m v2 and 2 more")


def test_the_readings_of_one_text_are_one_reference(capsys: Captured) -> None:
    readings = [needed(key, "model churn v14") for key in ("models/a b", "models/a%20b")]
    check(capsys, POLICY, *readings)
    (message,) = messages(capsys)
    assert message.endswith("still needed: model churn v14")


def test_a_narrower_retention_is_the_one_that_is_named(capsys: Captured) -> None:
    policy = (
        "retain:\n  models: {prefix: models/, delete_after: 365d}\n"
        "  candidates: {prefix: models/rc/, delete_after: 30d}"
    )
    check(capsys, policy, needed("models/rc/1"))
    assert [each.split(",")[0] for each in messages(capsys)] == [
        "objects in `lab-data` are deleted 30d after they were written"
    ]
    check(capsys, policy, needed("models"))
    assert len(messages(capsys)) == 2


def test_objects_that_only_a_filter_dooms_are_called_by_it(capsys: Captured) -> None:
    policy = (
        "retain: {t: {prefix: models/, tags: {class: tmp}, size: {over: 1MiB}, delete_after: 9d}}"
    )
    code, out, _ = check(capsys, policy, CHURN)
    assert code == 1
    assert "objects with the tag class=tmp, over 1MiB in `lab-data` are deleted 9d" in out
    assert "whether these objects match the filter is not known" in out


def test_where_versions_are_kept_both_days_are_said(capsys: Captured) -> None:
    policy = f"versioning: enabled\n{POLICY[:-2]}, old_versions: {{delete_after: 30d}}}}}}"
    _, out, _ = check(capsys, policy, CHURN)
    assert "from that day on a delete marker hides them; their bytes are gone at 395d" in out


def test_old_versions_doom_nothing(capsys: Captured) -> None:
    policy = "versioning: enabled\nold_versions: {delete_after: 7d}"
    assert check(capsys, policy, CHURN)[0] == 0


def test_a_file_that_is_too_old_is_an_error_and_no_verdict(capsys: Captured) -> None:
    made = datetime(2026, 11, 13, 6, tzinfo=UTC)
    code, out, err = check(capsys, HARMLESS, CHURN, made=made)
    assert code == 1
    assert "FL623" in out
    assert "the registries were read on 2026-11-13, 8d ago; it may be 7d old" in out
    assert "nothing doomed" not in err
    assert check(capsys, HARMLESS, CHURN, made=datetime(2026, 11, 14, tzinfo=UTC))[0] == 0


def test_a_policy_may_say_how_old_a_file_may_be(capsys: Captured) -> None:
    policy = f"references: {{from: prod-mlflow, grace: 14d, max_age: 2d}}\n{HARMLESS}"
    code, out, _ = check(capsys, policy, CHURN, made=datetime(2026, 11, 18, tzinfo=UTC))
    assert code == 1
    assert "3d ago; it may be 2d old" in out
    assert check(capsys, policy, CHURN, made=datetime(2026, 11, 19, tzinfo=UTC))[0] == 0
    patient = policy.replace("max_age: 2d", "max_age: 4w")
    assert check(capsys, patient, CHURN, made=datetime(2026, 11, 1, tzinfo=UTC))[0] == 0


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (certificate(1, 2), "1 were read, but by SQL there are 2"),
        (certificate(1, problems=("page 2 timed out",)), "page 2 timed out"),
    ],
)
def test_a_registry_that_was_not_read_whole_is_an_error_and_no_verdict(
    last: Any, why: str, capsys: Captured
) -> None:
    code, out, err = check(capsys, HARMLESS, CHURN, last=last)
    assert code == 1
    assert "FL624" in out
    assert f"`prod-mlflow`: {why}" in out
    assert "nothing doomed" not in err


def test_a_registry_of_a_policy_that_did_not_answer_is_an_error(capsys: Captured) -> None:
    policy = f"references: {{from: [prod-mlflow, catalogue], grace: 14d}}\n{HARMLESS}"
    code, out, err = check(capsys, policy, CHURN)
    assert code == 1
    assert "references.jsonl has no answer of `catalogue`" in out
    assert "nothing doomed" not in err


def test_a_file_in_which_a_line_was_changed_gives_no_verdict(capsys: Captured) -> None:
    check(capsys, POLICY, CHURN)
    Path(FILE).write_text(Path(FILE).read_text().replace("churn/14", "churn/13"))
    code, out, err = checked(capsys)
    assert (code, out) == (1, "")
    assert "references.jsonl is not whole: lines are missing or were changed" in err
    assert "firnline gc refs --out references.jsonl" in err


WROTE = "name the file that `firnline gc refs --out FILE` wrote"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("other.jsonl", "other.jsonl is not there: write it with `firnline gc refs --out other"),
        ("policies", f"policies is a folder, not a file: {WROTE}"),
        ("policies/p.yaml", f"policies/p.yaml is no references file: {WROTE}"),
        (f"{FILE}/x", f"{FILE}/x cannot be read (Not a directory): {WROTE}"),
        ("", f"the name of the references file is empty: {WROTE}"),
        ("-", "references are not read from stdin: save them in a file"),
        (
            "s3://lab/r.jsonl",
            "is read from disk: `aws s3 cp s3://lab/r.jsonl .`, then name r.jsonl",
        ),
        ("x" * 300, f"is too long for the name of a file: {WROTE}"),
        ("a\0b", f"is no name of a file: {WROTE}"),
    ],
)
def test_what_is_no_references_file_is_wrong_use_with_its_cause_and_remedy(
    named: str, said: str, capsys: Captured
) -> None:
    check(capsys, POLICY, CHURN)
    for command in (["check"], ["diff", "policies", "policies"], ["show", "--coverage"]):
        code = main([*command, "--references", named])
        assert (code, said in capsys.readouterr().err) == (2, True), command


def changed(text: str) -> dict[str, tuple[bytes, int, str]]:
    """Contents of a file that is none or not as it was written, with the exit code and a clause."""
    raw = text.encode()
    return {
        "empty": (b"", 1, f"{FILE} is empty: write it again with `firnline gc refs --out FILE`"),
        "gz": (gzip.compress(raw), 2, "is compressed by gzip: decompress it (`gunzip --keep`)"),
        "binary": (b"PAR1\xff\xfe\x00", 2, f"{FILE} is no references file: {WROTE}"),
        "no text": (raw + b"\xff", 1, "is damaged: it is not UTF-8 throughout: write it again"),
        "utf-16": (text.encode("utf-16"), 1, "begins with a byte order mark, so another program"),
        "mark": (b"\xef\xbb\xbf" + raw, 1, "begins with a byte order mark, so another program"),
        "windows": (
            raw.replace(b"\n", b"\r\n"),
            1,
            "let git keep it as it is with `*.jsonl -text`",
        ),
        "program": (b"".join(raw.splitlines(True)[1:]), 2, "is no references file"),
        "deep": (b"[" * 100_000, 2, "is no references file"),
        "newer": (raw.replace(b"/v1", b"/v2"), 2, "this version of Firnline reads references/v1"),
        "no date": (raw.replace(b"2026-11-20T06", b"once"), 1, "does not say when it was made"),
        "cut": (b"".join(raw.splitlines(True)[:-1]), 1, "is not whole: lines are missing"),
        "cut line": (raw[:-20], 1, "has no JSON object in line 4"),
        "twice": (raw + raw, 1, "goes on after its last line"),
    }


@pytest.mark.parametrize("way", changed(""))
def test_a_references_file_that_is_not_as_it_was_written_gives_no_verdict(
    way: str, capsys: Captured
) -> None:
    check(capsys, POLICY, CHURN)
    content, expected, said = changed(Path(FILE).read_text())[way]
    Path(FILE).write_bytes(content)
    code, out, err = checked(capsys)
    assert (code, out, said in err) == (expected, "", True), err


def test_references_may_come_through_a_pipe(capsys: Captured) -> None:
    check(capsys, POLICY, CHURN)
    os.mkfifo("pipe")
    with Popen(["cp", FILE, "pipe"]):
        assert main(["check", "--references", "pipe", "--today", "2026-11-21"]) == 1
    assert "FL620" in capsys.readouterr().out


def test_policies_with_errors_are_compared_with_nothing(capsys: Captured) -> None:
    code, out, err = check(capsys, POLICY.replace("365d", "365 days"), CHURN)
    assert code == 1
    assert "FL620" not in out
    assert "references were not compared: the policies have errors" in err


@pytest.mark.parametrize("form", ["github", "sarif", "concise", "junit"])
def test_other_outputs_say_it_too(form: str, capsys: Captured) -> None:
    check(capsys, POLICY, CHURN)
    code, out, _ = checked(capsys, "--out", form)
    assert code == 1
    assert "FL620" in out
    assert "model churn v14" in out


def test_a_baseline_and_the_choice_of_kinds_hold_for_it(capsys: Captured) -> None:
    check(capsys, POLICY, CHURN)
    assert checked(capsys, "--ignore", "FL620")[0] == 0
    assert checked(capsys, "--baseline", "known.json", "--write-baseline")[0] == 0
    assert checked(capsys, "--baseline", "known.json")[0] == 0
