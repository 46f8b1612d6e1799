"""Whatever the file: each finding has something that suffers it, and what suffers has a finding.

`make soak` tries ten times as many files, and `python -m tests.soak.findings` as many as wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lint.agreement import IDLE, JUDGED, Found, compare, disagreement, found_in
from tests.lint.lifecycle_files import LifecycleFile, Place, lifecycle_file

FILES = 2_000
AT_ONCE = 250
IN_EVERY_TEST_RUN = 750


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < IN_EVERY_TEST_RUN else pytest.mark.slow)
        for first in range(0, FILES, AT_ONCE)
    ],
)
def test_findings_and_sufferers_agree(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        told = disagreement(lifecycle_file(number))
        assert not told, f"file {number}:\n{told}"


def test_the_files_have_every_kind_and_s3_accepts_nearly_all() -> None:
    found = [found_in(lifecycle_file(number)) for number in range(AT_ONCE)]
    accepted = [each for each in found if each is not None]
    assert len(accepted) > 0.9 * AT_ONCE
    for code in (*JUDGED, *IDLE):
        assert sum(any(each.code == code for each in one) for one in accepted) >= 10, code
    assert any(not one for one in accepted)


@pytest.mark.parametrize("code", [*JUDGED, *IDLE])
def test_a_kind_that_is_left_out_is_noticed(code: str) -> None:
    file, found = next(each for each in examples() if any(one.code == code for one in each[1]))
    assert compare(file, found) == []
    told = compare(file, [each for each in found if each.code != code])
    assert any(each.startswith(f"{code} is not found") for each in told)


@pytest.mark.parametrize("code", [*JUDGED, *IDLE])
def test_a_kind_that_is_invented_is_noticed(code: str) -> None:
    file, found = next(each for each in examples() if all(one.code != code for one in each[1]))
    invented = Found(code, Place(0, "Transitions" if code == "FL304" else "Expiration"))
    told = compare(file, [*found, invented])
    assert any(each.startswith(f"{code} at r0") for each in told)


def examples() -> Iterator[tuple[LifecycleFile, list[Found]]]:
    for number in range(AT_ONCE):
        file = lifecycle_file(number)
        found = found_in(file)
        if found is not None and "Transitions" in file.rules[0]:
            yield file, found
