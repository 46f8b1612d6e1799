"""`firnline simulate`: rules and objects in, what S3 does out."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
RULES = {
    "Rules": [
        {
            "ID": "tmp",
            "Status": "Enabled",
            "Filter": {"Prefix": "tmp/"},
            "Transitions": [{"Days": 10, "StorageClass": "GLACIER_IR"}],
            "Expiration": {"Days": 40},
        }
    ]
}
ONE = ["--key", "tmp/x", "--created", "2026-05-01T12:00:00Z"]
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    return tmp_path


def simulated(capsys: Captured, *words: str) -> Any:
    assert main(["simulate", *words, "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "simulate"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


@pytest.mark.usefixtures("folder")
def test_one_object_day_by_day(capsys: Captured) -> None:
    told = simulated(capsys, "--rules", "rules.json", *ONE, "--versioning", "off")
    (one,) = told["objects"]
    assert [(step["at"], step["action"], step["storage_class"]) for step in one["steps"]] == [
        ("2026-05-12T00:00:00Z", "transition", "GLACIER_IR"),
        ("2026-06-11T00:00:00Z", "expire", None),
    ]
    assert one["steps"][0]["rules"] == ["tmp"]


@pytest.mark.usefixtures("folder")
def test_one_object_at_a_moment(capsys: Captured) -> None:
    at = ["--rules", "rules.json", *ONE, "--at"]
    (before,) = simulated(capsys, *at, "2026-05-11T23:59:59Z")["objects"]
    (then,) = simulated(capsys, *at, "2026-05-12")["objects"]
    assert (before["action"], then["action"]) == ("none", "transition")
    assert then["due"] == "2026-05-12T00:00:00Z"


def test_everything_that_a_bucket_holds(folder: Path, capsys: Captured) -> None:
    rows = [
        "tmp/a,5,2026-05-01T12:00:00Z,,,",
        "tmp/b,5,2026-05-01T12:00:00Z,false,2026-05-03,",
        "tmp/b,,2026-05-02T12:00:00Z,true,,true",
    ]
    header = "Key,Size,LastModified,IsLatest,NoncurrentSince,IsDeleteMarker"
    (folder / "now.csv").write_text("\n".join([header, *rows]))
    asked = ["now.csv", "--rules", "rules.json", "--versioning", "enabled"]
    told = simulated(capsys, *asked, "--at", "2026-07-01")
    assert [each["action"] for each in told["objects"]] == ["delete_marker", "none", "none"]
    told = simulated(capsys, *asked, "--until", "2026-07-01", "--since", "2026-05-10")
    assert told["until"] == "2026-07-01T00:00:00Z"
    (folder / "now.csv").write_text(header)
    assert simulated(capsys, *asked)["objects"] == []
    assert main(["simulate", *asked]) == 0
    assert capsys.readouterr().out == "nothing happens\n"


def test_the_recipe_of_aws_to_empty_a_versioned_bucket_ends_with_nothing(
    folder: Path, capsys: Captured
) -> None:
    """AWS re:Post, "How do I empty an Amazon S3 bucket using a lifecycle configuration rule?": a
    rule that ends objects and noncurrent versions, and a second for delete markers and uploads."""
    rule = {"Status": "Enabled", "Filter": {}}
    first = {**rule, "ID": "r1", "Expiration": {"Days": 1}}
    first["NoncurrentVersionExpiration"] = {"NoncurrentDays": 1}
    second = {**rule, "ID": "r2", "Expiration": {"ExpiredObjectDeleteMarker": True}}
    second["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": 1}
    (folder / "all.json").write_text(json.dumps({"Rules": [first, second]}))
    (folder / "old.json").write_text(
        json.dumps({"Rules": [{**first, "Expiration": {"Days": 9_000}}]})
    )

    def made(key: str, day: str, latest: bool, **rest: int) -> dict[str, Any]:
        return {"Key": key, "LastModified": f"{day}T10:00:00Z", "IsLatest": latest, **rest}

    versions = [made("a", "2026-10-01", True, Size=10), made("b", "2026-09-01", False, Size=10)]
    markers = [made("b", "2026-10-02", True), made("c", "2026-10-02", True)]
    listing = {"Versions": versions, "DeleteMarkers": markers}
    (folder / "now.json").write_text(json.dumps(listing))
    asked = ["now.json", "--versioning", "enabled", "--since", "2026-10-03", "--rules"]
    told = simulated(capsys, *asked, "all.json")["objects"]
    assert [
        (
            each["key"],
            each.get("put_by_lifecycle", False),
            *((step["action"], step["at"][:10]) for step in each["steps"]),
        )
        for each in told
    ] == [
        ("a", False, ("delete_marker", "2026-10-03"), ("delete_version", "2026-10-04")),
        ("b", False, ("delete_version", "2026-10-04")),
        ("b", False, ("remove_delete_marker", "2026-10-05")),
        ("c", False, ("remove_delete_marker", "2026-10-03")),
        ("a", True, ("remove_delete_marker", "2026-10-05")),
    ]
    assert main(["simulate", *asked, "all.json"]) == 0
    assert capsys.readouterr().out.endswith("left: nothing\n")
    assert main(["simulate", *asked, "old.json", "--until", "2027-01-01"]) == 0
    assert capsys.readouterr().out.endswith(
        "left on 2027-01-01: 1 object (10B), 2 delete markers\n"
    )


@pytest.mark.usefixtures("folder")
def test_a_story_is_drawn(capsys: Captured) -> None:
    assert main(["simulate", "--rules", "rules.json", *ONE, "--versioning", "off"]) == 0
    out = capsys.readouterr().out
    rows = [line for line in out.splitlines() if "tmp/x" in line]
    assert list(dict.fromkeys(rows[0].split()[-1])) == ["█", "░", "✖", "·"]
    assert "█ STANDARD   ░ GLACIER_IR   ✖ gone" in out
    assert "2026-06-11  deleted for good" in out


def test_a_listing_is_summed_up(folder: Path, capsys: Captured) -> None:
    rows = [f"tmp/{number},{number},2026-05-01T12:00:00Z" for number in range(200_000, 200_060)]
    (folder / "now.csv").write_text("\n".join(["Key,Size,LastModified", *rows, "a,1,2026-05-01"]))
    asked = ["simulate", "now.csv", "--rules", "rules.json"]
    assert main([*asked, "--at", "2026-06-01"]) == 0
    out = capsys.readouterr().out
    assert "tmp\n  move to GLACIER_IR       60  11.4MiB  2026-05-12  tmp/200000\n" in out
    assert "nothing is due              1       1B              a\n" in out
    assert main([*asked, "--since", "2026-05-02", "--until", "2026-05-31"]) == 0
    out = capsys.readouterr().out
    assert "60 objects tmp/200000" in out
    assert out.startswith("61 objects (11.4MiB), from 2026-05-02 until 2026-05-31\n")
    assert "  moved to GLACIER_IR           -                     60    11.4MiB\n" in out
    assert "2026-05-12  moved to GLACIER_IR       60  11.4MiB  tmp\n" in out
    assert out.endswith("left on 2026-05-31: 61 objects (11.4MiB)\n")


def test_it_is_told_that_no_listing_has_tags(folder: Path, capsys: Captured) -> None:
    rules = json.loads(json.dumps(RULES))
    rules["Rules"][0]["Filter"] = {"Tag": {"Key": "a", "Value": "b"}}
    (folder / "tagged.json").write_text(json.dumps(rules))
    (folder / "now.csv").write_text("Key,Size,LastModified\ntmp/x,1,2026-05-01")
    assert main(["simulate", "now.csv", "--rules", "tagged.json"]) == 0
    assert "1 of the rules filter by tags, and nothing in the listing" in capsys.readouterr().err


def test_the_rules_of_policies_and_the_versioning_they_say(folder: Path, capsys: Captured) -> None:
    (folder / "policies").mkdir()
    text = whole(
        "retain: {tmp: {prefix: tmp/, delete_after: 7d, old_versions: {delete_after: 2d}}}"
    )
    (folder / "policies" / "lab.yaml").write_text(text)
    (one,) = simulated(capsys, "--bucket", "lab-data", "--versioning", "enabled", *ONE)["objects"]
    assert [step["action"] for step in one["steps"]] == ["delete_marker", "delete_version"]


def test_rules_as_xml_and_as_compile_prints_them(folder: Path, capsys: Captured) -> None:
    (folder / "rules.xml").write_text(
        "<LifecycleConfiguration><Rule><ID>tmp</ID><Filter><Prefix>tmp/</Prefix></Filter>"
        "<Status>Enabled</Status><Expiration><Days>40</Days></Expiration></Rule>"
        "</LifecycleConfiguration>"
    )
    one_off = [*ONE, "--versioning", "off"]
    (one,) = simulated(capsys, "--rules", "rules.xml", *one_off)["objects"]
    assert one["steps"][0]["at"] == "2026-06-11T00:00:00Z"
    (folder / "all.json").write_text(json.dumps({"lab/*/a": RULES, "lab/*/b": RULES}))
    (one,) = simulated(capsys, "--rules", "all.json", "--bucket", "b", *one_off)["objects"]
    assert len(one["steps"]) == 2
    assert main(["simulate", "--rules", "all.json", *ONE]) == 2
    assert "rules of 2 buckets: name one with `--bucket`" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_both_answers_are_given_where_unknown_versioning_decides(capsys: Captured) -> None:
    asked = ["--rules", "rules.json", *ONE]
    told = simulated(capsys, *asked)
    assert {
        versioning: [step["action"] for step in answer["objects"][0]["steps"]]
        for versioning, answer in told["by_versioning"].items()
    } == {"enabled": ["transition", "delete_marker"], "off": ["transition", "expire"]}
    assert "objects" not in told
    assert main(["simulate", *asked]) == 0
    out = capsys.readouterr().out
    enabled, off = out.split("if versions were never kept:\n")
    assert enabled.startswith("if the bucket keeps versions:\n")
    assert "left: 1 noncurrent version (1MiB)\n" in enabled
    assert "left: nothing\n" in off
    assert off.endswith(
        "versioning unknown: --versioning says which, or the lock (`firnline resolve`)\n"
    )
    assert main(["simulate", *asked, "--out", "timeline"]) == 0
    enabled, off = capsys.readouterr().out.split("if versions were never kept:\n")
    assert ("┄ hidden" in enabled, "✖ gone" in off) == (True, True)


@pytest.mark.parametrize("rest", [[], ["--at", "2026-05-20"], ["--out", "timeline"]])
@pytest.mark.usefixtures("folder")
def test_one_answer_is_given_where_versioning_makes_no_difference(
    rest: list[str], capsys: Captured
) -> None:
    until = ["--until", "2026-06-01"] if "--at" not in rest else []
    asked = ["simulate", "--rules", "rules.json", *ONE, *until, *rest]
    answers = []
    for versioning in ([], ["--versioning", "off"], ["--versioning", "enabled"]):
        assert main([*asked, *versioning]) == 0
        answers.append(capsys.readouterr())
    assert answers[0] == answers[1] == answers[2]
    assert "GLACIER_IR" in answers[0].out


def test_policies_that_do_not_say_the_versioning_leave_it_open(
    folder: Path, capsys: Captured
) -> None:
    (folder / "policies").mkdir()
    body = "retain: {tmp: {prefix: tmp/, delete_after: 7d, old_versions: {delete_after: 2d}}}"
    path = folder / "policies" / "lab.yaml"
    path.write_text(whole(body).replace("versioning: off\n", ""))
    asked = ["--bucket", "lab-data", *ONE]
    assert set(simulated(capsys, *asked)["by_versioning"]) == {"enabled", "off"}
    path.write_text(whole(f"versioning: enabled\n{body}"))
    assert len(simulated(capsys, *asked)["objects"][0]["steps"]) == 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["tmp/a,5,2026-05-01,true,", "tmp/a,5,2026-04-01,false,"],
            "`tmp/a`: a noncurrent version",
        ),
        (["tmp/b,5,2026-05-01,true,", "tmp/c,,2026-05-02,true,true"], "`tmp/c`: a delete marker"),
    ],
)
def test_a_listing_with_old_versions_or_markers_shows_that_versions_are_kept(
    rows: list[str], told: str, folder: Path, capsys: Captured
) -> None:
    header = "Key,Size,LastModified,IsLatest,IsDeleteMarker"
    (folder / "now.csv").write_text("\n".join([header, *rows]))
    asked = ["simulate", "now.csv", "--rules", "rules.json", "--since", "2026-05-03"]
    assert main([*asked, "--out", "json"]) == 0
    assumed = capsys.readouterr()
    assert main([*asked, "--out", "json", "--versioning", "enabled"]) == 0
    said = capsys.readouterr()
    assert assumed.out == said.out
    assert f"{told} exists only where versions are or were kept" in assumed.err
    assert said.err == ""


def test_what_check_refuses_is_not_simulated(folder: Path, capsys: Captured) -> None:
    (folder / "cut.json").write_text('{"Rules": [')
    (folder / "odd.json").write_text('{"Rules": [{}]}')
    (folder / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')
    early, casing = json.loads(json.dumps(RULES)), json.loads(json.dumps(RULES))
    early["Rules"][0]["Expiration"]["Days"] = 5
    casing["Rules"][0]["Id"] = casing["Rules"][0].pop("ID")
    (folder / "early.json").write_text(json.dumps(early))
    (folder / "casing.json").write_text(json.dumps(casing))
    for name in ("cut.json", "odd.json", "bomb.xml", "early.json", "casing.json"):
        assert main(["check", name]) == 1
        checked = capsys.readouterr().out.splitlines()
        assert main(["simulate", "--rules", name, *ONE]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert f"{name} has errors, so there are no rules" in told.err
        errors = [line for line in checked if line.startswith("error[")]
        assert errors
        assert errors == [line for line in told.err.splitlines() if line.startswith("error[")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--rules", "rules.json"], "give a listing, or one object by --key"),
        (ONE, "say which rules: --bucket NAME, or --rules FILE"),
        (["--rules", "nowhere.json", *ONE], "nowhere.json cannot be read"),
        (["--rules", "-", "-"], "cannot both come from stdin"),
        (["--rules", "policy.yaml", *ONE], "policy.yaml is a file of policies"),
        (["--rules", "rules.json", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--rules", "rules.json", "bad.csv"], "bad.csv:2: lacks `Size`"),
        (["--rules", "rules.json", *ONE, "--upload", "--marker"], "an upload is neither"),
        (["--rules", "rules.json", *ONE, "--marker", "--size", "5"], "has neither a size nor tags"),
        (["--rules", "rules.json", *ONE, "--noncurrent-since", "2020-01-01"], "a version is older"),
    ],
)
def test_bad_input_is_told(words: list[str], told: str, folder: Path, capsys: Captured) -> None:
    (folder / "policy.yaml").write_text("firnline: policy/v1\n")
    (folder / "bad.csv").write_text("Key,LastModified\ntmp/x,2026-05-01\n")
    assert main(["simulate", *words]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--created", "soon"], "is no date: 'soon'; write 2026-05-01"),
        (["--size", "5MB"], "'5MB' is not a size; write 5MiB"),
        (["--tags", "team"], "'team' is no tag; write key=value"),
        (["--newer-versions", "-1"], "'-1' is not a number"),
        (["--at", "2026-05-01", "--until", "2026-05-01"], "not allowed with"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_bad_options_are_told(words: list[str], told: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", "--rules", "rules.json", "--key", "tmp/x", *words])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_rules_from_stdin_are_called_so_where_they_have_errors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = b'{"Rules": [{"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}]}'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(wrong)))
    assert main(["simulate", "--rules", "-", *ONE]) == 1
    assert "<stdin> has errors, so there are no rules" in capsys.readouterr().err
