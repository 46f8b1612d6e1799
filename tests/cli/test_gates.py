"""`firnline check --base`: what changes needs an approval, and has it or not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
POLICY = whole(
    "versioning: enabled\n"
    "applies_to: [{account: lab, buckets: [lab-data, lab-more]}]\n"
    "retain:\n"
    "  logs: {prefix: logs/, delete_after: 180d, old_versions: {delete_after: 30d}}\n"
)
SHORTER = POLICY.replace("180d", "18d")
TODAY = ["--today", "2026-11-21"]


def git(*words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def git_says(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "x")


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    Path("policies").mkdir()
    policy(POLICY)
    Path("CODEOWNERS").write_text("/policies/approvals.yaml @acme/lab\n")
    git("init", "-q", "-b", "main")
    commit()
    git("checkout", "-q", "-b", "change")
    return tmp_path


def policy(text: str) -> None:
    Path("policies/p.yaml").write_text(text)


def check(capsys: Captured, *words: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    base = [] if "--base" in words else ["--base", "git:main"]
    code = main(["check", *TODAY, *base, "--out", "json", *words])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return code, [each["code"] for each in found]


def gates(capsys: Captured) -> list[dict[str, Any]]:
    capsys.readouterr()
    main(["diff", "git:main", "--out", "json"])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["gates"]
    return found


def approve(capsys: Captured, **changed: Any) -> None:
    """Everything that is open."""
    entries = [
        {
            "item": each["digest"],
            "from": each["old"],
            "to": each["new"],
            "buckets": each["buckets"],
            "codes": each["codes"],
            "deletes_up_to": "1TiB",
            "by": "data",
            "until": "2099-12-31",
        }
        | changed
        for each in gates(capsys)
    ]
    entries = [{k: v for k, v in each.items() if v is not None} for each in entries]
    text = json.dumps({"firnline": "approvals/v1", "approvals": entries})
    Path("policies/approvals.yaml").write_text(text)


def test_a_change_that_deletes_sooner_is_a_gate_until_it_is_approved(capsys: Captured) -> None:
    policy(SHORTER)
    assert check(capsys) == (5, ["FL401"])
    assert check(capsys, "--base", "none") == (0, [])
    approve(capsys)
    assert check(capsys) == (0, [])
    assert all(not each["open"] for each in gates(capsys))
    assert main(["diff", "git:main"]) == 0
    assert "1 item that needs an approval has it" in capsys.readouterr().out


def test_a_rebase_comments_and_names_keep_an_approval(capsys: Captured) -> None:
    policy(SHORTER)
    approve(capsys)
    git("checkout", "-q", "main")
    Path("policies/q.yaml").write_text(
        POLICY.replace("policy: example", "policy: q").replace("logs", "more")
    )
    git("add", "policies/q.yaml")
    git("commit", "-q", "-m", "another")
    git("checkout", "-q", "change")
    git("rebase", "-q", "main", "--autostash")
    policy("# why\n" + SHORTER.replace("  logs:", "  traces:").replace("example", "other"))
    Path("policies/p.yaml").rename("policies/renamed.yaml")
    assert check(capsys) == (0, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [("18d", "17d"), ("prefix: logs/", "prefix: log/"), ("lab-more]", "lab-more, lab-other]")],
)
def test_another_meaning_or_another_bucket_opens_the_gate_again(
    old: str, new: str, capsys: Captured
) -> None:
    policy(SHORTER)
    approve(capsys)
    git("checkout", "-q", "main")
    policy(POLICY.replace("lab-more]", "lab-more, lab-other]"))
    git("add", "policies")
    git("commit", "-q", "-m", "x", "policies/p.yaml")
    git("checkout", "-q", "change")
    policy(SHORTER.replace("lab-more]", "lab-more]").replace(old, new))
    code, codes = check(capsys)
    assert code == 5
    assert "FL401" in codes or "FL405" in codes


def test_fewer_buckets_are_approved_with_all_of_them(capsys: Captured) -> None:
    policy(SHORTER)
    approve(capsys)
    git("stash", "-q", "-u")
    half = POLICY.replace("[lab-data, lab-more]", "[lab-data]")
    policy(half)
    git("commit", "-q", "-a", "-m", "x")
    git("checkout", "-q", "stash@{0}^3", "--", "policies/approvals.yaml")
    policy(half.replace("180d", "18d"))
    assert check(capsys, "--base", "git:HEAD") == (0, [])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"until": "2026-11-21"}, ["FL401"]),
        ({"until": "2026-11-22"}, []),
        ({"codes": ["FL401"]}, ["FL402"]),
        ({"codes": ["FL402"]}, ["FL401"]),
        ({"deletes_up_to": None}, ["FL402"]),
        ({"buckets": ["lab/*/lab-data"]}, ["FL401", "FL416"]),
        ({"item": "sha256:" + "0" * 64}, ["FL401", "FL416"]),
    ],
)
def test_what_an_approval_does_not_say_stays_open(
    changed: dict[str, Any], expected: list[str], capsys: Captured
) -> None:
    policy(SHORTER)
    approve(capsys, **({"to": "x"} | changed))
    assert sorted(check(capsys)[1]) == expected


def test_an_approval_that_nothing_needs_is_reported_once_the_policies_say_something_else(
    capsys: Captured,
) -> None:
    policy(SHORTER)
    approve(capsys)
    commit()
    assert check(capsys, "--base", "git:HEAD") == (0, [])  # it is still to be deployed
    policy(POLICY)
    assert check(capsys, "--base", "git:main") == (0, ["FL416"])


def test_approvals_need_a_code_owner_on_the_base(capsys: Captured) -> None:
    policy(SHORTER)
    approve(capsys)
    git("checkout", "-q", "main")
    git("rm", "-q", "CODEOWNERS")
    git("commit", "-q", "-m", "x")
    git("checkout", "-q", "change")
    assert check(capsys) == (1, ["FL417", "FL401"])  # it is still in the working tree
    for words in (["--ignore", "FL417"], ["--ignore", "FL4"]):
        assert check(capsys, *words) == (5, ["FL401"])  # what is not shown opens nothing
    main(["check", *TODAY, "--base", "git:main"])
    assert "add the line `/policies/approvals.yaml @OWNER` to CODEOWNERS" in " ".join(
        capsys.readouterr().out.split()
    )
    Path("firnline.toml").write_text('[review]\napprovals = "self"\n')
    assert check(capsys) == (1, ["FL417", "FL401"])  # a change cannot bring it
    assert check(capsys, "--base", "none") == (0, [])
    Path("CODEOWNERS").unlink()
    assert check(capsys, "--base", "none") == (0, ["FL418"])


@pytest.mark.parametrize(
    "owner", [("CODEOWNERS", "* @acme/lab\n"), ("firnline.toml", '[review]\napprovals = "self"\n')]
)
def test_a_file_that_approves_nothing_yet_may_come_with_its_owner(
    owner: tuple[str, str], capsys: Captured
) -> None:
    git("checkout", "-q", "main")
    git("rm", "-q", "CODEOWNERS")
    git("commit", "-q", "-m", "x")
    git("checkout", "-q", "change")
    Path("CODEOWNERS").unlink()
    Path("policies/approvals.yaml").write_text("firnline: approvals/v1\n")
    assert check(capsys) == (1, ["FL417"])
    Path(owner[0]).write_text(owner[1])
    assert check(capsys)[0] == 0
    policy(SHORTER)
    approve(capsys)
    assert check(capsys) == (1, ["FL417", "FL401"])


def test_auto_is_compared_with_what_this_branch_left(capsys: Captured) -> None:
    policy(SHORTER)
    assert check(capsys, "--base", "auto") == (5, ["FL401"])
    git("checkout", "-q", "--", "policies")
    assert check(capsys, "--base", "auto") == (0, [])


def test_diff_counts_approvals_and_settings_as_check_does(capsys: Captured) -> None:
    policy(SHORTER)
    approve(capsys)
    Path("CODEOWNERS").write_text("")
    assert main(["diff", "git:main"]) == 0
    git("checkout", "-q", "CODEOWNERS")
    git("checkout", "-q", "main")
    git("rm", "-q", "CODEOWNERS")
    git("commit", "-q", "-m", "x")
    git("checkout", "-q", "change")
    Path("CODEOWNERS").write_text("/policies/approvals.yaml @acme/lab\n")
    Path("firnline.toml").write_text('[gates.levels]\nFL401 = "warning"\nFL402 = "warning"\n')
    capsys.readouterr()
    assert main(["diff", "git:main"]) == 5
    printed = capsys.readouterr()
    assert "error[FL417]" in printed.out
    assert "1 gate is open" in printed.out


def test_the_settings_are_those_around_the_policies_in_diff_too(capsys: Captured) -> None:
    """Not those of the folder in which the command is run."""
    git("checkout", "-q", "main")
    Path("team").mkdir()
    git("mv", "policies", "team/policies")
    Path("team/firnline.toml").write_text('[gates.levels]\nFL401 = "error"\n')
    Path("firnline.toml").write_text('[gates.levels]\nFL401 = "warning"\n')
    Path("CODEOWNERS").write_text("/team/ @acme/lab\n")
    commit()
    git("checkout", "-q", "-b", "shorter")
    Path("team/policies/p.yaml").write_text(SHORTER)
    assert check(capsys, "team/policies")[0] == 1
    assert main(["diff", "--policies", "team/policies"]) == 1


def test_a_change_does_not_lower_its_own_limits(capsys: Captured) -> None:
    policy(SHORTER)
    Path("firnline.toml").write_text(
        '[gates.levels]\nFL401 = {level = "off", why = "no"}\nFL402 = {level = "off", why = "no"}\n'
    )
    assert check(capsys) == (5, ["FL401"])
    git("checkout", "-q", "main")
    git("add", "firnline.toml")
    git("commit", "-q", "-m", "x", "firnline.toml")
    git("checkout", "-q", "change")
    policy(SHORTER)
    assert check(capsys) == (0, [])


@pytest.mark.parametrize(("level", "code"), [("warning", 0), ("error", 1), ("gate", 5)])
def test_a_project_says_what_an_open_gate_is(level: str, code: int, capsys: Captured) -> None:
    Path("firnline.toml").write_text(f'[gates.levels]\nFL401 = "{level}"\nFL402 = "warning"\n')
    commit()
    policy(SHORTER)
    assert check(capsys, "--base", "git:HEAD") == (code, ["FL401"])
    policy(POLICY.replace("180d", "2d").replace("30d", "2d"))
    Path("firnline.toml").write_text(f'[gates.levels]\nFL403 = "{level}"\n')
    assert check(capsys, "--base", "none") == (code, ["FL403"])


def test_what_is_under_the_floor_is_approved_too(capsys: Captured) -> None:
    policy(POLICY.replace("180d", "2d").replace("30d", "2d"))
    code, codes = check(capsys, "--base", "none")
    assert (code, codes) == (5, ["FL403"])
    main(["check", *TODAY])
    said = " ".join(capsys.readouterr().out.split())
    digest = said.partition("item sha256:")[2][:64]
    entry = {
        "item": f"sha256:{digest}",
        "from": "nothing happens",
        "to": "delete 2d",
        "buckets": ["lab/*/lab-data", "lab/*/lab-more"],
        "codes": "FL403",
        "by": "data",
        "until": "2027-01-31",
    }
    text = json.dumps({"firnline": "approvals/v1", "approvals": [entry]})
    Path("policies/approvals.yaml").write_text(text)
    assert check(capsys, "--base", "none") == (0, [])
    policy(POLICY.replace("180d", "1d").replace("30d", "2d"))
    assert check(capsys, "--base", "none") == (5, ["FL403"])


def test_an_emergency_opens_gates_for_a_while_and_is_always_shown(capsys: Captured) -> None:
    policy(SHORTER)

    def emergency(until: str) -> None:
        entry = {
            "buckets": ["lab/*/lab-data", "lab/*/lab-more"],
            "codes": ["FL401", "FL402"],
            "why": "INC-7",
            "by": "on-call",
            "until": until,
        }
        text = json.dumps({"firnline": "approvals/v1", "emergencies": [entry]})
        Path("policies/approvals.yaml").write_text(text)

    emergency("2026-11-28")
    assert check(capsys) == (0, ["FL419"])
    emergency("2026-11-21")
    assert sorted(check(capsys)[1]) == ["FL401", "FL416"]
    emergency("2027-11-21")
    assert sorted(check(capsys)[1]) == ["FL401", "FL416"]


def test_the_setting_names_the_base(capsys: Captured) -> None:
    Path("firnline.toml").write_text('[review]\nbase = "main"\n')
    policy(SHORTER)
    capsys.readouterr()
    assert main(["check", *TODAY]) == 5
    assert "sooner than on main" in " ".join(capsys.readouterr().out.split())


def test_a_base_that_is_not_here_is_said_to_be_missing(capsys: Captured) -> None:
    assert main(["check", "--base", "git:nowhere"]) == 2
    assert "FL904" in capsys.readouterr().err


def test_a_pull_request_that_takes_the_setting_away_is_compared_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git("checkout", "-q", "main")
    Path("firnline.toml").write_text('[review]\nbase = "origin/main"\n')
    commit()
    git("update-ref", "refs/remotes/origin/main", "main")
    git("checkout", "-q", "change")
    git("rebase", "-q", "main")
    Path("firnline.toml").unlink()
    policy(SHORTER)
    assert main(["check", *TODAY]) == 0  # on the author's own machine
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert main(["check", *TODAY]) == 5
    Path("policies/firnline.toml").write_text('floor = "7d"\n')
    assert main(["check", *TODAY]) == 5
    assert main(["check", *TODAY, "--base", "none"]) == 0
    monkeypatch.setenv("GITHUB_BASE_REF", "another")
    assert main(["check", *TODAY]) == 0
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert main(["check", *TODAY]) == 0  # without git nothing was compared on `main` either


def test_a_folder_of_another_project_is_compared_with_what_it_was_itself(
    capsys: Captured,
) -> None:
    git("checkout", "-q", "main")
    git("mv", "policies", "elsewhere")
    Path("a/policies").mkdir(parents=True)
    Path("a/policies/p.yaml").write_text(POLICY)
    Path("a/firnline.toml").write_text('floor = "3d"\n[gates.levels]\nFL401 = "error"\n')
    Path("policies").mkdir()
    policy(POLICY.replace("lab-", "other-"))
    commit()
    git("checkout", "-q", "-B", "change")
    assert check(capsys, "a/policies") == (0, [])
    Path("a/policies/p.yaml").write_text(SHORTER.replace("30d", "29d"))
    assert check(capsys, "a/policies") == (1, ["FL401", "FL411"])
    Path("a/firnline.toml").unlink()
    assert check(capsys, "a/policies") == (1, ["FL401", "FL411"])
    Path("b/policies").mkdir(parents=True)
    Path("b/policies/p.yaml").write_text(POLICY)
    assert check(capsys, "b/policies") == (5, ["FL415", "FL415"])


def test_of_a_base_with_errors_it_says_where_and_what_to_do(capsys: Captured) -> None:
    git("checkout", "-q", "main")
    policy(POLICY.replace("180d", "180"))
    commit()
    policy(SHORTER)
    assert main(["check", *TODAY, "--base", "git:main"]) == 2
    said = capsys.readouterr().err
    assert "it has errors, such as FL105 at git:main:policies/p.yaml:8:39" in said
    assert main(["check", *TODAY, "--base", "git:main~1"]) == 5
    head = git_says("rev-parse", "main")
    capsys.readouterr()
    assert main(["diff"]) == 1
    said = capsys.readouterr().err
    assert f"nothing was compared: git:{head[:12]} has errors; `firnline diff git:REV`" in said
    assert main(["diff", "git:main~1"]) == 5
