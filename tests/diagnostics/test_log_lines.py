"""An output without what the log of GitHub Actions would carry out."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firnline.diagnostics.log_lines import Notation, without_commands
from tests.workflow_commands import REGISTERED, commands_in

PIECES = st.sampled_from(
    [*sorted(REGISTERED), "::", ":", "##[", "#", "[", "]", " ", "\n", "\u3000", "x", "%0A"]
)
OUTPUTS = st.lists(PIECES, max_size=12).map("".join)


@given(OUTPUTS)
@example("\u00a0 ::error::x\n##[error]y\n###[error]z\n:::error::u\n::error ::v")
def test_nothing_is_carried_out_and_all_else_is_as_it_was(text: str) -> None:
    said = without_commands(text, Notation.WORDS)
    assert commands_in(said) == []
    assert said.replace("\\x3a", ":").replace("\\x23", "#") == text


@given(OUTPUTS)
def test_data_has_the_same_meaning(text: str) -> None:
    said = without_commands(json.dumps({text: [text]}, indent=1), Notation.JSON)
    assert commands_in(said) == []
    assert json.loads(said) == {text: [text]}
    element = ElementTree.Element("a", b=text)
    element.text = text
    said = without_commands(ElementTree.tostring(element, "unicode"), Notation.XML)
    assert commands_in(said) == []
    read = ElementTree.fromstring(said)
    assert (read.text or "", read.get("b")) == (text, text)


@pytest.mark.parametrize("plain", ["", "a :: b", " ::: policies/a.yaml:8:18", "a::error::", ":: a"])
def test_what_is_no_command_is_left_alone(plain: str) -> None:
    assert commands_in(plain) == []
    assert without_commands(plain, Notation.WORDS) == plain
