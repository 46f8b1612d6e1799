"""The workflow of docs/howto-gc.md audits the laboratory, step by step as a runner would."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.pages import blocks
from tests.examples.conftest import Lab

PAGE, FILE = "docs/howto-gc.md", ".github/workflows/audit.yml"
WORKFLOW = next(each.content for each in blocks(PAGE) if each.file == FILE)
_USES = re.compile(r"^ *- uses: (\S+)(.*)$", re.MULTILINE)


def steps() -> list[dict[str, Any]]:
    (job,) = yaml.load(WORKFLOW, yaml.BaseLoader)["jobs"].values()
    return list(job["steps"])


def test_every_action_is_pinned_by_digest_with_its_version_beside_it() -> None:
    uses = _USES.findall(WORKFLOW)
    assert len(uses) == 4
    for action, comment in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


def test_it_may_read_the_repository_and_take_a_role_and_no_more() -> None:
    workflow = yaml.load(WORKFLOW, yaml.BaseLoader)
    assert workflow["permissions"] == {"contents": "read", "id-token": "write"}


@pytest.mark.slow
def test_its_steps_audit_the_laboratory(lab: Lab, tmp_path: Path) -> None:
    shutil.copytree(lab.folder / "policies", tmp_path / "policies")
    shutil.copy(lab.folder / "mlflow.db", tmp_path)
    commands = [each["run"] for each in steps() if "run" in each]
    assert commands.pop(0).startswith("pip install 'firnline[gc,mlflow]")
    for command in commands:
        ran = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=tmp_path,
            env=lab.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    uploaded = next(each for each in steps() if "upload-artifact" in each.get("uses", ""))
    for name in uploaded["with"]["path"].split():
        assert (tmp_path / name).stat().st_size > 0
    audit = json.loads((tmp_path / "audit.json").read_text())
    planted = json.loads((lab.folder / "planted.json").read_text())
    assert audit["buckets"][0]["classes"]["orphan"]["objects"] == len(planted)
