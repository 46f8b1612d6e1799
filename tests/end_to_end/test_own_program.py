"""The program that the docs show, with Firnline from its wheel: typed, and deployed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.paths import CHECKOUT
from tests.end_to_end import documented_program
from tests.end_to_end.stack import Aws, Project, make_project
from tests.install import EDITOR_TESTS

pytestmark = pytest.mark.slow

WRONG = ('versioning="off"', 'versioning="of"')


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, since setuptools writes into the folder that it builds."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(
        CHECKOUT / "compiler",
        source / "compiler",
        ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"),
    )
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(CHECKOUT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    run(*pip, "wheel", str(source), "--no-deps", "--no-build-isolation", "-w", str(folder))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def infra(aws: Aws, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The documented files, and a virtual environment made as documented, but for dependencies:
    those are the checkout's, as tests have no network."""
    project = make_project(tmp_path_factory.mktemp("own") / "infra", aws)
    venv = project.folder / ".venv"
    venv.unlink()
    run(sys.executable, "-m", "venv", str(venv))
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "PIP_NO_DEPS": "1"}
    path = f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run("bash", "-c", documented_program.install_line(), PATH=path, **settings)
    (packages,) = venv.glob("lib/python3.*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    documented_program.write_into(project.folder)
    (project.folder / "Pulumi.sandbox.yaml").write_text("config:\n  firnline:world: sandbox\n")
    wrong = (project.folder / "__main__.py").read_text().replace(*WRONG)
    (project.folder / "wrong.py").write_text(wrong)
    started = project.pulumi("stack", "init", "sandbox")
    assert started.code == 0, started.text
    aws.fail_no_more()
    yield project
    project.pulumi("destroy", "--yes", "--skip-preview", PULUMI_RUN_PROGRAM=None)


def test_the_wheel_is_what_the_program_imports(infra: Project) -> None:
    imported = infra.run(".venv/bin/python", "-c", "import firnline; print(firnline.__file__)")
    assert imported.text.startswith(str(infra.folder / ".venv")), imported.text


@pytest.mark.timeout(
    1200
)  # half a minute of work, most of it on pulumi_aws; more on a busy machine
def test_mypy_knows_the_types_of_the_program(infra: Project, tmp_path: Path) -> None:
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path)]
    python = ["--python-executable", ".venv/bin/python"]
    ran = subprocess.run(
        [*mypy, *python, "__main__.py", "wrong.py"],
        cwd=infra.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in ran.stdout.splitlines() if ": error: " in line]
    assert [line.partition(":")[0] for line in errors] == ["wrong.py"], ran.stdout + ran.stderr
    assert 'Argument "versioning" to "rules_from"' in errors[0]


def test_pyright_knows_the_types_of_the_program(infra: Project, node: Path) -> None:
    pyright = [str(node), str(EDITOR_TESTS / "node_modules/pyright/index.js")]
    ran = infra.run(*pyright, "--pythonpath", ".venv/bin/python", "__main__.py", "wrong.py")
    errors = [line for line in ran.text.splitlines() if " - error: " in line]
    assert [Path(line.strip().partition(":")[0]).name for line in errors] == ["wrong.py"], ran.text
    assert 'parameter "versioning"' in errors[0]


def test_pulumi_deploys_the_program(infra: Project) -> None:
    up = infra.up()
    assert up.code == 0, up.text
    (configuration,) = (
        each for each in infra.resources() if each["type"].endswith(":BucketLifecycleConfiguration")
    )
    ids = [rule["id"] for rule in configuration["outputs"]["rules"]]
    assert ids == ["firnline/features/features/*", "firnline/features/features/daily"]


def test_pulumi_says_which_argument_is_wrong_where_no_type_checker_ran(infra: Project) -> None:
    right = (infra.folder / "__main__.py").read_text()
    infra.edit("__main__.py", WRONG)
    try:
        refused = infra.pulumi("preview")
    finally:
        (infra.folder / "__main__.py").write_text(right)
    assert refused.code != 0
    assert "`versioning` of `rules_from` is `of`" in refused
    assert "write `enabled`, `suspended` or `off`" in refused
    assert "Traceback" not in refused


def run(*words: str, **variables: str) -> None:
    ran = subprocess.run(
        words,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
