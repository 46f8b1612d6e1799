"""What is installed is whole: nothing that Firnline prints refers to a file that stayed behind."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from firnline import __version__
from sandbox.paths import CHECKOUT
from tests.docs.running import cloned

PACKAGE = CHECKOUT / "compiler/firnline"
# A file of this repository, by a path or by a name that only it has; `policies/…` is the reader's.
_OURS = re.compile(
    r"(?<![\w/.])(?:docs|tests|sandbox|compiler)/(?!CODEOWNERS)[\w./*-]*|\b(?:README|CHANGELOG)\.md\b"
)
# Files that `init` writes into the reader's repository may speak of those.
_READERS = re.compile(r"cli/starter_files/")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """Built from what is committed, by the build tools of the environment: without the network."""
    folder, built = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    with cloned(folder):
        words = ["--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q"]
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", *words, "-w", str(built), str(folder)],
            check=True,
        )
    (found,) = built.glob("*.whl")
    with ZipFile(found) as wheel:
        yield wheel


@pytest.fixture(scope="module")
def metadata(wheel: ZipFile) -> Message:
    return Parser().parsestr(wheel.read(_info("METADATA")).decode("utf-8"))


def test_every_file_of_the_package_is_in_the_wheel(wheel: ZipFile) -> None:
    files = (path for path in PACKAGE.rglob("*") if path.is_file())
    ours = {
        f"firnline/{path.relative_to(PACKAGE)}"
        for path in files
        if "__pycache__" not in path.parts and path.name != ".gitignore"
    }
    assert ours <= set(wheel.namelist())
    assert "firnline/py.typed" in ours


def test_nothing_else_is_in_the_wheel(wheel: ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"firnline", f"firnline-{__version__}.dist-info"}


def test_every_file_that_a_message_names_is_in_the_wheel(wheel: ZipFile) -> None:
    missing = [
        f"{place} says {named}"
        for place, text in _said(wheel)
        for named in _OURS.findall(text)
        if f"firnline/{named}" not in wheel.namelist()
    ]
    assert missing == []


def test_the_search_for_such_files_would_find_one() -> None:
    texts = [
        text for _, text in _strings("x.py", 'def f():\n    "docs/a.md"\n    g(f"see docs/b.md")')
    ]
    assert [named for text in texts for named in _OURS.findall(text)] == ["docs/b.md"]


def test_the_metadata_name_the_licence_the_links_and_each_python_that_ci_runs(
    metadata: Message, wheel: ZipFile
) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    licence = wheel.read(_info("licenses/LICENSE")).decode("utf-8")
    assert licence == (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    links = dict(each.split(", ", 1) for each in metadata.get_all("Project-URL", []))
    assert {"Homepage", "Documentation", "Issues", "Changelog"} <= links.keys()
    workflow = (CHECKOUT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    pythons = re.findall(r'"(3\.\d+)"', workflow.partition("matrix:")[2].partition("steps:")[0])
    said = [
        each.rpartition(" :: ")[2]
        for each in metadata.get_all("Classifier", [])
        if re.search(r":: 3\.\d+$", each)
    ]
    assert said == pythons == ["3.11", "3.12", "3.13", "3.14"]


def test_the_version_has_an_entry_in_the_list_of_changes() -> None:
    assert re.search(rf"^## .*{re.escape(__version__)}$", _text("CHANGELOG.md"), re.MULTILINE)


def test_checking_and_compiling_need_light_packages_alone() -> None:
    needed = tomllib.loads(_text("pyproject.toml"))["project"]["dependencies"]
    names = [re.split(r"[^\w-]", each)[0] for each in needed]
    assert names == ["Jinja2", "PyYAML", "jsonschema", "jsonschema-rs", "rich", "shtab"]


def _info(name: str) -> str:
    return f"firnline-{__version__}.dist-info/{name}"


def _text(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def _said(wheel: ZipFile) -> Iterator[tuple[str, str]]:
    """All text that may be printed, or that a schema shows in an editor, each with its place."""
    for name in wheel.namelist():
        if not name.startswith("firnline/") or _READERS.search(name):
            continue
        text = wheel.read(name).decode("utf-8")
        if Path(name).suffix == ".py":
            yield from _strings(name, text)
        else:
            yield name, text


def _strings(name: str, source: str) -> Iterator[tuple[str, str]]:
    """Those of a module that are no docstrings."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield f"{name}:{node.lineno}", str(node.value)
