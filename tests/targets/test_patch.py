"""What git makes of a patch: the file as it is meant to be, from wherever the patch was printed."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from firnline.targets.patch import apply_command, patch

TEXTS = [
    (None, "a: 1\n"),
    ("a: 1\n", "a: 2\n"),
    ("a: 1", "a: 2\n"),
    ("a: 1\n", "a: 2"),
    ("a: x\x0cy\n" * 9, "a: x\x0cy\n" * 8 + "b: \u2028\r\n"),
]


@pytest.mark.parametrize("path", ["policies/a b.yaml", "../policies/a.yaml", "../../a.yaml"])
@pytest.mark.parametrize(("before", "after"), TEXTS)
def test_git_makes_of_a_file_what_it_is_to_be(
    path: str, before: str | None, after: str, tmp_path: Path
) -> None:
    here = tmp_path / "project/deep"
    file = here / path
    for folder in (here, file.parent):
        folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    if before is not None:
        file.write_bytes(before.encode())
    lines = "".join(patch(path, before, after)).encode()
    subprocess.run(shlex.split(apply_command(path)), cwd=here, input=lines, check=True)
    assert file.read_bytes() == after.encode()
