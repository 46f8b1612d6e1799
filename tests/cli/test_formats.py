"""Is each format in the table one that its command can print?"""

from __future__ import annotations

import inspect
import json
from importlib import resources
from typing import get_type_hints

import pytest

from firnline.cli import whole_parser
from firnline.cli.completion import _actions
from firnline.cli.formats import FORMATS, Answer, DrawnFor, Format
from firnline.cli.out import OutFormat
from firnline.diagnostics.log_lines import Notation

ALL = [(answer, each) for answer in Answer for each in FORMATS[answer]]
each_format = pytest.mark.parametrize(
    ("answer", "format"), ALL, ids=[f"{answer.value}-{each.name}" for answer, each in ALL]
)
SCREEN = {
    DrawnFor.ANYWHERE: set(),
    DrawnFor.WIDTH: {"columns"},
    DrawnFor.WIDTH_AND_COLOUR: {"columns", "colour"},
    DrawnFor.WIDTH_COLOUR_AND_LENGTH: {"columns", "colour", "whole"},
    DrawnFor.FAILING: {"failing"},
    DrawnFor.REPOSITORY: {"repository"},
    DrawnFor.REPOSITORY_AND_WAIVED: {"repository", "waived"},
}


@each_format
def test_it_takes_what_its_neighbours_take_and_of_the_screen_what_the_table_says(
    answer: Answer, format: Format
) -> None:
    first, *others = inspect.signature(format.load()).parameters
    assert set(others) == SCREEN[format.drawn_for]
    assert get_type_hints(format.load())["return"] is str
    assert _takes(format, first) == _takes(FORMATS[answer][0])


@each_format
def test_a_form_that_is_promised_has_a_schema_and_says_where(
    answer: Answer, format: Format
) -> None:
    assert (format.schema is not None) == ("versioned" in format.help)
    if format.schema is None:
        return
    assert f"`firnline schema {answer.value}`" in format.help
    assert format.notation is Notation.JSON
    package, file = format.schema
    assert (
        "schema_version"
        in json.loads(resources.files(package).joinpath(file).read_text())["properties"]
    )


def test_no_answer_has_two_formats_of_one_name() -> None:
    for formats in FORMATS.values():
        names = [each.name for each in formats]
        assert len(names) == len(set(names))


def test_every_command_that_has_formats_takes_them_from_the_table() -> None:
    options = [
        action.type
        for action in _actions(whole_parser())
        if {"--out", "--format", "--output"} & set(action.option_strings)
        # `gc refs` writes lines and `import` policies, and no other format.
        and action.metavar not in ("FILE", "DIR|FILE")
    ]
    offered = [list(each.formats.values()) for each in options if isinstance(each, OutFormat)]
    assert len(offered) == len(options)
    offered.append(list(FORMATS[Answer.REALISED]))  # `forecast --realised` has the same option
    # `show --coverage` and `show --writers` too; coverage may be written as CSV beside that.
    live, coverage = list(FORMATS[Answer.LIVE_RULES]), list(FORMATS[Answer.COVERAGE])
    offered.remove([*live, coverage[-1]])
    offered += [live, coverage, list(FORMATS[Answer.WRITERS])]
    # `rollout` takes for its plan and its events what is another format for what came of it.
    ended, events = list(FORMATS[Answer.ROLLOUT]), list(FORMATS[Answer.ROLLOUT_EVENTS])
    offered.remove([*ended, *events])
    offered += [ended, list(FORMATS[Answer.ROLLOUT_PLAN]), events]
    assert sorted(offered, key=repr) == sorted(map(list, FORMATS.values()), key=repr)


def _takes(format: Format, first: str | None = None) -> object:
    function = format.load()
    name = first or next(iter(inspect.signature(function).parameters))
    return get_type_hints(function)[name]
