"""Which Python a program runs with."""

import sys
from pathlib import Path

import pytest

from sandbox.engine import pythons


def test_a_virtualenv_is_relative_to_the_folder_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    found = pythons.interpreter(str(tmp_path), {"virtualenv": "venv"})
    assert found == str(tmp_path / "venv" / "bin" / "python")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"virtualenv": "nowhere"}, "doesn't appear to be a virtual environment"),
        ({"virtualenv": 3.0}, "must be a string"),
        ({"toolchain": "poetry"}, "not `poetry`"),
    ],
)
def test_an_option_that_cannot_be_honoured_is_refused(
    tmp_path: Path, options: dict[str, object], complaint: str
) -> None:
    with pytest.raises(pythons.UnusableOption, match=complaint):
        pythons.interpreter(str(tmp_path), options)


def test_the_installed_provider_packages_are_found() -> None:
    assert "aws" in [package.name for package in pythons.pulumi_packages(sys.executable)]


def test_the_direct_dependencies_are_fewer_than_all() -> None:
    everything = pythons.installed(sys.executable, transitive=True)
    assert 0 < len(pythons.installed(sys.executable, transitive=False)) < len(everything)
