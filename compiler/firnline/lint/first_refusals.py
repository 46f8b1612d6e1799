"""What does the program that a file is for refuse by itself, so that S3 never sees it?

The AWS CLI and the SDKs have a table of their own: `s3/law/client_checks.py`. A plan of Terraform
or Pulumi has gone through the provider's own checks. CloudFormation refuses what its schema of a
bucket does, which cfn-lint 1.58.0 has: a test runs that. c7n 0.9.53 was run by hand, on the values
that `tests/lint/test_first_refusals.py` lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, assert_never

from firnline.lint import cloudformation_names as names
from firnline.lint.paths import ABSENT, steps, value_at
from firnline.lint.written import Form, Written
from firnline.s3.law import refusals as no
from firnline.s3.law.limits import LONGEST_ID
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.verdict import Finding

_BY_ITS_SCHEMA: Final = "refuses this by its schema, before it sends anything"
_Answer = Callable[[str, Any], str]
"""The name of a member and its value → how it is known that it is refused; empty where it is not.
"""


def refused_before(written: Written, finding: Finding) -> str | None:
    """Which program says no, and how that is known; None where S3 is the first to look."""
    match written.form:
        case Form.CLOUDFORMATION:
            rows = _CLOUDFORMATION if _is_property(written, finding) else {}
            how = _how(rows, written, finding)
            return refused_by_cloudformation(how) if how else None
        case Form.CUSTODIAN:
            how = _how(_CUSTODIAN, written, finding)
            return refused_by_custodian(how) if how else None
        case Form.JSON | Form.YAML | Form.XML | Form.TERRAFORM | Form.PULUMI:
            return None
        case _:
            assert_never(written.form)


def refused_by_cloudformation(how: str) -> str:
    return f"CloudFormation {_BY_ITS_SCHEMA} (cfn-lint 1.58.0: {how})"


def refused_by_custodian(how: str) -> str:
    return f"Cloud Custodian {_BY_ITS_SCHEMA} (c7n 0.9.53: {how})"


def is_date_of_cloudformation(value: object) -> bool:
    """By the pattern in its schema, which lets 30 February pass."""
    return isinstance(value, str) and bool(_DATE.match(value))


def _how(rows: Mapping[Refusal, _Answer], written: Written, finding: Finding) -> str:
    if finding.refusal not in rows:
        return ""
    value = value_at(written.configuration, finding.path)
    return rows[finding.refusal](finding.path.rpartition(".")[2], value)


def _is_property(written: Written, finding: Finding) -> bool:
    """Whether it is in a property that CloudFormation has. Of one that it does not have, it says
    only that.
    """
    called = written.called(finding.path)
    if called == finding.path:  # it is absent
        called = written.called(finding.path.rpartition(".")[0])
    match [each for each in steps(called) if isinstance(each, str) and not _is_function(each)]:
        case [first]:
            return first in names.CONFIGURATION or first in names.RULE
        case [first, inside]:
            return inside in names.BLOCKS.get(first, {})
        case _:
            return False


def _is_function(name: str) -> bool:
    return name.startswith("Fn::")


# CloudFormation.
_DATE: Final = re.compile(
    r"(\d{4})-(0[0-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-4]):([0-5]\d):([0-6]\d)((\.\d{3})?)Z$"
)
_LONGEST_SIZE: Final = 20


def _always(how: str) -> _Answer:
    return lambda _member, _value: how


def _if_missing(how: str, otherwise: str) -> _Answer:
    return lambda _member, value: how if value is ABSENT else otherwise


def _number(member: str, value: Any) -> str:
    """It has no bounds, except one, and takes fractions."""
    if member in names.SIZES:
        return _size(value)
    if not _is_number(value):
        return "E3012"
    return "E3034" if member in names.ABORT and float(value) < 0 else ""


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        int(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _size(value: Any) -> str:
    """A text in its schema; anything with a digit in it will do."""
    if isinstance(value, (dict, list)):
        return "E3012"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not re.search("[0-9]", text):
        return "E3031"
    return "E3033" if len(text) > _LONGEST_SIZE else ""


def _date(_member: str, value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "E3012"
    return "" if is_date_of_cloudformation(value) else "E3031"


def _id(_member: str, value: Any) -> str:
    return "E3033" if len(str(value)) > LONGEST_ID else ""


def _wrong_type(member: str, value: Any) -> str:
    """Where one of several words is wanted, a number is none of them."""
    is_word = member == "StorageClass" and not isinstance(value, (dict, list))
    return "E3030" if is_word else "E3012"


_CLOUDFORMATION: Final[Mapping[Refusal, _Answer]] = {
    no.BAD_STATUS: _if_missing("E3003", "E3030"),
    no.NO_CLASS: _always("E3003"),
    no.UNKNOWN_CLASS: _always("E3030"),
    no.NO_TARGET: _always("E3030"),
    no.NO_NONCURRENT_DAYS: _always("E3003"),
    no.HALF_A_TAG: _always("E3003"),
    no.EMPTY_ACTION: lambda member, _: "E3003" if member in names.ABORT else "",
    no.NO_INTEGER: _number,
    no.NOT_POSITIVE: _number,
    no.NO_DATE: _date,
    no.NOT_MIDNIGHT: _date,
    no.ID_TOO_LONG: _id,
    no.WRONG_TYPE: _wrong_type,
    no.BAD_HEADER: _always("E3030"),
}


# Cloud Custodian: it knows types and names, but neither bounds nor classes.
def _whole(_member: str, value: Any) -> str:
    is_whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value % 1 == 0
    return "" if is_whole else "not of type integer"


def _text(_member: str, value: Any) -> str:
    return "" if isinstance(value, str) else "not of type string"


_CUSTODIAN: Final[Mapping[Refusal, _Answer]] = {
    no.BAD_STATUS: _if_missing("a required property", "not one of Enabled, Disabled, absent"),
    no.UNKNOWN_MEMBER: _always("additional properties are not allowed"),
    no.SIDE_BY_SIDE: _always("has too many properties"),
    no.WRONG_TYPE: _always("not of the type that its schema names"),
    no.NO_INTEGER: _whole,
    no.NO_DATE: _text,
    no.NOT_MIDNIGHT: _text,
    no.HALF_A_TAG: _always("a required property"),
}
