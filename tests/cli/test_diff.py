"""`firnline diff`: its sides, what it prints, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from firnline import testing
from firnline.cli import main
from firnline.cli.schema import printed
from firnline.revision.no_base import NoBaseCommit
from firnline.revision.read import read_revision
from tests.fleet.small_world import OUR_RULE, PROD, put_rules, served, write_folder
from tests.golden_files import Golden
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
BEFORE = whole(
    "versioning: enabled\n"
    "old_versions: {delete_after: 7d}\n"
    "retain:\n"
    "  logs: {prefix: logs/, warm_after: 30d, delete_after: 120d}\n"
    "  models: {prefix: models/, archive_after: 365d, delete_after: never}\n"
)
AFTER = BEFORE.replace("120d", "90d").replace("365d", "180d")
EXPECTED = """\
2 changes on 1 bucket: 1 deletes sooner, 1 archives sooner

deletes sooner by 30 days  example/logs
    objects in logs/
    before   ██████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓✖···   warm 30d, delete 120d (bytes gone 127d)
    after    ██████▓▓▓▓▓▓▓▓▓▓▓▓▓✖··········   warm 30d, delete 90d (bytes gone 97d)
    on       lab/*/lab-data
    example  s3://lab-data/logs/x, of 131,072 bytes: hidden by a delete marker at 120d → hidden by a
             delete marker at 90d
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    for name, text in (("policies", BEFORE), ("after", AFTER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lab.yaml").write_text(text)
    return tmp_path


def git(*words: str) -> None:
    identity = ["-c", "user.name=lab", "-c", "user.email=lab@example.com"]
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(folder: Path) -> Path:
    git("init", "-b", "main")
    git("add", "policies")
    git("commit", "-m", "begin")
    (folder / "policies" / "lab.yaml").unlink()
    (folder / "policies" / "renamed.yaml").write_text(f"# reviewed\n{BEFORE}")
    return folder


@pytest.mark.usefixtures("folder", "socket_disabled")
def test_what_changes_is_told_by_item_the_strictest_first(capsys: Captured) -> None:
    assert main(["diff", "policies", "after"]) == 5
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith(EXPECTED)
    assert (
        "\narchives sooner  example/models\n    objects in models/, 128KiB or larger\n" in told.out
    )
    assert "archive 365d\n" in told.out


@pytest.mark.usefixtures("folder")
def test_no_change_is_said_and_is_what_can_be_expected(capsys: Captured) -> None:
    assert main(["diff", "policies", "policies", "--expect-no-changes"]) == 0
    told = capsys.readouterr().out
    assert told == "no change: what happens to objects stays the same on 1 bucket\n"
    assert main(["diff", "policies", "after", "--expect-no-changes"]) == 7


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("sides", "category", "code"),
    [
        (["policies", "after"], "deletes-sooner", 7),
        (["policies", "after"], "cost-only", 7),
        (["after", "policies"], "deletes-sooner", 0),
        (["after", "policies"], "archives-sooner", 0),
        (["after", "policies"], "keeps-longer", 7),
    ],
)
def test_a_category_fails_with_those_that_are_stricter(
    sides: list[str], category: str, code: int, capsys: Captured
) -> None:
    assert main(["diff", *sides, "--fail-on", category]) == code
    assert capsys.readouterr().out != ""


@pytest.mark.usefixtures("folder")
def test_the_json_form_keeps_its_published_schema(capsys: Captured) -> None:
    assert main(["diff", "policies", "after", "--out", "json"]) == 5
    report = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(printed("diff"))
    jsonschema.Draft7Validator(printed("diff")).validate(report)
    assert (report["schema_version"], report["from"], report["to"]) == (1, "policies", "after")
    assert report["counts"]["deletes-sooner"] == 1
    assert [item["retention"] for item in report["items"]] == ["example/logs", "example/models"]
    assert report["items"][0]["old"]["ends"] == [{"days": 120, "newest_spared": 0}]
    steps = {
        (step["action"], step["storage_class"])
        for item in report["items"]
        for step in (*item["example"]["old"], *item["example"]["new"])
    }
    assert ("transition", "DEEP_ARCHIVE") in steps
    assert main(["schema", "diff"]) == 0
    assert json.loads(capsys.readouterr().out) == printed("diff")


@pytest.mark.usefixtures("folder")
def test_what_is_compiled_to_json_means_what_the_policies_mean(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["compile", "policies", "--out", "s3-json:rules.json"]) == 0
    assert main(["diff", "rules.json", "policies", "--expect-no-changes"]) == 0
    stdin = io.TextIOWrapper(io.BytesIO(Path("rules.json").read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["diff", "-", "policies", "--expect-no-changes"]) == 0
    capsys.readouterr()
    assert main(["diff", "rules.json", "after", "--out", "json"]) == 5
    from_json = json.loads(capsys.readouterr().out)
    assert main(["diff", "policies", "after", "--out", "json"]) == 5
    from_policies = json.loads(capsys.readouterr().out)
    digests = [[item["digest"] for item in each["items"]] for each in (from_json, from_policies)]
    assert digests[0] == digests[1]


@pytest.mark.usefixtures("folder")
def test_one_configuration_is_that_of_the_only_bucket(capsys: Captured) -> None:
    main(["compile", "policies", "--out", "s3-json:many.json"])
    (one,) = json.loads(Path("many.json").read_text()).values()
    Path("one.json").write_text(json.dumps(one))
    assert main(["diff", "one.json", "policies", "--expect-no-changes"]) == 0
    Path("after/more.yaml").write_text(
        AFTER.replace("policy: example", "policy: more").replace("lab-data", "lab-more")
    )
    capsys.readouterr()
    assert main(["diff", "one.json", "after"]) == 2
    assert "say which one it is for with `--bucket`" in capsys.readouterr().err
    assert main(["diff", "one.json", "after", "--bucket", "lab-data"]) == 5
    assert "1 bucket:" in capsys.readouterr().out
    assert main(["diff", "policies", "after", "--bucket", "elsewhere"]) == 2


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("pattern", "called"), [("lab-*", "lab/*/lab-*"), ("!lab-x", "lab/*/*")])
def test_a_pattern_without_a_lock_is_compared_as_it_stands(
    pattern: str, called: str, capsys: Captured
) -> None:
    for name in ("policies", "after"):
        path = Path(name) / "lab.yaml"
        path.write_text(path.read_text().replace("lab-data", f'"{pattern}"'))
    assert main(["diff", "policies", "after", "--expect-no-changes"]) == 7
    assert f"on       {called}\n" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_a_bucket_of_one_side_only_is_said_to_be(capsys: Captured) -> None:
    Path("after/lab.yaml").write_text(BEFORE.replace("lab-data", "lab-more"))
    assert main(["diff", "policies", "after"]) == 5
    out = capsys.readouterr().out
    assert "lab/*/lab-more: new here, so all that happens there is new" in out
    assert "lab/*/lab-data: no longer here" in out


