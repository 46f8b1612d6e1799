"""What is printed for people fits the screen, and no word is broken for it."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from firnline.catalog import catalog
from firnline.cli import COMMANDS, main
from firnline.diagnostics.visible import width
from firnline.diagnostics.wrapping import wrapped
from tests.policies import whole

POLICY = """\
versioning: enabled
retain:
  models:
    prefix: models/of-the-search-team/that-rank-results-of-queries/
    warm_after: 30d
    archive_after: 90d
    delete_after: 365d
    old_versions: {delete_after: 30d}
  tmp:
    prefix: [tmp/, scratch/]
    tags: {stage: experiment}
    delete_after: 14d
    old_versions: {delete_after: 7d}
"""
LISTING = "key,size,last_modified\n" + "".join(
    f"{key},{size},2026-0{month}-01T00:00:00Z\n"
    for month, key, size in (
        (1, "models/of-the-search-team/that-rank-results-of-queries/2026/1.pt", 123456789),
        (5, "models/of-the-search-team/that-rank-results-of-queries/2026/2.pt", 987654321),
        (6, "tmp/x", 10),
    )
)
ANSWERS = [
    ["--help"],
    *([command, "--help"] for command in COMMANDS),
    ["compile"],
    ["diff", "before", "policies"],
    ["explain", "s3://lab-data/models/of-the-search-team/that-rank-results-of-queries/x"],
    ["check", "wrong"],
    ["simulate", "listing.csv", "--bucket", "lab-data", "--until", "2035-01-01"],
    ["simulate", "listing.csv", "--bucket", "lab-data", "--at", "2035-01-01"],
    *(["explain", kind.code] for kind in catalog()),
]


def fill(folder: Path) -> None:
    texts = {
        "policies/lab.yaml": whole(POLICY),
        "before/lab.yaml": whole(POLICY.replace("365d", "400d").replace("14d", "20d")),
        "listing.csv": LISTING,
        "wrong/lab.yaml": whole(
            POLICY.replace("scratch/]", f"{'scratch/of/a/team/' * 9}, /scratch/]")
        ),
    }
    for path, text in texts.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(
    words: list[str],
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    with contextlib.suppress(SystemExit):
        main(words)
    return capsys.readouterr().out


def too_long(text: str, columns: int) -> list[str]:
    """Lines that are longer than the screen although no word of them is."""
    return [
        line
        for line in text.splitlines()
        if width(line) > columns and max(map(width, line.split())) < columns - 24
    ]


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.usefixtures("folder")
def test_answers_fit_the_screen(
    words: list[str],
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = printed(words, columns, monkeypatch, capsys)
    assert text, capsys.readouterr().err
    assert too_long(text, columns) == []


@pytest.mark.parametrize("words", ANSWERS[: len(COMMANDS) + 4], ids=" ".join)
@pytest.mark.usefixtures("folder")
def test_a_narrow_screen_shows_the_words_of_a_wide_one(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    narrow, wide = (
        re.findall(r"\w[\w./:{}`'=-]*", printed(words, each, monkeypatch, capsys))
        for each in (70, 200)
    )
    assert narrow == wide


def test_no_size_is_cut_on_a_narrow_screen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["simulate", "listing.csv", "--bucket", "lab-data", "--until", "2035-01-01"]
    narrow, wide = (
        re.findall(r"\d[\d.]*[KMG]?i?B\b", printed(words, each, monkeypatch, capsys))
        for each in (60, 200)
    )
    assert len(narrow) > 5
    assert narrow == wide
    assert folder.exists()


def on_a_terminal(folder: Path, columns: int, *words: str) -> str:
    """What stands on a terminal of so many columns."""
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (40, columns))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    running = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    shown = b""
    try:
        while part := os.read(here, 4096):
            shown += part
    except OSError:  # Linux says EIO once nobody has the other end
        pass
    running.wait(timeout=60)
    os.close(here)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r", "")


MESSAGES = [
    ["check"],
    ["check", "nowhere"],
    ["check", "wrong"],
    ["check", "--verzioning", "on"],
    ["chek", "x" * 200],
    ["compile"],
    ["compile", "--proof"],
    [
        "diff",
        "before",
        "policies",
        "--bucket",
        "a-bucket-that-neither-of-the-two-has",
    ],
    ["diff", "live", "policies"],
    ["explain"],
    ["explain", "no-such-diagnostic-as-this-one-which-has-a-name-of-more-than-forty-letters"],
    ["init", "--diff", "--yes"],
    ["show"],
    [
        "simulate",
        "--bucket",
        "a-bucket-of-a-team-that-has-no-policy-at-all",
        "--key",
        "x",
    ],
]
ONE_AFTER_ANOTHER = """
import json, sys
from firnline.program import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["firnline", *words]
    try:
        main()
    except SystemExit:
        pass
    sys.stdout.flush()
    print("\\x1e", file=sys.stderr, flush=True)
"""


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of one process: half a second of each command would be its imports."""
    folder = tmp_path_factory.mktemp("messages")
    fill(folder)
    said = on_a_terminal(folder, 80, "-c", ONE_AFTER_ANOTHER, json.dumps(MESSAGES))
    *shown, _ = said.split("\x1e\n")
    return dict(zip(map(" ".join, MESSAGES), shown, strict=True))


@pytest.mark.parametrize("words", MESSAGES, ids=" ".join)
def test_messages_fit_the_terminal_too(words: list[str], messages: dict[str, str]) -> None:
    shown = messages[" ".join(words)]
    assert shown
    assert "Traceback" not in shown
    assert [line for line in too_long(shown, 80) if not line.startswith(("+", "@"))] == []


def test_off_a_terminal_a_message_is_one_line(folder: Path) -> None:
    words = [sys.executable, "-m", "firnline", "show"]
    ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert len(ran.stderr.splitlines()) == 1


def test_what_stands_between_backticks_stays_together() -> None:
    text = "to see what it does, run `firnline check --fix` before"
    assert wrapped(text, 40) == ["to see what it does, run", "`firnline check --fix` before"]


def test_more_between_backticks_than_a_line_has_is_broken_between_words() -> None:
    text = "run `firnline check --select FL301 --fail-on warning`"
    lines = ["run `firnline check", "--select FL301 --fail-on", "warning`"]
    assert wrapped(text, 25) == lines


def test_lines_of_a_paragraph_can_hang() -> None:
    assert wrapped("  one two three", 9, hanging=2) == ["  one two", "    three"]


def test_a_mark_stays_below_its_text_where_a_long_line_is_cut(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(["check", "wrong"], 80, monkeypatch, capsys).splitlines()
    marked = next(n for n, line in enumerate(lines) if "^^^^^^^^^" in line and "|" in line)
    at = lines[marked].index("^")
    assert lines[marked - 1][at:].startswith("/scratch/")
    assert folder.exists()
