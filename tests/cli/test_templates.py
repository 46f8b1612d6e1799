"""Every template of `firnline init --from` is a golden case: clean, compiled and proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import main
from firnline.cli.filled import templates
from firnline.pipeline import compile_files
from firnline.workspace import read_folder
from tests.golden_files import Golden
from tests.test_golden import GOLDEN

NAMED = ("--bucket", "acme-data", "--account", "ml-prod=012345670123", "--owner", "platform")


def golden_case(template: str) -> Path:
    return GOLDEN / f"template-{template}"


@pytest.mark.parametrize("template", templates())
def test_a_template_is_written_as_its_golden_case_has_it(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert main(["init", "--yes", "--from", template, *NAMED]) == 0
    written = (folder / "policies" / f"{template}.yaml").read_text()
    golden.text(golden_case(template) / "policy.yaml", written)
    expected = (folder / "policies" / f"expectations-{template}.yaml").read_text()
    golden.text(golden_case(template) / "expectations.yaml", expected)
    modeline, _ = expected.split("\n", 1)
    assert modeline == "# yaml-language-server: $schema=../.firnline/expectations.schema.json"
    assert not (folder / "policies" / "starter.yaml").exists()
    compilation = compile_files(read_folder("policies"))
    assert compilation.diagnostics == ()
    modeline, *lines = written.splitlines()
    assert modeline == "# yaml-language-server: $schema=../.firnline/policy.schema.json"
    assert all("$" not in each for each in lines)
    assert len(written.splitlines()) <= 35


@pytest.mark.parametrize("template", templates())
def test_what_people_rely_on_in_a_template_is_what_s3_will_do(
    template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["init", "--yes", "--from", template, *NAMED]) == 0
    capsys.readouterr()
    assert main(["test"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) in (3, 4, 5), told
    assert all(line.startswith("pass") for line in told if line and "as expected" not in line)


def test_of_all_templates_in_one_folder_every_expectation_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each on its own bucket: the templates' prefixes overlap."""
    monkeypatch.chdir(tmp_path)
    for template in templates():
        named = ("--bucket", f"acme-{template}", *NAMED[2:])
        assert main(["init", "--yes", "--from", template, *named]) == 0
    assert len(list((tmp_path / "policies").glob("expectations-*.yaml"))) == len(templates())
    assert main(["test"]) == 0


def test_a_template_joins_the_policies_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes", *NAMED]) == 0
    assert main(["init", "--yes", "--from", "backups", *NAMED]) == 0
    assert sorted(path.name for path in (tmp_path / "policies").iterdir()) == [
        "approvals.yaml",
        "backups.yaml",
        "expectations-backups.yaml",
        "fleet.yaml",
        "starter.yaml",
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--bucket", "acme-data", "--account", "other=112233445566"),
            "policies/fleet.yaml has no account `other`, only ml-prod",
        ),
        (
            ("--bucket", "acme-data", "--account", "ml-prod=112233445566"),
            "the account `ml-prod` of policies/fleet.yaml is 012345670123, not 112233445566",
        ),
        ((), "policies/fleet.yaml has accounts of its own; name one of them, and the bucket"),
    ],
)
def test_a_template_for_an_account_that_the_fleet_does_not_have_is_not_written(
    options: tuple[str, ...],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes", *NAMED]) == 0
    before = sorted(tmp_path.rglob("*"))
    capsys.readouterr()
    assert main(["init", "--yes", "--from", "logs", *options]) == 2
    why, again, *_ = capsys.readouterr().err.splitlines()
    assert says in why
    assert sorted(tmp_path.rglob("*")) == before
    assert main([*again.replace("NAME", "acme-data").split()[1:], "--yes"]) == 0
    assert main(["check"]) == 0


def test_an_account_that_was_added_to_the_fleet_as_init_said_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes", *NAMED]) == 0
    other = ("--bucket", "acme-data", "--account", "other=112233445566")
    assert main(["init", "--yes", "--from", "logs", *other]) == 2
    entry = capsys.readouterr().err.partition("or in policies/fleet.yaml:\n")[2]
    fleet = tmp_path / "policies/fleet.yaml"
    fleet.write_text(fleet.read_text() + entry)
    assert main(["init", "--yes", "--from", "logs", *other]) == 0
    assert main(["check"]) == 0


def test_without_a_name_the_templates_are_listed_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--from"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(templates())
    assert max(map(len, lines)) <= 80
    assert list(tmp_path.iterdir()) == []
