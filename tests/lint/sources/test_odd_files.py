"""Plans and stacks in which anything may stand anywhere are told of, and nothing raises."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.lint.check import check_lifecycle_file
from tests.lint.lifecycle_files import lifecycle_file
from tests.lint.sources import wrapped_terraform as wrapped
from tests.lint.sources.terraform_files import FRAMEWORK, LIFECYCLE, change, resource

ODD: list[Any] = [None, True, 0, -1, 1.5, "", "x", "${x}", [], [None], [[]], {}, {"a": 1}, ["x"]]
REFERENCES = {"references": ["aws_s3_bucket.lake.id", "var.x", "module.m.y", "each.value.id"]}
BUCKET = "aws_s3_bucket.lake"


def a_plan(shape: Any) -> Any:
    """With all that a plan may have."""
    document = wrapped.planned(shape, FRAMEWORK)
    document["planned_values"]["root_module"]["resources"] += [
        resource(BUCKET, 0, lifecycle_rule=[{"enabled": True}], versioning=[{"enabled": True}]),
        resource("aws_s3_bucket_versioning.x", 0, versioning_configuration=[{"status": "Enabled"}]),
        resource("awscc_s3_bucket.x", 0, lifecycle_configuration={"rules": [{"id": "a"}]}),
    ]
    described = {"address": f"{LIFECYCLE}.logs", "expressions": {"bucket": REFERENCES}}
    called = {"m": {"expressions": {"x": REFERENCES}, "module": {"resources": [described]}}}
    root = {"resources": [described], "module_calls": called, "outputs": {"y": {}}}
    return {
        **document,
        "resource_changes": [
            change(f"{LIFECYCLE}.logs", "delete", before={"bucket": "b"}),
            change(BUCKET, "update", after_unknown={"lifecycle_rule": [{"prefix": True}]}),
        ],
        "configuration": {
            "root_module": root,
            "provider_config": {"aws": {"name": "aws", "version_constraint": "~> 5.0"}},
        },
    }


def a_preview(shape: Any) -> Any:
    (state,) = wrapped.stack(shape, 7)["deployment"]["resources"]
    step = {"op": "create", "urn": state["urn"], "newState": state, "oldState": state}
    return {"config": {}, "steps": [step, {**step, "op": "delete"}]}


FORMS = {
    "a plan": ("plan.json", a_plan),
    "a state file": ("a.tfstate", lambda shape: wrapped.state_file(shape, FRAMEWORK)),
    "a configuration": ("a.tf.json", lambda shape: wrapped.configuration(shape, "~> 6.0")),
    "a preview": ("preview.json", a_preview),
    "a stack": ("stack.json", lambda shape: wrapped.stack(shape, 6)),
}


def spoilt(document: Any, choice: random.Random) -> Any:
    """With something odd in place of one of its values."""
    here = document = copy.deepcopy(document)
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = choice.choice(keys)
        inside = here[key]
        if not isinstance(inside, dict | list) or not inside or choice.random() < 0.15:
            here[key] = copy.deepcopy(choice.choice(ODD))
            return document
        here = inside


@pytest.mark.parametrize(("path", "write"), FORMS.values(), ids=FORMS)
@given(number=st.integers(0, 2**32), faults=st.integers(1, 4))
def test_whatever_stands_in_a_file_nothing_raises(
    path: str, write: Any, number: int, faults: int
) -> None:
    choice = random.Random(number)
    document = write({"Rules": list(lifecycle_file(number).rules)})
    for _ in range(faults):
        document = spoilt(document, choice)
    for each in check_lifecycle_file(json.dumps(document).encode(), path):
        assert each.message
