"""A pull request from a fork that forges all it can: the gate stays, and nobody is called for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.cli.formats import FormatName
from firnline.forge.comment_file import read_comment
from tests.cli.test_comment import Caller, comment, github
from tests.cli.test_gates import SHORTER, Captured, commit, git, policy, repository
from tests.forge.fake_github import FORK, FakeGitHub
from tests.hostile.files import PLAIN, quoted
from tests.hostile.files import POLICY as HOSTILE_POLICY
from tests.hostile.judges import require_inert, require_inert_markdown
from tests.hostile.texts import TEXTS
from tests.workflow_commands import commands_in

__all__ = ["comment", "github", "repository"]
OWNERS = "/policies/approvals.yaml @acme/lab\n"
TOML = '[review]\nbase = "origin/main"\n'
LOW = '[gates.levels]\nFL401 = {level = "off", why = "no"}\nFL402 = {level = "off", why = "no"}\n'
HIGH = 'floor = "1d"\n[gates]\nmax_first_run_delete = "100%"\n'
ENTRY = {
    "item": "sha256:" + "0" * 64,
    "from": "delete 180d",
    "to": "delete 18d",
    "buckets": ["lab/*/lab-data", "lab/*/lab-more"],
    "codes": ["FL401", "FL402"],
    "deletes_up_to": "1000TiB",
    "by": "@acme/lab",
    "until": "2099-01-31",
}
APPROVALS = json.dumps({"firnline": "approvals/v1", "approvals": [ENTRY]})
EMERGENCY = {key: ENTRY[key] for key in ("buckets", "codes", "by", "until")} | {"why": "INC-7"}
EMERGENCIES = json.dumps({"firnline": "approvals/v1", "emergencies": [EMERGENCY]})
WAIVED = f"waivers:\n  - {{code: FL401, why: no, expires: 2099-01-31}}\n{SHORTER}"
MARKER = "<!-- firnline:comment v1 key=policies verdict=none head=none mentions=@mallory -->"
HOSTILE = {**TEXTS, "our marker": MARKER, "our marker behind a line end": f"a\n{MARKER}\n@mallory"}
ATTACKS: Mapping[str, Mapping[str, str | None]] = {
    "no base": {"firnline.toml": None},
    "another base": {"firnline.toml": '[review]\nbase = "change"\n'},
    "itself as a base": {"firnline.toml": '[review]\nbase = "HEAD"\n'},
    "gates that are off": {"firnline.toml": TOML + LOW},
    "another limit": {"firnline.toml": f"{HIGH}{TOML}"},
    "settings below": {"policies/firnline.toml": LOW, "firnline.toml": None},
    "an approval that nobody must review": {"firnline.toml": f'{TOML}approvals = "self"\n'},
    "an approval of something else": {"policies/approvals.yaml": APPROVALS},
    "an emergency without end": {"policies/approvals.yaml": EMERGENCIES},
    "code owners of its own": {
        "CODEOWNERS": "* @mallory\n",
        ".github/CODEOWNERS": "* @mallory\n",
        "policies/approvals.yaml": APPROVALS,
    },
    "a baseline": {".firnline-baseline.json": "{}"},
    "a waiver": {"policies/p.yaml": WAIVED},
    "all at once": {
        ".github/CODEOWNERS": "* @mallory\n",
        "CODEOWNERS": None,
        "firnline.toml": f'{HIGH}{LOW}[review]\napprovals = "self"\n',
        "policies/approvals.yaml": APPROVALS,
    },
}


@pytest.fixture(autouse=True)
def fork(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As GitHub Actions checks a pull request out, whose base has a setting and an owner."""
    assert Path("CODEOWNERS").read_text() == OWNERS
    git("checkout", "-q", "main")
    Path("firnline.toml").write_text(TOML)
    commit()
    git("update-ref", "refs/remotes/origin/main", "main")
    git("checkout", "-q", "-B", "change", "main")
    policy(SHORTER)
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert repository == Path.cwd()


def write(files: Mapping[str, str | None]) -> None:
    for name, text in files.items():
        path = Path(name)
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    commit()


@pytest.mark.parametrize("name", ATTACKS)
def test_no_file_of_the_fork_opens_a_gate(name: str, capsys: Captured) -> None:
    write(ATTACKS[name])
    for command in (["check"], ["diff"], ["check", "--base", "git:origin/main"]):
        assert main(command) in (1, 2, 5), capsys.readouterr().out


@pytest.mark.parametrize("name", ["all at once", "code owners of its own"])
def test_where_the_base_has_no_owner_the_fork_brings_none(name: str, capsys: Captured) -> None:
    git("checkout", "-q", "main")
    git("rm", "-q", "CODEOWNERS")
    git("commit", "-q", "-m", "x", "CODEOWNERS")
    git("update-ref", "refs/remotes/origin/main", "main")
    git("checkout", "-q", "-B", "change", "main")
    policy(SHORTER)
    write({**ATTACKS[name], "CODEOWNERS": "* @mallory\n", "policies/approvals.yaml": right()})
    assert main(["check", "--out", "concise"]) == 1
    assert "FL417" in capsys.readouterr().out


def right() -> str:
    """An approval of the very item, as anybody can write it."""
    main(["approve", "--by", "mallory", "--deletes-up-to", "1TiB"])
    path = Path("policies/approvals.yaml")
    text = path.read_text()
    path.unlink()
    return text


def test_an_entry_of_the_very_item_is_shown_with_who_must_review_it(capsys: Captured) -> None:
    write({"policies/approvals.yaml": right(), ".github/CODEOWNERS": "* @mallory\n"})
    capsys.readouterr()
    assert main(["check"]) == 0  # what guards the merge is the review of the file's owner
    capsys.readouterr()
    assert main(["diff", "--out", "markdown"]) == 0
    said = capsys.readouterr().out
    assert "@mallory" not in said
    assert "counts once those who own the file have reviewed it" in said


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_its_review_and_its_annotations_do_nothing_that_it_says(
    text: str, comment: Caller, github: FakeGitHub, capsys: Captured
) -> None:
    deletes(text, "30d")
    git("update-ref", "refs/remotes/origin/main", "change")
    deletes(text, "20d")
    assert main(["check", "--out", "github", "--out", "sarif:alerts.sarif"]) in (1, 5)
    require_inert(FormatName.GITHUB, capsys.readouterr().out)
    require_inert(FormatName.SARIF, Path("alerts.sarif").read_text())
    if main(["diff", "--out", "markdown:review.md"]) == 1:  # odd characters are errors
        assert not Path("review.md").exists()
        return
    review = Path("review.md").read_text()
    assert commands_in(review) == []
    assert read_comment(review).marker.mentions == ("@acme/lab",)
    github.from_repository = FORK
    comment.of_workflow_run()
    assert comment(re.sub("head=[0-9a-f]{40}", "head=none", review, count=1)) == 0
    (posted,) = github.shown()
    require_inert_markdown(posted)
    assert len(re.findall("firnline:comment", posted.partition("\n")[0])) == 1


def deletes(text: str, after: str) -> None:
    values = {**PLAIN, "unknown": "delete_markers", "prefix": quoted(text[:200])}
    written = HOSTILE_POLICY.format_map({**values, "why": quoted(text), "reason": quoted(text)})
    written = written.replace("delete_markers: 1", "old_versions: {delete_after: 7d}")
    policy(written.replace("30d", after))
    commit()
