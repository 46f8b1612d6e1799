"""The first screen of README.md holds for a stranger: what it says to type, in its order, works."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pictures import PICTURES
from sandbox.paths import CHECKOUT
from tests.docs.pages import Block, blocks, section, text_of
from tests.docs.running import cloned
from tests.install import tools

PAGE = "README.md"
FAKES = CHECKOUT / "tests/docs/outside"
FIRST_SCREEN = 20  # lines, of about 110 characters
CHECK = "firnline check -"
A_MINUTE = 60


def test_the_first_screen_is_a_sentence_a_command_and_a_picture_of_what_it_finds() -> None:
    first, install, _ = text_of(PAGE).partition("\n## Install\n")
    assert install
    assert len(first.splitlines()) < FIRST_SCREEN
    picture = next(each for each in PICTURES if each.name == "check-a-bucket")
    sentence, command, shown = re.split(r"\n\n", first)[1:4]
    assert sentence.count(".") == 1
    assert command == f"```sh\n{picture.command}\n```"
    assert f"docs/images/{picture.name}.svg" in shown


def test_then_come_installing_the_two_commands_and_a_policy_of_at_most_twelve_lines() -> None:
    headings = re.findall(r"^## (.+)$", text_of(PAGE), re.MULTILINE)
    assert headings[:3] == ["Install", "Two commands", "A policy"]
    two = section(PAGE, "## Two commands")
    assert re.findall(r"^make (\w+) ", two, re.MULTILINE) == ["up", "review", "test"]
    policy = next(block for block in blocks(PAGE) if block.language == "yaml")
    assert policy.file
    assert len(policy.content.splitlines()) <= 12


@pytest.mark.slow
@pytest.mark.parametrize("way", ["pipx install .", "uv tool install .", "pip install ."])
def test_a_stranger_checks_a_bucket_within_a_minute_of_cloning(way: str, tmp_path: Path) -> None:
    """Following the page: one of its ways to install, then its first command. What else the machine
    does meanwhile does not count.
    """
    folder, home = tmp_path / "clone", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    install = next(line for line in _lines(PAGE) if way in line)
    check = next(line for line in _lines(PAGE) if line.endswith(CHECK))
    places = [FAKES, tools(), Path(sys.base_prefix) / "bin", home / ".local/bin"]
    before = _spent()
    with cloned(folder):
        (folder / ".venv").unlink()
        ran = subprocess.run(
            ["bash", "-ec", f"{install}\n{check}"],
            cwd=folder,
            env={
                **_proxies(),
                "UV_SYSTEM_CERTS": "true",  # as pip and npm: the authorities of this machine
                "HOME": str(home),
                "PATH": os.pathsep.join([*map(str, places), *_system_path()]),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=4 * A_MINUTE,
            check=False,
        )
    assert "error[FL301]" in ran.stdout, ran.stdout
    assert "S3 expires objects here at 180d" in " ".join(ran.stdout.split())
    assert _spent() - before < A_MINUTE


def test_who_has_no_bucket_at_hand_sees_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    folder.mkdir()
    check = next(line for line in _lines(PAGE) if line.endswith(CHECK))
    without = re.findall(r"`(firnline check docs/\S+)`", text_of(PAGE))
    assert len(without) == 1
    with cloned(folder) as clone:
        from_aws = clone.run(check)
        from_file = clone.run(without[0])
    assert "error[FL301]" in from_aws
    name = without[0].split()[-1]
    assert from_file == from_aws.replace("<stdin>", name)


def _spent() -> float:
    """Seconds of CPU time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _lines(page: str) -> list[str]:
    shells: list[Block] = [block for block in blocks(page) if block.language == "sh"]
    return [line for block in shells for line in block.text.splitlines()]


def _system_path() -> list[str]:
    return [each for each in os.environ["PATH"].split(os.pathsep) if ".venv" not in each]


def _proxies() -> dict[str, str]:
    """And where packages come from, on a machine that has them from elsewhere."""
    wanted = ("proxy", "pip_", "ssl_", "requests_ca")
    return {
        name: value for name, value in os.environ.items() if any(w in name.lower() for w in wanted)
    }