@pytest.mark.usefixtures("folder")
def test_a_side_that_does_not_compile_is_told_and_nothing_is_compared(capsys: Captured) -> None:
    Path("after/lab.yaml").write_text(AFTER.replace("90d", "90"))
    assert main(["diff", "policies", "after"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "error[FL105]" in told.err
    assert "nothing was compared: after has errors" in told.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "error[FL239]"),
        ("7", "error[FL239]"),
        ('{"a": 1}', "error[FL239]"),
        ('{"Rules": [{"Status": "Enabled"}]}', "error[FL222]"),
        ('{"Rules": 7}', "error[FL239]"),
        ('{"a/b/c": {"Rules": [{"Expiration": {"Days": 0}}]}}', "error[FL229]"),
    ],
)
def test_json_that_is_no_configuration_is_refused(text: str, said: str, capsys: Captured) -> None:
    Path("rules.json").write_text(text)
    assert main(["diff", "rules.json", "policies"]) == 1
    told = capsys.readouterr()
    assert (told.out, said in told.err) == ("", True)
    assert "nothing was compared: rules.json has errors" in told.err


XML = """<?xml version="1.0"?><LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status>
<Filter><Prefix>tmp/</Prefix></Filter><Expiration><Days>9</Days></Expiration></Rule>
</LifecycleConfiguration>"""
SHAPES = [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 9}}]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one.xml", XML),
        ("one.json", json.dumps(SHAPES)),
        ("one.json", json.dumps({"LifecycleConfiguration": {"Rules": SHAPES}})),
    ],
)
def test_one_configuration_is_the_same_in_each_form(name: str, text: str, capsys: Captured) -> None:
    Path(name).write_text(text)
    Path("plain.json").write_text(json.dumps({"Rules": SHAPES}))
    assert main(["diff", "plain.json", name]) == 0
    assert capsys.readouterr().out.startswith("no change")


