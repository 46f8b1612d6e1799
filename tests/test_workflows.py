"""The workflows of this repository, and the one that `init` writes, give nobody more than they
need.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from firnline.cli import main
from sandbox.paths import CHECKOUT
from tests.install import tools

FOLDER = CHECKOUT / ".github/workflows"
STARTER = CHECKOUT / "compiler/firnline/cli/starter_files/workflow.yml"
WORKFLOWS = (*sorted(FOLDER.glob("*.yml")), STARTER)
_USES = re.compile(r"^ *- uses: (\S+)(.*)$", re.MULTILINE)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_digest_with_its_version_beside_it(workflow: Path) -> None:
    uses = _USES.findall(workflow.read_text(encoding="utf-8"))
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


@pytest.mark.slow
def test_zizmor_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "data & more").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(["-C", "data & more", "init"]) == 0
    written = tmp_path / ".github/workflows"
    ran = subprocess.run(
        [str(tools() / "zizmor"), "--offline", "--no-progress", str(FOLDER), str(written)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "No findings to report" in ran.stdout
    assert ran.stdout.count("completed ") == len(WORKFLOWS) + 1
