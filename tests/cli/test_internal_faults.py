"""A compiler with a fault stops: it says that the fault is ours, and writes no rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.running import Clone, cloned
from tests.planted import Fault, planted

ENDS = "        expires=ends,\n"
A_DAY_EARLY = Fault("rules/lower.py", ENDS, "        expires=ends and Days(ends - 1),\n")
AT_ONCE = Fault("rules/lower.py", ENDS, "        expires=ends and Days(0),\n")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    with cloned(tmp_path_factory.mktemp("copy")) as clone:
        yield clone


def stopped(copy: Clone, fault: Fault) -> str:
    """What `compile` says with the fault."""
    with planted(fault, copy):
        compiling = "TMPDIR=. firnline compile --out s3-json:wrong >printed"
        said = copy.run(f"{compiling}; echo exit code $?")
    assert said.endswith("exit code 255\n")
    assert "internal error (FL901). Nothing was changed." in said
    assert not (copy.folder / "wrong").exists()
    assert (copy.folder / "printed").read_text(encoding="utf-8") == ""
    return said


def test_rules_that_do_not_do_what_is_required_are_told_with_a_witness(copy: Clone) -> None:
    said = stopped(copy, A_DAY_EARLY)
    required = re.search(r"required: .* at (\d+)d", said)
    done = re.search(r"the rules: .* at (\d+)d", said)
    assert required is not None
    assert done is not None
    assert int(done[1]) == int(required[1]) - 1


def test_rules_that_s3_would_refuse_are_saved_as_a_case(copy: Clone) -> None:
    said = stopped(copy, AT_ONCE)
    saved = re.search(r"saved in (\S+): please send it along", said)
    assert saved is not None
    case = json.loads(Path(saved[1]).read_text(encoding="utf-8"))
    assert {"Days": 0} in [rule.get("Expiration") for rule in case["config"]["Rules"]]
    assert re.match(r"Rules\[\d+\].Expiration.Days: InvalidArgument", case["rejected"][0])


def test_without_a_fault_the_same_command_writes_rules(copy: Clone) -> None:
    assert copy.run("firnline compile --out s3-json:right; echo exit code $?") == "exit code 0\n"
    assert (copy.folder / "right").exists()