@pytest.mark.usefixtures("folder")
def test_too_many_combinations_are_fl906(capsys: Captured) -> None:
    rules = [
        {
            "ID": str(number),
            "Status": "Enabled",
            "Filter": {"Tag": {"Key": f"k{number}", "Value": "v"}},
            "Expiration": {"Days": number + 1},
        }
        for number in range(20)
    ]
    Path("many.json").write_text(json.dumps({"Rules": rules}))
    Path("none.json").write_text('{"Rules": []}')
    assert main(["diff", "none.json", "many.json"]) == 1
    assert "error[FL906]" in capsys.readouterr().err


@pytest.mark.usefixtures("repository")
def test_a_revision_is_read_with_git(capsys: Captured) -> None:
    assert main(["diff", "git:main", "policies", "--expect-no-changes"]) == 0
    assert main(["diff", "git:main", "--expect-no-changes"]) == 0
    assert main(["diff", "git:HEAD:policies/lab.yaml", "after", "--expect-no-changes"]) == 7
    assert "1 deletes sooner" in capsys.readouterr().out


@pytest.mark.usefixtures("repository")
def test_a_mistake_in_a_revision_says_which_one(capsys: Captured) -> None:
    Path("policies/renamed.yaml").write_text(BEFORE.replace("120d", "120"))
    git("add", "policies")
    git("commit", "-m", "a mistake")
    assert main(["diff", "git:HEAD", "after"]) == 1
    assert "git:HEAD:policies/renamed.yaml:" in capsys.readouterr().err


@pytest.mark.usefixtures("repository")
def test_without_policies_in_a_revision_everything_is_new(capsys: Captured) -> None:
    Path("new").mkdir()
    Path("policies").rename("new/policies")
    Path("new/firnline.toml").touch()
    assert main(["diff", "-C", "new", "git:main"]) == 5
    told = capsys.readouterr()
    assert "git:main: no policies there" in told.err
    assert "new scope" in told.out


