"""`make review`: a branch in a clone, and what is written about it; the checkout is left alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import review
from sandbox.paths import CHECKOUT
from sandbox.review import BRANCH, POLICY, ReviewFailed, commit, git, make_branch
from tests.sarif_rules import require_ingestible


def said(*words: str, folder: Path = CHECKOUT) -> str:
    ran = subprocess.run(
        ["git", *words],
        cwd=folder,
        env=review.own_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def state_of_checkout() -> tuple[str, ...]:
    return said("status", "--porcelain"), said("rev-parse", "HEAD"), said("branch", "--list")


def test_the_branch_has_one_change_and_the_checkout_none(tmp_path: Path) -> None:
    before = state_of_checkout()
    clone = tmp_path / "clone"
    make_branch(clone)
    assert state_of_checkout() == before
    assert said("diff", "--name-only", "main", BRANCH, folder=clone).split() == [POLICY]
    assert said("remote", folder=clone) == ""
    assert "approvals.yaml" in (clone / ".github/CODEOWNERS").read_text()


def test_a_policy_that_is_not_as_it_was_is_no_internal_error(tmp_path: Path) -> None:
    other = tmp_path / "other"
    git("clone", "-q", str(CHECKOUT), str(other), folder=tmp_path)
    path = other / POLICY
    path.write_text(path.read_text().replace("180d", "170d"))
    commit(other, "Keep them for 170 days")
    with pytest.raises(ReviewFailed, match="delete_after: 180d' 0 times"):
        make_branch(tmp_path / "clone", other)


def test_the_comment_is_shown_as_github_does() -> None:
    pytest.importorskip("cmarkgfm", reason="`make test-tools` installs cmarkgfm")
    from sandbox.comment_page import comment_page

    page = comment_page("> [!CAUTION]\n> **Deletes** 1TiB.\n\n| a | b |\n|--|--:|\n| c | d |\n")
    assert '<div class="alert caution"><p class="title">Caution</p>' in page
    assert "[!CAUTION]" not in page
    assert "<table>" in page
    assert "default-src 'none'" in page
    assert re.findall("https?:", page) == []


@pytest.mark.slow
def test_it_says_what_it_wrote_and_leaves_nothing_else(tmp_path: Path) -> None:
    before = state_of_checkout()
    left = {"TMPDIR": str(tmp_path), "DISPLAY": "", "WAYLAND_DISPLAY": "", "GITHUB_BASE_REF": "x"}
    ran = subprocess.run(
        [sys.executable, "-m", "sandbox.review"],
        cwd=CHECKOUT,
        env=os.environ | left,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert state_of_checkout() == before
    (out,) = tmp_path.glob("firnline-*")
    paths = {Path(word) for word in ran.stdout.split() if word.startswith(f"{out}/")}
    assert paths == set(out.iterdir())
    assert "Nothing was opened" in ran.stdout
    comment = (out / "comment.html").read_text()
    assert str(tmp_path) not in comment
    assert re.search(r"<strong>Deletes [\d.]+TiB that <code>main</code> keeps", comment)
    assert "@acme/data-owners" in comment
    assert "no inventory" not in comment
    require_ingestible(json.loads((out / "review.sarif.json").read_text()))
    assert "FL402" in (out / "review.html").read_text()
    shutil.rmtree(out)
