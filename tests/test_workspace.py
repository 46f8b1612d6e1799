"""What stands around the policies: settings and code owners, found in the folders above them."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import main
from firnline.language.project import BadSettings, Project
from firnline.s3.terms import Days
from firnline.workspace import project_around
from tests.policies import whole


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    (tmp_path / "infra" / "policies").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    return tmp_path / "infra" / "policies"


def _around(policies: Path) -> Project:
    return project_around([str(policies)])


def test_the_nearest_settings_count_up_to_the_repository(policies: Path) -> None:
    root = policies.parents[1]
    (root / "firnline.toml").write_text('floor = "3d"\n')
    assert _around(policies).floor == Days(3)
    (policies.parent / "pyproject.toml").write_text('[tool.firnline]\nfloor = "2w"\n')
    assert _around(policies).floor == Days(14)
    (policies.parent / "firnline.toml").write_text("")
    assert _around(policies).floor == Days(7)
    assert project_around([str(policies / "a.yaml")]).floor == Days(7)


def test_settings_outside_the_repository_do_not_count(policies: Path) -> None:
    (policies.parents[1] / "firnline.toml").write_text('floor = "3d"\n')
    (policies.parent / ".git").write_text("gitdir: elsewhere\n")
    assert _around(policies).floor == Days(7)


def test_another_projects_table_is_not_ours(policies: Path) -> None:
    (policies / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert _around(policies) == Project()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('flor = "7d"', "unknown setting `flor`"),
        ("docs_url = 7", "`docs_url` must be an address"),
        ('docs_url = "docs.example.com"', "`docs_url` must be an address"),
        ("floor = 7", "`floor` must be a duration"),
        ('floor = "7 days"', "`floor` must be a duration"),
        ("floor = ", "this is not TOML: invalid value"),
        ("policies = 7", "`policies` must be a folder below this one"),
        ('policies = ""', "`policies` must be a folder below this one"),
        ('policies = "."', "`policies` must be a folder below this one"),
        ('policies = "a/../../b"', "`policies` must be a folder below this one"),
        ('policies = "/etc"', "`policies` must be a folder below this one"),
    ],
)
def test_settings_that_mean_nothing_are_refused_as_wrong_use(
    policies: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (policies / "firnline.toml").write_text(text)
    with pytest.raises(BadSettings, match=says):
        _around(policies)
    (policies / "p.yaml").write_text(whole(""))
    assert main(["check", str(policies)]) == 2
    assert says in capsys.readouterr().err


def test_each_code_has_the_address_of_its_page_where_a_site_is_configured(
    policies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = policies.parents[1] / "firnline.toml"
    retained = "retain: {x: {prefix: /x/, delete_after: 2d}}"
    (policies / "p.yaml").write_text(whole(f"{retained}\nuploads: {{abort_after: 7d}}"))
    assert main(["check", str(policies)]) == 5
    said = capsys.readouterr().out
    assert "Explain a code: firnline explain FL" in said
    assert "docs:" not in said
    settings.write_text('docs_url = "https://docs.example.com/firnline/"\n')
    for command, code in (("check", 5), ("compile", 0)):
        assert main([command, str(policies)]) == code
        printed = capsys.readouterr()
        said = printed.out + printed.err
        for level, kind in (("warning", "FL309"), ("gate", "FL403")):
            assert f"{level}[{kind}]" in said
            assert f"= docs: https://docs.example.com/firnline/diagnostics/{kind}.html\n" in said
        assert "firnline explain" not in said


def test_code_owners_are_read_where_github_looks_first(policies: Path) -> None:
    root = policies.parents[1]
    assert _around(policies).code_owners is None
    for folder, owner in (("docs", "@acme/writers"), ("", "@acme/all"), (".github", "@acme/ml")):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / "CODEOWNERS").write_text(f"* {owner}\n")
        assert _around(policies).code_owners == (owner,)


def test_check_and_compile_warn_by_them(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = policies.parents[1]
    (root / "CODEOWNERS").write_text("* @acme/ml\n")
    (root / "firnline.toml").write_text('floor = "60d"\n')
    (policies / "p.yaml").write_text(whole("retain: {x: {prefix: x/, delete_after: 30d}}"))
    assert main(["check", str(policies), "--out", "concise"]) == 5
    out = capsys.readouterr().out
    assert "FL602" in out
    assert "FL403" in out
    assert main(["compile", str(policies)]) == 0
    assert "gate[FL403]" in capsys.readouterr().err
