"""An editor knows the language in a project that `firnline init` began, by modeline or settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from firnline.cli import main
from tests.editors.language_server import Editor, Mistake, opened

MISSPELT = "firnline: policy/v1\npolicyy: tmp\n"
UNKNOWN_KEY = Mistake("policyy", "Property policyy is not allowed.")


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("monorepo")
    (top / ".git").mkdir()
    (top / "infra").mkdir()
    with chdir(top / "infra"):
        assert main(["init", "--policies", "retention"]) == 0
    return top


@pytest.fixture
def editor(top: Path, node: Path) -> Iterator[Editor]:
    settings = json.loads((top / ".vscode/settings.json").read_text())
    with opened(top, node, settings["yaml.schemas"]) as editor:
        yield editor


@pytest.mark.parametrize("name", ["starter.yaml", "fleet.yaml", "approvals.yaml"])
def test_what_was_written_has_no_mistake(name: str, top: Path, editor: Editor) -> None:
    path = f"infra/retention/{name}"
    assert editor.mistakes((top / path).read_text(), path) == []


@pytest.mark.parametrize("path", ["mine.yaml", "teams/search/mine.yaml"])
def test_a_policy_without_a_modeline_is_judged_too(path: str, editor: Editor) -> None:
    assert UNKNOWN_KEY in editor.mistakes(MISSPELT, f"infra/retention/{path}")


def test_so_is_the_fleet_file(editor: Editor) -> None:
    mistakes = editor.mistakes("firnline: fleet/v1\npolicyy: x\n", "infra/retention/fleet.yaml")
    assert UNKNOWN_KEY in mistakes


@pytest.mark.parametrize("path", ["infra/retention/fleet.lock.yaml", "charts/values.yaml"])
def test_no_other_file_is_judged(path: str, editor: Editor) -> None:
    assert editor.mistakes(MISSPELT, path) == []
