"""What a command prints gets through: to a screen of any encoding, and to a reader who stops."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import firnline
from firnline.cli.plain_signs import INSTEAD, MOST_CELLS_MORE
from firnline.targets.legend import AFTER, GONE, SIGNS
from tests.policies import whole

POLICY = """\
retain:
  models:
    prefix: models/
    warm_after: 30d
    archive_after: 90d
    delete_after: 365d
    old_versions: {delete_after: 30d}
"""
OF_FILES = [
    ["--help"],
    ["check", "wrong"],
    ["check", "wrong", "--out", "json"],
    ["check", "wrong", "--diff", "--unsafe-fixes"],
    ["compile"],
    ["compile", "--out", "s3-json"],
    ["completion", "bash"],
    ["conformance", "cases.json"],
    ["diff", "before", "policies"],
    ["explain"],
    ["explain", "FL301"],
    ["explain", "s3://lab-data/models/x"],
    ["fmt", "wrong", "--diff"],
    ["init", "--diff"],
    ["schema"],
    ["simulate", "--bucket", "lab-data", "--key", "models/x", "--until", "2035-01-01"],
]
ENCODINGS = ["ascii", "ascii:strict", "cp1252", "cp437:strict", "latin-1", "utf-16"]
every_command = pytest.mark.parametrize("words", OF_FILES, ids=" ".join)


# A process of its own for each command, with the streams as Python begins with them; the imports,
# most of the time that a command takes, are done once for all.
ONE_PROCESS_EACH = """
import json, os, sys
from firnline.cli import whole_parser
from firnline.program import main
whole_parser()
for number, words in enumerate(json.loads(sys.argv[1])):
    child = os.fork()
    if not child:
        for stream in (1, 2):
            os.dup2(os.open(f"{sys.argv[2]}/{number}.{stream}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["firnline", *words]
        sys.exit(main())
    os.write(1, b"%d\\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path)


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For commands that write nothing."""
    return fill(tmp_path_factory.mktemp("read-only"))


Ran = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="module")
def usual(read_only: Path) -> dict[str, Ran]:
    return run_each(read_only, OF_FILES)


@pytest.fixture(scope="module")
def plain(read_only: Path) -> dict[str, Ran]:
    return run_each(read_only, OF_FILES, "ascii:strict")


def fill(folder: Path) -> Path:
    texts = {
        "policies/lab.yaml": whole(POLICY),
        "before/lab.yaml": whole(POLICY.replace("365d", "400d")),
        "wrong/lab.yaml": whole(
            "# Jörg → team\n" + POLICY.replace("models/", '"/modèles/"').replace("30d}", "30d }")
        ),
        "cases.json": json.dumps({"format": "s3-lifecycle-conformance/v1", "cases": []}),
    }
    for path, text in texts.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    return folder


def run_each(folder: Path, commands: Sequence[list[str]], encoding: str = "") -> dict[str, Ran]:
    environment = {"PYTHONIOENCODING": encoding} if encoding else {}
    with TemporaryDirectory() as said:
        codes = subprocess.run(
            [sys.executable, "-c", ONE_PROCESS_EACH, json.dumps(commands), said],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            check=True,
            timeout=120,
        ).stdout.split()
        return {
            " ".join(words): Ran(
                words,
                int(code),
                Path(said, f"{number}.1").read_bytes(),
                Path(said, f"{number}.2").read_bytes(),
            )
            for number, (words, code) in enumerate(zip(commands, codes, strict=True))
        }


def run(folder: Path, *words: str, encoding: str = "", **environment: str) -> Ran:
    if encoding:
        environment["PYTHONIOENCODING"] = encoding
    return subprocess.run(
        [sys.executable, "-m", "firnline", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def whatever_is_printed(ran: Ran) -> bytes:
    assert b"Traceback" not in ran.stderr
    assert b"internal error" not in ran.stderr
    return ran.stdout


@every_command
def test_a_screen_without_unicode_gets_ascii(
    words: list[str], plain: dict[str, Ran], usual: dict[str, Ran]
) -> None:
    ran = plain[" ".join(words)]
    assert ran.returncode == usual[" ".join(words)].returncode
    assert whatever_is_printed(ran)
    if "--diff" not in words:  # a patch has the bytes of its files
        assert ran.stdout.isascii()
        assert ran.stderr.isascii()
        assert b"\\u2" not in ran.stdout, "a sign of ours has no replacement"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_of_stdout_ends_a_command(encoding: str, read_only: Path) -> None:
    commands = (["compile"], ["check", "wrong"], OF_FILES[-1])
    for ran in run_each(read_only, commands, encoding).values():
        text = whatever_is_printed(ran).decode(encoding.partition(":")[0])
        assert "models" in text or "mod" in text


def test_a_patch_has_the_bytes_of_the_files_on_every_screen(folder: Path) -> None:
    patches = {
        run(folder, "check", "wrong", "--diff", "--unsafe-fixes", encoding=each).stdout
        for each in ("utf-8", "ascii", "cp1252")
    }
    (patch,) = patches
    assert "modèles".encode() in patch


def test_what_a_screen_has_is_not_replaced(folder: Path) -> None:
    assert " · " in run(folder, "compile", encoding="cp1252").stdout.decode("cp1252")
    assert " . " in run(folder, "compile", encoding="ascii").stdout.decode("ascii")


def test_every_sign_that_is_printed_has_a_replacement() -> None:
    assert set(_signs_in_the_package()) <= set(INSTEAD)


def test_no_two_signs_of_a_drawing_are_replaced_by_the_same() -> None:
    drawn = [*SIGNS.values(), GONE, AFTER]
    plain = [INSTEAD.get(sign, sign) for sign in drawn]
    assert len(set(plain)) == len(set(drawn))
    assert {len(each) for each in plain} == {1}


@every_command
def test_a_reader_that_stops_changes_nothing_but_what_it_reads(
    words: list[str], read_only: Path, usual: dict[str, Ran]
) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "firnline", *words],
        cwd=read_only,
        env=os.environ,  # else `readline`, where it is imported, adds COLUMNS
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.close()
    _, said = running.communicate(timeout=60)
    read = usual[" ".join(words)]
    assert (running.returncode, said.decode()) == (read.returncode, read.stderr.decode())


def test_files_are_written_though_nobody_reads_their_list(folder: Path) -> None:
    command = f"{sys.executable} -m firnline init 2>&1 | true"
    subprocess.run(["bash", "-c", command], cwd=folder, check=True)
    assert (folder / ".pre-commit-config.yaml").exists()


def test_without_stderr_stdout_has_no_messages(folder: Path) -> None:
    command = f"{sys.executable} -m firnline compile --out s3-json 2>&-"
    ran = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=True)
    assert list(json.loads(ran.stdout)) == ["lab/*/lab-data"]


def test_a_replaced_sign_makes_no_line_longer_than_the_screen() -> None:
    assert max(len(each) - 1 for each in INSTEAD.values()) * 3 <= MOST_CELLS_MORE


def _signs_in_the_package() -> Iterator[str]:
    """In texts of ours, apart from docstrings, from what only compares characters, and examples;
    and from zero-width spaces, which no screen is shown.
    """
    folder = Path(firnline.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name in ("visible.py", "members.py", "syntax.py", "junit_xml.py"):
            continue
        tree = ast.parse(path.read_text())
        said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
                yield from (
                    each
                    for each in node.value
                    if each > "\u00a0" and each not in "\ufeff\ufffd\u200b"
                )
