"""Whatever Terraform or Pulumi wraps a configuration in, what is found is that of what is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firnline.s3.shape import Json
from tests.lint.lifecycle_files import SMALL_MOVES, lifecycle_file
from tests.lint.sources import wrapped_terraform as wrapped
from tests.lint.sources.terraform_files import FRAMEWORK, SDK
from tests.lint.sources.test_same_findings import found_in

OLD_MOVES = "NoncurrentVersionTransitions"
Write = Callable[[Json], Json]


class Zero(Enum):
    """A lower bound of 0 in an And."""

    LEFT_OUT = "before 5.86"
    SENT = "from 5.86 on, as planned"
    ADDED = "from 5.86 on, where a configuration sets none"


BEFORE: Json = {"schema_version": SDK}
SINCE: Json = {"schema_version": FRAMEWORK}
"""5.86 of the provider."""
FORMS: dict[str, tuple[str, Write, Zero]] = {
    "a plan before 5.86": (
        "plan.json",
        partial(wrapped.planned, **BEFORE),
        Zero.LEFT_OUT,
    ),
    "a plan": ("plan.json", partial(wrapped.planned, **SINCE), Zero.SENT),
    "a state before 5.86": (
        "state.json",
        partial(wrapped.shown, **BEFORE),
        Zero.LEFT_OUT,
    ),
    "a state": ("state.json", partial(wrapped.shown, **SINCE), Zero.SENT),
    "a file before 5.86": (
        "a.tfstate",
        partial(wrapped.state_file, **BEFORE),
        Zero.LEFT_OUT,
    ),
    "a file": ("a.tfstate", partial(wrapped.state_file, **SINCE), Zero.SENT),
    "JSON for 4.x": ("a.tf.json", partial(wrapped.configuration, version="~> 4.0"), Zero.LEFT_OUT),
    "JSON for 6.x": ("a.tf.json", partial(wrapped.configuration, version="~> 6.0"), Zero.ADDED),
    "a stack of pulumi-aws 5": ("stack.json", partial(wrapped.stack, major=5), Zero.LEFT_OUT),
    "a stack of pulumi-aws 7": ("stack.json", partial(wrapped.stack, major=7), Zero.ADDED),
}


def sent(rule: Json, zero: Zero) -> Json:
    """An And always has a prefix, and before 5.86 a filter for the whole bucket has too."""
    if not rule["Filter"] and zero is Zero.LEFT_OUT:
        return {**rule, "Filter": {"Prefix": ""}}
    both = rule["Filter"].get("And")
    if both is None:
        return rule
    bound = both.get("ObjectSizeGreaterThan", 0 if zero is Zero.ADDED else None)
    kept = bound if bound or zero is not Zero.LEFT_OUT else None
    own = {name: value for name, value in both.items() if name != "ObjectSizeGreaterThan"}
    lower: dict[str, Any] = {} if kept is None else {"ObjectSizeGreaterThan": kept}
    return {**rule, "Filter": {"And": {"Prefix": "", **lower, **own}}}


@pytest.mark.parametrize(("path", "write", "zero"), FORMS.values(), ids=FORMS)
@settings(max_examples=50)
@given(number=st.integers(0, 2**32))
def test_what_is_found_is_that_of_the_rules_that_the_provider_sends(
    path: str, write: Write, zero: Zero, number: int
) -> None:
    file = lifecycle_file(number)
    header = {"TransitionDefaultMinimumObjectSize": SMALL_MOVES} if file.small_objects_move else {}
    bare = {**header, "Rules": [sent(rule, zero) for rule in file.rules]}
    text = json.dumps(write({**header, "Rules": list(file.rules)}))
    assert found_in(text, path, file) == found_in(json.dumps(bare), "rules.json", file)


def inline(rule: Json) -> Json | None:
    """What a `lifecycle_rule` block can say, as it is sent; it has neither sizes nor counts."""
    inside = rule["Filter"].get("And", rule["Filter"])
    tags = inside.get("Tags", [inside["Tag"]] if "Tag" in inside else [])
    old = (rule.get("NoncurrentVersionExpiration", {}), *rule.get(OLD_MOVES, ()))
    if any(name.startswith("ObjectSize") for name in inside) or any(
        "NewerNoncurrentVersions" in each for each in old
    ):
        return None
    prefix = {"Prefix": inside.get("Prefix", "")}
    return {**rule, "Filter": {"And": {**prefix, "Tags": tags}} if tags else prefix}


@given(number=st.integers(0, 2**32))
def test_inline_blocks_have_the_findings_of_the_rules_that_are_sent(number: int) -> None:
    file = lifecycle_file(number)
    rules = [each for each in map(inline, file.rules) if each is not None]
    assume(rules)
    text = json.dumps(wrapped.inline({"Rules": rules}))
    bare = json.dumps({"Rules": rules})
    assert found_in(text, "plan.json", file) == found_in(bare, "rules.json", file)
