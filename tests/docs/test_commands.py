"""The commands that the docs show print what the docs show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import Command, pages, steps
from tests.docs.running import Clone, cloned

# A reader would have to start another `make test`, or has an AWS of their own.
NOT_RUN = {
    "make quick",
    "make test",
    "make test-all",
    "make bench",
    "make soak",
    "make engines",
    "make smoke-aws",
    "make smoke-days",
}
LONG = ("docs/adoption.md", "docs/howto-gc.md", "docs/troubleshooting.md")  # they start the sandbox


def with_commands() -> list[str]:
    return [page for page in pages() if any(isinstance(step, Command) for step in steps(page))]


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    folder = tmp_path / "firnline"
    folder.mkdir()
    with cloned(folder) as clone:
        yield clone


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=pytest.mark.slow if page in LONG else ())
        for page in with_commands()
    ],
)
def test_every_command_prints_what_the_page_says(page: str, clone: Clone) -> None:
    for step in steps(page):
        if isinstance(step, Command) and " ".join(step.text.split()[:2]) in NOT_RUN:
            continue
        printed = clone.do(step)
        if isinstance(step, Command):
            assert step.fits(printed), f"{step.place}: $ {step.text}\n{printed}"


def test_the_pages_that_should_have_commands_have_them() -> None:
    assert {"docs/language/README.md", "docs/troubleshooting.md"} <= set(with_commands())
