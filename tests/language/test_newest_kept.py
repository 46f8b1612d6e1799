"""How many noncurrent versions are kept: what S3 refuses, and what it does not document."""

from __future__ import annotations

import pytest

from tests.policies import compiled


def _found(count: int) -> tuple[str, str]:
    policy = f"versioning: enabled\nold_versions: {{delete_after: 7d, keep_newest: {count}}}"
    (one,) = (each for each in compiled(policy).diagnostics if each.kind.code == "FL206")
    return one.message, one.help


@pytest.mark.parametrize("count", [101, 150])
def test_above_the_documented_range_the_help_is_to_write_fewer(count: int) -> None:
    said = f"S3's documentation allows 1 to 100, not {count}"
    assert _found(count) == (said, "write 100 or fewer")


def test_zero_is_refused_by_s3_and_the_help_is_to_keep_none() -> None:
    assert _found(0) == (
        "S3 refuses 0: it accepts 1 or more",
        "leave `keep_newest` out to keep none",
    )
