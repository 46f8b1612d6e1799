"""The pytest fixture `s3_with_lifecycle`, there wherever firnline[testing] is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from firnline.testing.fixture import S3WithLifecycle


@pytest.fixture
def s3_with_lifecycle() -> Iterator[S3WithLifecycle]:
    """An S3 of the test's own: `.client`, `.put(…, size=…, age=…)`, `.advance(days=…)`."""
    try:
        from firnline.testing import s3_with_lifecycle as opened
    except ModuleNotFoundError as error:
        pytest.fail(f"{error}: pip install 'firnline[testing]'", pytrace=False)
    with opened() as s3:
        yield s3
