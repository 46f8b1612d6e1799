"""The table `[gates]` of the settings: what it says, and what is said of a mistake in it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from firnline.language.gate_settings import GateSettings, Level
from firnline.language.project import BadSettings, Project, with_settings


def gates(text: str) -> GateSettings:
    return with_settings(Project(), text, "firnline.toml").gates


def test_what_is_left_out_is_as_usual() -> None:
    for text in ("", "[gates]"):
        assert gates(text).max_first_run_delete == Decimal("0.1")
        assert gates(text).level("FL401") is Level.GATE


def test_limits_and_levels() -> None:
    found = gates(
        '[gates]\nmax_first_run_delete = "2.5%"\n'
        '[gates.levels]\nFL410 = "warning"\nFL404 = {level = "off", why = "scratch"}\n'
    )
    assert found.max_first_run_delete == Decimal("0.025")
    assert found.level("FL410") is Level.WARNING
    assert found.level("FL404") is Level.OFF


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gates = 3", "`gates` must be a table"),
        ("[gates]\nfloor = '7d'", "unknown setting `gates.floor`"),
        ("[gates]\nmax_first_run_delete = 10", 'such as "10%"'),
        ("[gates]\nmax_first_run_delete = '101%'", 'such as "10%"'),
        ("[gates.levels]\nFL301 = 'off'", "is the code of no gate"),
        ("[gates.levels]\nFL401 = 'never'", "must be one of gate, error, warning, off"),
        ("[gates.levels]\nFL401 = 'off'", "is off without a reason"),
        ("[gates.levels]\nFL401 = {level = 'off', why = ' '}", "is off without a reason"),
        ("[gates.levels]\nFL401 = {level = 'off', reason = 'x'}", "must be one of"),
        ("[review]\napprovals = 'none'", '`review.approvals` is "self"'),
    ],
)
def test_a_mistake_names_the_file_and_what_to_write(text: str, says: str) -> None:
    with pytest.raises(BadSettings) as raised:
        gates(text)
    assert re.match(r"firnline\.toml:[12]:", str(raised.value))
    assert says in str(raised.value)
