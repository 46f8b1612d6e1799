"""Whatever a file holds, all that Firnline does with it ends with a result: no traceback, no hang.

Here are some hundred inputs of each sort; a slow test tries the first 20,000 of the soak, among
them those that are tried here, and `make soak` a million.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.concise import to_concise
from firnline.diagnostics.json import to_json
from firnline.diagnostics.text import to_text
from firnline.language.check import Known
from firnline.pipeline import check_files
from tests.policies import TODAY, codes, compiled
from tests.soak.inputs import WAYS, Files, files_for, made_by_schemas
from tests.soak.whole_way import go_the_whole_way

CHECKOUT = Path(__file__).parents[1]
INPUTS = 600
MANY_FILES = 2_000
quickly = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


@settings(quickly, max_examples=300)
@given(st.binary(max_size=200))
def test_random_bytes_give_a_result(content: bytes) -> None:
    go_the_whole_way({"policies/p.yaml": content})


@settings(quickly, max_examples=300)
@given(st.text(alphabet=" \n\t:-[]{}*&!'\"|>#%@,?abd01\u202e\x00é", max_size=80))
def test_random_text_with_the_signs_of_yaml_gives_a_result(text: str) -> None:
    go_the_whole_way({"policies/p.yaml": text.encode()})


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, marks=pytest.mark.slow if way is made_by_schemas else ())
        for way in dict.fromkeys(WAYS)
    ],
)
def test_random_yaml_damaged_files_and_made_ones_give_a_result(
    way: Callable[[random.Random], Files],
) -> None:
    @settings(quickly, max_examples=150)
    @given(st.randoms(use_true_random=False))
    def whatever_comes(chance: random.Random) -> None:
        go_the_whole_way(way(chance))

    whatever_comes()


def test_the_first_inputs_of_the_soak_give_a_result() -> None:
    for number in range(INPUTS):
        go_the_whole_way(files_for(number))


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    once = [files_for(number) for number in range(50)]
    assert [files_for(number) for number in range(50)] == once
    assert len({tuple(files.values()) for files in once}) > 40


@pytest.mark.parametrize("way", dict.fromkeys(WAYS))
def test_every_way_makes_files_that_are_right_or_wrong_in_many_ways(
    way: Callable[[random.Random], Files],
) -> None:
    # A quarter of the seeds are lifecycle files, which compile to no bucket.
    made = [check_files(way(random.Random(number)), Known(today=TODAY)) for number in range(400)]
    kinds = {code for each in made for code in codes(each.diagnostics)}
    assert len(kinds) >= 6
    assert way.__name__ == "random_yaml" or sum(bool(each.buckets) for each in made) >= 20


@pytest.mark.parametrize(
    "inputs",
    [60, pytest.param(20_000, marks=[pytest.mark.slow, pytest.mark.timeout(1_200)])],
)
def test_the_soak_counts_its_inputs_and_ends_by_itself(inputs: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.soak", str(inputs)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"{inputs:,} of {inputs:,} inputs, 0 failed" in ran.stdout


@pytest.mark.timeout(120)  # some seconds; what grew with the square took minutes
@pytest.mark.parametrize("delete_after", ["7d", "7 days", "0d"], ids=["right", "shape", "meaning"])
def test_a_folder_of_two_thousand_policies_has_a_bounded_report(delete_after: str) -> None:
    compilation = compiled(
        {
            f"p{number}.yaml": f"policy: p{number}\n"
            f"applies_to: [{{account: lab, buckets: lab-{number}}}]\n"
            f"retain: {{tmp: {{prefix: tmp/, delete_after: {delete_after}}}}}"
            for number in range(MANY_FILES)
        }
    )
    found = compilation.diagnostics
    if delete_after == "7d":
        assert found == ()
        assert len(compilation.buckets) == MANY_FILES
        return
    assert len(found) == MANY_FILES
    assert len(to_text(found)) < 60_000
    assert to_concise(found).count("\n") == MANY_FILES
    assert len(to_json(found)) < 2_000 * MANY_FILES
