"""Dates are read as boto3 reads them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.utils import parse_to_aware_datetime
from hypothesis import given
from hypothesis import strategies as st

from firnline.s3.timestamps import as_boto3

FORMS = [
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S+02:00",
    "%Y-%m-%dT%H:%M:%S-0800",
    "%Y-%m-%dT%H:%MZ",
    "%Y%m%dT%H%M%SZ",
    "%a, %d %b %Y %H:%M:%S GMT",
    "%d %b %Y",
    "%d %B %Y",
    "%Y-%m-%dT%H:%M:%S UTC",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%A, %d %B %Y",
]


@pytest.fixture(autouse=True, scope="module")
def _in_utc() -> Iterator[None]:
    """boto3 reads a time without a zone as the machine's own; the law as UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@given(st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)), st.sampled_from(FORMS))
def test_texts(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    assert as_boto3(text) == parse_to_aware_datetime(text)


@given(st.integers(-(10**10), 10**11) | st.floats(0, 10**10))
def test_numbers(seconds: float) -> None:
    number: Any = seconds
    assert as_boto3(number) == parse_to_aware_datetime(number)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2030-02-30", "2030-13-01T00:00:00Z", "1" * 30, "0 Jan 2030", "2 Foo 2030", "nan"],
)
def test_what_boto3_refuses_is_no_date(text: str) -> None:
    assert as_boto3(text) is None


@pytest.mark.parametrize("text", ["2030-1-2", "1e9", "-86400", "1893456000.0", " 2030-01-02 "])
def test_what_boto3_reads_besides(text: str) -> None:
    assert as_boto3(text) == parse_to_aware_datetime(text)


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    assert as_boto3(datetime.fromisoformat("2030-01-01T01:00:00+01:00")) == datetime(
        2030, 1, 1, tzinfo=UTC
    )
