"""What is found when policies are compared with what is stored."""

from __future__ import annotations

from datetime import date
from operator import attrgetter

import pytest

from firnline.diagnostics.kinds import Kind
from firnline.inventory.checks.stored_examples import STORED, found_in_stored_example
from tests.policies import codes, compiled, project_of

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize("kind", STORED, ids=attrgetter("name"))
def test_the_wrong_example_is_found_in_what_is_stored_and_the_right_one_is_not(kind: Kind) -> None:
    for example, expected in ((kind.wrong, [kind.code]), (kind.right, [])):
        told = compiled(example)
        assert told.diagnostics == ()
        found = found_in_stored_example(kind, told.buckets, TODAY, project_of(example))
        assert codes(found) == expected
