"""What destroys live objects elsewhere is caught here; where a guard is gone, a test sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest

from docs import gc_safety
from firnline.cli import gc, main
from tests.docs.running import Clone, cloned
from tests.planted import planted
from tests.reach.safety.failures import ELSEWHERE, FAILURES, Elsewhere, Failure
from tests.reach.safety.world import World
from tests.test_negative_control import run_tests

ROOT = Path(__file__).resolve().parents[3]
EACH = pytest.mark.parametrize("failure", FAILURES, ids=attrgetter("number"))


@EACH
def test_the_failure_is_caught(failure: Failure, tmp_path: Path) -> None:
    answer = failure.firnline(World(tmp_path, failure.stored))
    assert not answer.orphans & failure.live
    if failure.verdict:
        assert (answer.code, answer.orphans) == (1, frozenset())
        assert "no verdict: " in answer.verdict
        assert failure.verdict in answer.verdict
    else:
        assert answer.code == 0, answer.verdict
        assert (answer.orphans, answer.missing) == (failure.found, failure.missing)


@EACH
def test_the_naive_collector_fails_so(failure: Failure, tmp_path: Path) -> None:
    deleted = failure.naive(World(tmp_path, failure.stored))
    keeps_garbage = bool(failure.found - deleted)
    assert deleted & failure.live or keeps_garbage or failure.missing


@pytest.mark.parametrize("command", gc.SUBCOMMANDS)
def test_no_option_lifts_a_guard(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["gc", command, "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert "--help" in options
    lifting = ("force", "skip", "ignore", "allow", "no-check", "unsafe", "yes")
    assert not [option for option in options if any(word in option for word in lifting)]


def test_the_page_is_what_the_tests_say() -> None:
    assert gc_safety.FILE.read_text(encoding="utf-8") == gc_safety.page(), "run `make docs`"


@pytest.mark.parametrize("failure", ELSEWHERE, ids=attrgetter("number"))
def test_the_tests_that_the_page_names_are_there(failure: Elsewhere) -> None:
    file, _, test = failure.test.partition("::")
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    with cloned(tmp_path_factory.mktemp("copy")) as clone:
        yield clone


@pytest.mark.slow
@EACH
def test_without_its_guard_the_failure_is_seen(failure: Failure, copy: Clone) -> None:
    test = f"{__name__.replace('.', '/')}.py::test_the_failure_is_caught[{failure.number}]"
    with planted(failure.fault, copy):
        ran = run_tests(copy.folder, test)
    assert ran.returncode == 1, ran.stdout
    assert f"FAILED {test}" in ran.stdout