@pytest.mark.usefixtures("repository")
def test_a_folder_of_policies_is_the_one_that_the_revision_names(capsys: Captured) -> None:
    Path("policies").rename("elsewhere")
    Path("firnline.toml").write_text('policies = "elsewhere"\n')
    assert main(["diff", "git:main", "--expect-no-changes"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("polices", "main has no file or folder `polices`: did you mean `policies`?"),
        ("policies/lap.yaml", "did you mean `policies/lab.yaml`?"),
        ("elsewhere", "main has no file or folder `elsewhere`: leave the path out"),
    ],
)
def test_a_path_that_a_revision_does_not_have_is_no_absence_of_policies(
    path: str, says: str, capsys: Captured
) -> None:
    assert main(["diff", f"git:main:{path}", "policies"]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("path", ["polices", "../polices"])
def test_a_mistyped_path_is_recognised_from_a_folder_below_too(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    Path("docs").mkdir()
    monkeypatch.chdir("docs")
    assert main(["diff", f"git:main:{path}", "../policies"]) == 2
    assert "did you mean `policies`?" in capsys.readouterr().err


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("here", ["policies", "docs"])
@pytest.mark.parametrize(
    "snapshot",
    ["git:HEAD", "git:HEAD:policies", "git:HEAD:../policies", "git:HEAD:policies/lab.yaml"],
)
def test_paths_of_a_revision_are_seen_from_here_or_from_the_top(
    here: str, snapshot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("docs").mkdir()
    monkeypatch.chdir(here)
    assert main(["diff", snapshot, "../policies", "--expect-no-changes"]) == 0
    assert main(["diff", snapshot, "../after", "--expect-no-changes"]) == 7


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("revision", ["origin/main", "--output=x", "HEAD~7"])
def test_a_revision_that_git_does_not_have_exits_with_2(revision: str, capsys: Captured) -> None:
    assert main(["diff", f"git:{revision}", "policies"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"git has no commit `{revision}` here" in told.err
    assert "error[FL904]" in told.err
    assert not Path("x").exists()


def test_outside_of_a_repository_there_is_no_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoBaseCommit, match="no git repository"):
        read_revision("main")


@pytest.mark.usefixtures("repository")
def test_links_in_a_revision_are_not_followed(capsys: Captured) -> None:
    Path("policies/link.yaml").symlink_to("/etc/passwd")
    git("add", "policies")
    git("commit", "-m", "a link")
    assert main(["diff", "git:HEAD", "after"]) == 1
    assert "error[FL001]" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ["-", "-"],
        ["live", "live"],
        ["git:", "policies"],
        ["nowhere", "policies"],
        ["policies"],
    ],
)
def test_sides_that_make_no_sense_exit_with_2(words: list[str]) -> None:
    assert main(["diff", *words]) == 2


@pytest.mark.usefixtures("folder")
def test_live_needs_a_fleet_and_a_lock(capsys: Captured) -> None:
    assert main(["diff", "live", "policies"]) == 2
    assert "has no fleet file" in capsys.readouterr().err


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


def test_what_is_live_is_compared_with_what_is_written(
    aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    write_folder(tmp_path)
    assert main(["resolve"]) == 0
    put_rules(aws, PROD, "acme-models-use1", OUR_RULE)
    capsys.readouterr()
    words = ["diff", "live", "policies", "--bucket", "acme-models-use1"]
    assert main([*words, "--out", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["buckets"] == {"compared": 1, "only_from": [], "only_to": [], "not_compared": []}
    aws.middleware.faults.clear()
    assert main(["diff", "live", "policies", "--expect-no-changes"]) == 7
    _report_against_what_is_live()


def _report_against_what_is_live() -> None:
    """Here, where a fleet is there."""
    row = {"Key": "x", "Size": 1, "LastModified": "2026-01-01T00:00:00Z"}
    Path("list.json").write_text(json.dumps({"Contents": [row]}))
    facts = ["--inventory", "list.json", "--bucket", "acme-models-use1", "--base", "live"]
    assert main(["report", *facts, "--out", "json:report.json"]) == 0
    found = json.loads(Path("report.json").read_text())
    assert found["base"]["name"] == "live"
    assert found["base"]["read_at"] is not None
    assert found["verdict"]["saved_usd"] == 0


DIFFS = Path(__file__).parent / "diffs"


@pytest.mark.parametrize("case", sorted(each.name for each in DIFFS.iterdir()))
def test_what_is_printed_is_what_stands_beside_the_two_sides(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured, golden: Golden
) -> None:
    monkeypatch.chdir(DIFFS / case)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    sides = [str(next(Path().glob(f"{name}.*"))) for name in ("before", "after")]
    assert main(["diff", *sides]) in (0, 5)
    golden.text(Path("diff.txt"), capsys.readouterr().out)


def test_the_hash_seed_changes_no_byte() -> None:
    folder = DIFFS / "tags-and-sizes"
    command = [sys.executable, "-m", "firnline", "diff", "before.yaml", "after.yaml"]
    outputs = {
        subprocess.run(
            [*command, "--out", "json", "--fail-on", "never"],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("columns", [80, 100])
def test_a_digest_to_copy_is_on_one_line_of_the_screen(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["diff", "policies", "after"]) == 5
    lines = [line for line in capsys.readouterr().out.splitlines() if " sha256:" in line]
    assert lines
    assert all(len(line) <= columns for line in lines)
