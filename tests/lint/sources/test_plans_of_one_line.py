"""`terraform show -json` prints one line: findings name the resource and the value in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli.schema import printed
from firnline.diagnostics.concise import to_concise
from firnline.diagnostics.json import to_json
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.text import draw
from firnline.lint.check import check_lifecycle_file
from tests.lint.sources.terraform_files import (
    change,
    expiration,
    filter_block,
    lifecycle,
    plan,
    rule,
)

ADDRESS = 'module.store["a"].aws_s3_bucket_lifecycle_configuration.this[0]'
EARLY = rule(
    filter=filter_block(prefix="logs/"),
    expiration=expiration(days=30),
    transition=[
        {"date": None, "days": 0, "storage_class": "GLACIER_IR"},
        {"date": None, "days": 90, "storage_class": "GLACIER"},
    ],
    noncurrent_version_expiration=[{"noncurrent_days": 7}],
)


def found_in_one_line(*rules: Any, unknown: Any = None, indent: int | None = None) -> Diagnostic:
    changed = change(ADDRESS, "create", after_unknown={"rule": unknown or []})
    document = plan(lifecycle(*rules, address=ADDRESS, bucket="lake"), resource_changes=[changed])
    content = json.dumps(document, indent=indent).encode()
    (found,) = check_lifecycle_file(content, "plan.json")
    return found


def test_the_text_shows_the_resource_and_the_values_and_no_column() -> None:
    text = draw(found_in_one_line(EARLY))
    assert text.splitlines()[1:7] == [
        f' --> plan.json in {ADDRESS} rule "expire"',
        "  |",
        "  | expiration.days = 30",
        "  |                   ^^ a transition is not earlier than this expiration",
        "  | transition[1].days = 90",
        "  |                      -- the last transition",
    ]


def test_a_plan_of_many_lines_is_shown_as_it_is() -> None:
    text = draw(found_in_one_line(EARLY, indent=1))
    assert '"days": 30' in text
    assert "expiration.days" not in text


def test_one_line_for_grep_ends_with_the_value() -> None:
    line = to_concise([found_in_one_line(EARLY)])
    assert line.startswith("plan.json:1: ")  # a column of a line so long is no place
    assert line.endswith(f' in {ADDRESS} rule "expire": expiration.days = 30\n')


@pytest.mark.parametrize(("indent", "named"), [(None, "expiration.days"), (1, None)])
def test_the_report_names_the_value_where_the_column_says_nothing(
    indent: int | None, named: str | None
) -> None:
    report = json.loads(to_json([found_in_one_line(EARLY, indent=indent)]))
    Draft7Validator(printed("report")).validate(report)
    assert report["diagnostics"][0]["at"].get("named") == named


def test_what_is_not_known_is_called_as_terraform_calls_it() -> None:
    open_prefix = {**EARLY, "transition": [], "filter": filter_block()}
    del open_prefix["filter"][0]["prefix"]
    found = found_in_one_line(open_prefix, unknown=[{"filter": [{"prefix": True}]}])
    assert found.message == "`filter.prefix`: known only after `terraform apply`"


def test_a_long_value_is_cut_short() -> None:
    found = found_in_one_line({**EARLY, "transition": [], "status": "x" * 200})
    assert f'status = "{"x" * 59}…' in draw(found)


def test_rules_of_s3s_shape_in_one_line_are_named_too() -> None:
    rules = [
        {"ID": each, "Status": "Enabled", "Filter": {}, "Expiration": {"Days": days}}
        for each, days in (("first", 9), ("second-of-the-two-rules", 0))
    ]
    content = json.dumps({"Rules": rules, "Comment-that-makes-it-long": "x" * 200}).encode()
    found = check_lifecycle_file(content, "rules.json")
    assert ("FL229", 'rule "second-of-the-two-rules"') in [(d.kind.code, d.about) for d in found]
