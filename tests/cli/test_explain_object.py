"""`firnline explain s3://bucket/key`: the owner, the story, what would change, why it is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from tests.fleet.small_world import FOREIGN_RULE, OUR_RULE, PROD, put_rules, served, write_folder
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
POLICY = """
versioning: enabled
retain:
  wide: {prefix: data/, delete_after: 400d, old_versions: {delete_after: 30d}}
  narrow:
    prefix: data/tmp/
    warm_after: 30d
    delete_after: 90d
    old_versions: {delete_after: 7d}
"""
HOUR = "2026-05-01T12:00:00Z"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "lab.yaml").write_text(whole(POLICY))
    return tmp_path


def explained(capsys: Captured, *words: str) -> str:
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_the_owner_is_the_narrowest_and_the_wider_give_way(capsys: Captured) -> None:
    out = explained(capsys, "s3://lab-data/data/tmp/x", "--created", HOUR)
    assert "objects, noncurrent versions, delete markers: `narrow` of policy `" in out
    assert "(`data/tmp/`; policies/lab.yaml:" in out
    assert "it has the narrowest filter; `wide` of policy" in out
    out = explained(capsys, "s3://lab-data/elsewhere", "--created", HOUR)
    assert "objects, noncurrent versions, delete markers: none, no retention covers them" in out


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        (
            "experiments/killed/2026-q3/x",
            [
                "under hold `LIT-2026-014`: no rule of Firnline's destroys it while the hold lasts",
                "promised by `kept-3-days`: kept at least 3d",
                "nothing: no rule moves or deletes it",
            ],
        ),
        (
            "models/production/x",
            [
                "deleted only once no registry references it: to S3 that is `never`",
                "promised by `production-models-stay`: kept forever",
                "age 90d: moved to GLACIER_IR, by `firnline/acme-ml/ml-artifacts/models`",
            ],
        ),
        (
            "checkpoints/x",
            [
                "owner: ml-platform; why: resume a run after a crash",
                "age 187d: noncurrent version deleted for good,"
                " by `firnline/acme-ml/ml-artifacts/checkpoints`",
            ],
        ),
    ],
)
def test_the_sample_of_the_whole_design_is_explained(
    key: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    sample = str(Path(__file__).parents[1] / "golden" / "design-sample")
    out = explained(capsys, f"s3://acme-ml-artifacts-use1/{key}", "--policies", sample)
    for line in lines:
        assert f"  {line}\n" in out


@pytest.mark.usefixtures("folder")
def test_the_story_has_dates_and_ages(capsys: Captured) -> None:
    out = explained(capsys, "s3://lab-data/data/tmp/x", "--created", HOUR)
    assert "2026-06-01  age 31d: moved to STANDARD_IA, by `" in out
    assert "2026-07-31  age 91d: hidden by a delete marker" in out
    assert "2026-08-07  age 98d: noncurrent version deleted for good" in out


@pytest.mark.usefixtures("folder")
def test_without_a_birth_there_are_ages_alone(capsys: Captured) -> None:
    out = explained(capsys, "s3://lab-data/data/tmp/x")
    assert "age 30d: moved to STANDARD_IA" in out
    assert "age 90d: hidden by a delete marker" in out
    assert re.search(r"\d{4}-\d{2}-\d{2}", out) is None
    assert "Why is it still here?" not in out


@pytest.mark.usefixtures("folder")
def test_with_the_class_it_has_now_only_what_is_to_come_is_told(capsys: Captured) -> None:
    asked = ["s3://lab-data/data/tmp/x", "--created", HOUR, "--at", "2026-11-05T12:00:00Z"]
    out = explained(capsys, *asked, "--class", "STANDARD_IA")
    assert "2026-11-06  age 189d: hidden by a delete marker, by" in out
    assert ", due since 2026-07-31" in out
    assert "2026-11-13  age 196d: noncurrent version deleted for good" in out
    assert "moved to" not in out


@pytest.mark.usefixtures("folder")
def test_rules_that_lose_or_come_too_late_are_named(folder: Path, capsys: Captured) -> None:
    def rule(id: str, **actions: object) -> dict[str, object]:
        return {"ID": id, "Status": "Enabled", "Filter": {"Prefix": ""}, **actions}

    rules = [
        rule("warm", Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}]),
        rule("cold", Transitions=[{"Days": 30, "StorageClass": "GLACIER"}]),
        rule("end", Expiration={"Days": 90}),
        rule("later", Expiration={"Days": 400}),
    ]
    (folder / "rules.json").write_text(json.dumps({"Rules": rules}))
    out = explained(capsys, "s3://b/x", "--rules", "rules.json", "--created", HOUR)
    assert "lost: `warm`, to move to STANDARD_IA: the colder class comes before it" in out
    assert "too late: `later` would do so at 2027-06-06" in out
    assert "Who owns it" not in out


@pytest.mark.parametrize("source", ["policies", "rules.json"])
@pytest.mark.parametrize("made", [[], ["--created", HOUR, "--at", "2026-05-10"]])
def test_both_answers_are_shown_where_unknown_versioning_decides(
    source: str, made: list[str], folder: Path, capsys: Captured
) -> None:
    policy = whole(
        "retain: {tmp: {prefix: tmp/, delete_after: 40d, old_versions: {delete_after: 7d}}}"
    )
    (folder / "policies" / "lab.yaml").write_text(policy.replace("versioning: off\n", ""))
    ends = {
        "ID": "r",
        "Status": "Enabled",
        "Filter": {"Prefix": "tmp/"},
        "Expiration": {"Days": 40},
    }
    (folder / "rules.json").write_text(json.dumps({"Rules": [ends]}))
    rules = [] if source == "policies" else ["--rules", source]
    out = explained(capsys, "s3://lab-data/tmp/x", *rules, *made)
    assert "versioning unknown: --versioning says which, or the lock (`firnline resolve`)" in out
    enabled, off = out.split("What happens if versions were never kept\n")
    assert "age 40d: hidden by a delete marker" in enabled or "age 41d: hidden" in enabled
    assert "age 40d: deleted for good" in off or "age 41d: deleted for good" in off
    assert "or deletes it now, and the bucket keeps versions\n" in off
    assert "or deletes it now, and versions were never kept\n" in off


@pytest.mark.usefixtures("folder")
def test_what_versioning_does_not_change_is_said_once(folder: Path, capsys: Captured) -> None:
    abort = {"ID": "r", "Status": "Enabled", "Filter": {}}
    abort["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": 3}
    (folder / "rules.json").write_text(json.dumps({"Rules": [abort]}))
    out = explained(capsys, "s3://b/x", "--rules", "rules.json", "--upload", "--created", HOUR)
    known = explained(
        capsys, "s3://b/x", "--rules", "rules.json", "--upload", "--created", HOUR,
        "--versioning", "off",
    )  # fmt: skip
    assert out == known.replace(", versioning off", "")
    assert "upload aborted" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--version-noncurrent-since", "2026-05-02"], "a noncurrent version"),
        (["--marker", "--hides", "1"], "a delete marker"),
        (["--legal-hold"], "Object Lock"),
        (["--retain-until", "2030-01-01"], "Object Lock"),
        (["--replication", "PENDING"], "replication"),
    ],
)
def test_a_detail_that_needs_versions_settles_the_versioning(
    words: list[str], told: str, folder: Path, capsys: Captured
) -> None:
    rule = {"ID": "r", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 40}}
    (folder / "rules.json").write_text(json.dumps({"Rules": [rule]}))
    asked = ["explain", "s3://b/x", "--rules", "rules.json", "--created", HOUR, *words]
    assert main([*asked, "--at", "2026-06-01"]) == 0
    out, err = capsys.readouterr()
    assert f"`x`: {told} exists only where versions are or were kept: versioning enabled" in err
    assert main([*asked, "--at", "2026-06-01", "--versioning", "enabled"]) == 0
    assert capsys.readouterr() == (out, "")


@pytest.mark.usefixtures("folder")
def test_what_an_overwrite_or_a_delete_would_change(capsys: Captured) -> None:
    words = ["s3://lab-data/data/tmp/x", "--created", HOUR, "--at", "2026-05-10T12:00:00Z"]
    out = explained(capsys, *words)
    assert (
        "its bytes stay as a noncurrent version: noncurrent version deleted for good 2026-05-18 (8d"
        in out
    )
    assert "deleted: a delete marker hides it, and goes 2026-05-18 (8d later)" in out
    out = explained(capsys, *words, "--versioning", "off")
    assert "its bytes are freed at once" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "due since 2026-06-01: move to STANDARD_IA"),
        ([], "behind it: put a delete marker"),
        (["--class", "STANDARD_IA"], "a delete marker frees nothing"),
        (["--size", "5KiB"], "objects under 128 KiB do not move; else S3 would now move to"),
        (["--replication", "FAILED"], "it was not replicated: lifecycle leaves it alone"),
        (
            ["--version-noncurrent-since", "2026-05-02", "--legal-hold"],
            "a legal hold keeps it; else S3 would now delete the noncurrent version for good",
        ),
        (
            ["--version-noncurrent-since", "2026-05-02", "--retain-until", "2030-01-01"],
            "Object Lock holds it until 2030-01-01 00:00Z",
        ),
        (["--marker", "--hides", "2"], "it still hides 2 noncurrent versions"),
        (
            ["--marker", "--hides", "2"],
            "nothing while it hides noncurrent versions (2 now); then it goes",
        ),
        (["--version-noncurrent-since", "2026-11-01"], "it is a noncurrent version, and the rules"),
        (
            ["--version-noncurrent-since", "2026-11-01"],
            "nothing is due yet; the next is: noncurrent",
        ),
        (["--upload"], "due since 2026-05-05: abort the upload, by"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_why_something_is_still_there(words: list[str], told: str, capsys: Captured) -> None:
    asked = ["s3://lab-data/data/tmp/x", "--created", HOUR, "--at", "2026-11-05"]
    assert told in explained(capsys, *asked, *words)


@pytest.mark.parametrize(
    ("filter", "words", "told"),
    [
        ({"Prefix": "/x"}, [], "rule `r` has the prefix `/x`: the key does not begin with a slash"),
        ({"Prefix": "X"}, [], "rule `r` has the prefix `X`: the case differs"),
        ({"Prefix": "x*"}, [], "rule `r` has the prefix `x*`: S3 takes the asterisk for itself"),
        ({"Tag": {"Key": "a", "Value": "b"}}, [], "rule `r` requires the tag a=b"),
        ({"ObjectSizeGreaterThan": 2**30}, [], "rule `r` requires another size"),
        ({"Prefix": "xy"}, ["--class", "GLACIER"], "no rule that matches it ever deletes"),
    ],
)
def test_a_rule_that_nearly_matches_is_told(
    filter: object, words: list[str], told: str, folder: Path, capsys: Captured
) -> None:
    rule = {"ID": "r", "Status": "Enabled", "Filter": filter, "Expiration": {"Days": 1}}
    (folder / "rules.json").write_text(json.dumps({"Rules": [rule]}))
    asked = ["s3://b/x", "--rules", "rules.json", "--created", HOUR, "--at", "2026-11-05"]
    assert told in explained(capsys, *asked, *words)


@pytest.mark.usefixtures("folder")
def test_tags_stand_before_and_after_the_object(capsys: Captured) -> None:
    out = explained(capsys, "--tags", "a=1,2,b=", "s3://lab-data/data/x", "--tags", "c=3")
    assert "tagged a=1,2, tagged b=, tagged c=3" in out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["s3://lab-data"], 2, "is not an object: write s3://bucket/key"),
        (["s3://lab-dota/x"], 2, "no bucket `lab-dota` is compiled; did you mean `lab-data`?"),
        (["s3://lab-data/x", "--rules", "nowhere"], 2, "nowhere cannot be read"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_explained_is_told(
    words: list[str], code: int, told: str, capsys: Captured
) -> None:
    assert main(["explain", *words]) == code
    assert told in capsys.readouterr().err


def test_policies_with_errors_are_told(folder: Path, capsys: Captured) -> None:
    (folder / "policies" / "lab.yaml").write_text(whole("retain: {a: {prefix: a/}}"))
    assert main(["explain", "s3://lab-data/x"]) == 1
    assert "the policies have errors" in capsys.readouterr().err


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_folder(tmp_path)
    with served(monkeypatch) as emulator:
        assert main(["resolve"]) == 0
        yield emulator


def test_a_live_object_is_explained_by_the_live_rules(
    aws: testing.Emulator, capsys: Captured
) -> None:
    put_rules(aws, PROD, "acme-models-use1", OUR_RULE, FOREIGN_RULE)
    client = aws.client("s3", PROD)
    for body in (b"old", b"newer"):
        client.put_object(Bucket="acme-models-use1", Key="tmp/x", Body=body, Tagging="team=ml")
    client.put_object(Bucket="acme-models-use1", Key="tmp/x2", Body=b"")
    capsys.readouterr()
    assert main(["explain", "s3://acme-models-use1/tmp/x", "--live"]) == 0
    out, err = capsys.readouterr()
    assert "the live rules differ from those of the policies" in err
    now, old = out.split("s3://acme-models-use1/tmp/x\n")[1:]
    assert "5B, STANDARD, made 20" in now
    assert "tagged team=ml, versioning enabled" in now
    assert "by `firnline/acme/ml/tmp`" in now
    assert "3B, STANDARD, made 20" in old
    assert "a noncurrent version since 20" in old


def test_a_key_that_is_not_there_is_told(aws: testing.Emulator, capsys: Captured) -> None:
    assert aws
    assert main(["explain", "s3://acme-models-use1/tmp/x", "--live"]) == 2
    assert "there is no `tmp/x` in acme-models-use1" in capsys.readouterr().err
