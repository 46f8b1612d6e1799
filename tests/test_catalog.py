"""Every kind of diagnostic: its examples do what they claim, and its texts read well."""

from __future__ import annotations

import json
import re
from operator import attrgetter
from pathlib import Path

import pytest

import firnline
from firnline.catalog import catalog
from firnline.diagnostics.json import to_json
from firnline.diagnostics.kinds import Kind
from firnline.diagnostics.text import to_text
from firnline.examples import found_beside, found_between
from firnline.inventory.checks.stored_examples import STORED
from firnline.language.checks.lock_examples import DIGEST, FLEET, policy_file
from firnline.language.digest import lock_digest
from firnline.reach.doomed.examples import references_of
from firnline.rules.gates.examples import snapshots_of
from tests.policies import codes, compiled

# These need something live, or that something be fixed, or another command: their modules' tests
# report them.
LIVE = (
    {
        "FL008",
        "FL414",
        "FL416",
        "FL417",
        "FL418",
        "FL419",
        "FL501",
        "FL503",
        "FL504",
        "FL508",
        "FL505",
        "FL904",
        "FL905",
        "FL706",
        "FL710",
        "FL711",
        "FL713",
        "FL715",
        "FL714",
    }
    | {
        "FL721",
        "FL722",
        "FL724",
        "FL725",
        "FL726",
        "FL728",
        "FL729",
        "FL730",
    }
    | {f"FL{code}" for code in range(731, 747)}
)
# These compare policies with a file of references.
BESIDE = [kind for kind in catalog() if references_of(kind.wrong)]
LIVE |= {kind.code for kind in BESIDE}
# These compare with what is stored.
LIVE |= {kind.code for kind in STORED}
# These compare with what was there before.
GATES = [kind for kind in catalog() if snapshots_of(kind.wrong)]
LIVE |= {kind.code for kind in GATES}
KINDS = [kind for kind in catalog() if kind.code not in LIVE]


@pytest.mark.parametrize("kind", KINDS, ids=attrgetter("name"))
def test_the_wrong_example_reports_its_own_kind_and_nothing_else(kind: Kind) -> None:
    assert codes(compiled(kind.wrong).diagnostics) == [kind.code]


@pytest.mark.parametrize("kind", KINDS, ids=attrgetter("name"))
def test_the_right_example_reports_nothing_and_compiles(kind: Kind) -> None:
    compilation = compiled(kind.right)
    assert compilation.diagnostics == ()
    assert compilation.buckets or compilation.lifecycle_files


@pytest.mark.parametrize("kind", KINDS, ids=attrgetter("name"))
def test_the_wrong_example_is_drawn_with_its_code_place_and_remedy(kind: Kind) -> None:
    found = compiled(kind.wrong).diagnostics
    drawn = to_text(found)
    assert f"[{kind.code}]: {kind.title}" in drawn
    assert "--> policies/" in drawn
    assert "= help: " in drawn
    assert json.loads(to_json(found))["diagnostics"][0]["code"] == kind.code


@pytest.mark.parametrize("kind", GATES, ids=attrgetter("name"))
def test_the_wrong_example_of_a_gate_opens_it_and_the_right_one_none(kind: Kind) -> None:
    found = found_between(kind, kind.wrong)
    said = {each.kind.code for each in found} | set(re.findall("FL402", to_text(found)))
    assert kind.code in said
    assert said <= {kind.code, "FL402", "FL401"}
    assert found_between(kind, kind.right) == ()


@pytest.mark.parametrize("kind", BESIDE, ids=attrgetter("name"))
def test_the_wrong_example_beside_references_reports_its_own_kind_and_the_right_one_nothing(
    kind: Kind,
) -> None:
    wrong, right = compiled(kind.wrong), compiled(kind.right)
    assert wrong.diagnostics == right.diagnostics == ()
    assert codes(found_beside(kind.wrong, wrong)) == [kind.code]
    assert found_beside(kind.right, right) == ()


@pytest.mark.parametrize("kind", catalog(), ids=attrgetter("name"))
def test_texts_are_lower_case_without_full_stop_and_names_are_kebab_case(kind: Kind) -> None:
    for text in (kind.title, kind.help):
        assert not text.endswith(".")
        assert text[0].islower() or text.startswith(("S3", "YAML"))
    assert not kind.help.endswith("?")
    assert kind.name == kind.name.lower().replace("_", "-").replace(" ", "-")


def test_every_code_that_the_sources_declare_is_in_the_catalog() -> None:
    package = Path(firnline.__path__[0])
    declared = {
        code
        for source in package.rglob("*.py")
        for code in re.findall(r'code="(FL\d{3})"', source.read_text(encoding="utf-8"))
    }
    assert {kind.code for kind in catalog()} == declared


def test_codes_and_names_are_used_once() -> None:
    kinds = catalog()
    assert len({kind.code for kind in kinds}) == len({kind.name for kind in kinds}) == len(kinds)


def test_the_digest_in_the_examples_is_the_one_of_their_files() -> None:
    folder = compiled({"fleet.yaml": FLEET, "policy.yaml": policy_file()}).folder
    assert folder.fleet is not None
    assert lock_digest(folder.fleet, folder.policies) == DIGEST
