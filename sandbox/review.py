"""`make review`: what those see who review a change from 180 to 18 days.

In a folder that is removed: a clone of this checkout, and a sandbox. What `firnline` writes about
the change stays in another one, to be looked at.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox import emulator_process, inventory
from sandbox.comment_page import comment_page
from sandbox.emulator_process import SandboxError
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.walkthrough import step, stop

POLICY = "policies/ml-artifacts.yaml"
BUCKETS = ("acme-ml-artifacts-use1", "acme-ml-artifacts-euw1", "acme-ml-artifacts-dev-use1")
"""Those of the policy."""
BRANCH = "shorter"
# 60 days after an object was made it is gone by then.
_SHORTER = (("    delete_after: 180d\n", "    delete_after: 18d\n"), ("    cold_after: 60d\n", ""))
_OWNERS = "/policies/approvals.yaml @acme/data-owners\n"
_OWNER_FILES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
IDENTITY = ("-c", "user.name=make review", "-c", "user.email=review@localhost")
_ONLY_GATES = 5
# What git and CI systems say of another repository than the clone.
_OF_ANOTHER = ("GIT_", "GITHUB_", "CI_", "BITBUCKET_")


class ReviewFailed(Exception):
    """The text is what the command said."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be looked at."""

    markdown: Path
    comment: Path
    page: Path
    sarif: Path


def make_branch(clone: Path, checkout: Path = CHECKOUT) -> None:
    """Two branches of a clone: `main` as the checkout has it committed, where the approvals have an
    owner, and the change. Raises `ReviewFailed`.
    """
    copied = ("--no-hardlinks", "--single-branch", str(checkout), str(clone))
    git("clone", "-q", *copied, folder=clone.parent)
    git("remote", "remove", "origin", folder=clone)
    git("checkout", "-q", "-B", "main", folder=clone)
    if not any((clone / name).exists() for name in _OWNER_FILES):
        owners = clone / _OWNER_FILES[0]
        owners.parent.mkdir(exist_ok=True)
        owners.write_text(_OWNERS, encoding="utf-8")
        commit(clone, "Give the approvals an owner")
    git("checkout", "-q", "-b", BRANCH, folder=clone)
    policy = clone / POLICY
    text = policy.read_text(encoding="utf-8")
    for old, new in _SHORTER:
        if text.count(old) != 1:
            raise ReviewFailed(f"{POLICY} has the line {old.strip()!r} {text.count(old)} times")
        text = text.replace(old, new)
    policy.write_text(text, encoding="utf-8")
    commit(clone, "Delete checkpoints after 18 days")


def write_review(clone: Path, manifests: Sequence[Path], out: Path) -> Written:
    """Raises `ReviewFailed`."""
    written = Written(
        out / "comment.md", out / "comment.html", out / "review.html", out / "review.sarif.json"
    )
    # Below the clone's own folder, so that no report names a folder of this machine.
    shown = clone / "inventories"
    above = os.path.commonpath(manifests)
    shown.symlink_to(above, target_is_directory=True)
    named = [f"{shown.name}/{path.relative_to(above)}" for path in manifests]
    stored = [word for path in named for word in ("--inventory", path)]
    formats = [f"markdown:{written.markdown}", f"html:{written.page}"]
    _firnline(clone, "diff", *stored, "--samples", "3", *_out(*formats))
    _firnline(clone, "check", "--base", "git:main", *stored, *_out(f"sarif:{written.sarif}"))
    markdown = written.markdown.read_text(encoding="utf-8")
    written.comment.write_text(comment_page(markdown), encoding="utf-8")
    return written


@contextmanager
def inventories(root: Path) -> Iterator[list[Path]]:
    """Of the buckets of the policy, in a sandbox that ends with the context."""
    paths = SandboxPaths(root)
    state = emulator_process.up(paths).state
    try:
        yield [each.path for each in inventory.newest(state, paths) if each.bucket in BUCKETS]
    finally:
        emulator_process.down(paths)


def git(*words: str, folder: Path) -> None:
    _run(["git", *words], folder)


def commit(clone: Path, message: str) -> None:
    git("add", "--all", folder=clone)
    git(*IDENTITY, "-c", "commit.gpgsign=false", "commit", "-q", "-m", message, folder=clone)


def own_environment() -> dict[str, str]:
    """Without what is said of another repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OF_ANOTHER)}


def _out(*formats: str) -> list[str]:
    return [word for each in formats for word in ("--out", each)]


def _firnline(clone: Path, *words: str) -> None:
    """The gates are open, which is what there is to see."""
    _run([sys.executable, "-m", "firnline", *words], clone, (0, _ONLY_GATES))


def _run(command: Sequence[str], folder: Path, expected: Sequence[int] = (0,)) -> None:
    ran = subprocess.run(
        command, cwd=folder, env=own_environment(), capture_output=True, text=True, check=False
    )
    if ran.returncode not in expected:
        said = ran.stderr.strip() or ran.stdout.strip()
        raise ReviewFailed(f"`{' '.join(command)}` ended with {ran.returncode}:\n{said}")


def _show(written: Written) -> None:
    print("\nWhat the pull request shows, of which nothing is published:\n")
    print(f"  the comment, as GitHub shows it  {written.comment}")
    print(f"  its Markdown                     {written.markdown}")
    print(f"  the page for those without it    {written.page}")
    print(f"  the alerts of code scanning      {written.sarif}\n")
    looked_at = (written.comment, written.page, written.sarif)
    if not _has_display():
        print("Nothing was opened, as there is no display: open the files in a browser.")
    elif _opened(looked_at):
        print("They are opened in the browser.")
    else:
        print("There is no browser to open them: look at the files.")
    print(f"This checkout is as it was; `rm -r {written.comment.parent}` removes what is left.")


def _opened(paths: Sequence[Path]) -> bool:
    opened = [webbrowser.open(path.as_uri()) for path in paths]
    return all(opened)


def _has_display() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> None:
    if not shutil.which("git"):
        stop("git is needed and not on the PATH")
    out = Path(tempfile.mkdtemp(prefix="firnline-review-"))
    with tempfile.TemporaryDirectory(prefix="firnline-clone-") as scratch:
        clone = Path(scratch) / "clone"
        with step("a branch in a clone: checkpoints go after 18 days instead of 180"):
            make_branch(clone)
        what = "a sandbox, its inventories, and what firnline says of the branch with them"
        with step(what), inventories(Path(scratch)) as manifests:
            written = write_review(clone, manifests, out)
    _show(written)


if __name__ == "__main__":
    try:
        main()
    except (ReviewFailed, SandboxError) as error:
        stop(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
