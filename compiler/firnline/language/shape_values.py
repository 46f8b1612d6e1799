"""What is wrong with a duration, a size, a date or a choice, and how should it be written?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, assert_never

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise, Way, WriteOneOf, WriteValue
from firnline.language.misspelt import misspelt
from firnline.language.nearest import did_you_mean
from firnline.language.nodes import Text
from firnline.language.rewrite import rewrite
from firnline.language.shape_kinds import (
    BAD_DATE,
    BAD_DURATION,
    BAD_SIZE,
    UNKNOWN_NAME,
    WRONG_SHAPE,
)
from firnline.language.units import (
    NotADuration,
    NotASize,
    TooLong,
    parse_after,
    parse_duration,
    parse_size,
    suggest_duration,
    suggest_size,
)


class Measure(StrEnum):
    """Values with a grammar of their own; each is a title in the schemas."""

    DURATION = "duration"
    SPAN = "span"
    SPAN_OR_FOREVER = "span or `forever`"
    SIZE = "size"
    DATE = "date"


def bad_text(what: str, key: str, node: Text, allowed: Mapping[str, Any]) -> Diagnostic:
    """The diagnostic for a text that the schema of its place, which calls it `what`, does not
    accept.
    """
    if what in tuple(Measure):
        return _bad_measure(Measure(what), node)
    if "enum" in allowed:
        return _bad_choice(what, key, node, [str(choice) for choice in allowed["enum"]])
    message = f"`{key}` must be {with_article(what)}"
    return WRONG_SHAPE.at(node.span, message, remedy=how_to_write(what))


def bad_duration(node: Text, usual: Way | None = None) -> Diagnostic:
    """The diagnostic for a text that is no duration; suggests what was probably meant, or else what
    is `usual`.
    """
    reason, too_long = _why_no_duration(node.value)
    meant = suggest_duration(node.value)
    unitless = node.value.strip().isdecimal()  # whoever wrote 7 may have meant years
    fix = (
        rewrite(node.span, node.value, meant, safe=not unitless)
        if meant and _counts(meant)
        else None
    )
    remedy: Way | None = None
    if too_long:
        remedy = Advise("write never, or fewer days")
    elif node.value == "forever":
        remedy = WriteValue("never")
    elif re.fullmatch(r"\d+ ?(mo|months?|h|hours?)", node.value):
        remedy = Advise("S3 counts whole days: write them, such as 30d for a month")
    elif meant:
        remedy = WriteValue(meant, remark="if days are meant" if unitless else "")
    return BAD_DURATION.at(
        node.span, f"`{node.value[:60]}` {reason}", remedy=remedy or usual, fix=fix
    )


def bad_size(node: Text) -> Diagnostic:
    """The diagnostic for a text that is no size; suggests what was probably meant."""
    try:
        parse_size(node.value)
        reason = "is not a size"
    except NotASize as error:
        reason = str(error)
    meant = suggest_size(node.value)
    remedy = WriteValue(meant) if meant else None
    # KB may be 1,000 bytes or 1,024, and a number without a unit anything.
    fix = rewrite(node.span, node.value, meant, safe=False) if meant and _weighs(meant) else None
    return BAD_SIZE.at(node.span, f"`{node.value[:60]}` {reason}", remedy=remedy, fix=fix)


def with_article(what: str) -> str:
    if what in ("text", "versioning"):
        return what
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def how_to_write(what: str) -> Advise | None:
    """An instruction, by the title that the schema gives to the value."""
    written = {
        "code": "write one code, such as FL403, or a name that `firnline explain` lists",
        "name": "use lower-case letters, digits, `-`, `_` and `.`, a letter or digit first",
        "bucket name": 'write a name, a pattern such as logs-*, or "!logs-tmp" to exclude one',
        "bucket name or list of bucket names": "write a name, a pattern such as logs-*, or a list",
        "account id of 12 digits": 'write all 12 digits in quotes, such as "012345678901"',
        "prefix": "write the beginning of the keys, such as logs/",
        "prefix or list of prefixes": "write the beginning of the keys, such as logs/, or a list",
        "role ARN": "write it whole, such as arn:aws:iam::012345678901:role/retention",
        "region": "write it as AWS does, such as us-east-1",
        "region or list of regions": "write it as AWS does, such as us-east-1, or a list",
        "name of a hold": "use letters, digits, `-`, `_` and `.`, a letter or digit first",
        "name of an environment variable": "write the name of the variable that holds the URL,"
        " such as REGISTRY_URL",
        "URL without user or password": "write it such as https://mlflow.acme.example",
        "file or S3 location": "write it such as s3://acme-registry/models.json",
        "map of settings": "write its settings below it, or in braces: {…_after: 30d}",
    }.get(what)
    return Advise(written) if written else None


def _why_no_duration(text: str) -> tuple[str, bool]:
    """In words, and whether it is more than can be counted."""
    try:
        parse_after(text)
    except TooLong as error:
        return str(error), True
    except NotADuration as error:
        return str(error), False
    return "is not a duration", False


def _bad_measure(measure: Measure, node: Text) -> Diagnostic:
    match measure:
        case Measure.DURATION:
            return bad_duration(node)
        case Measure.SPAN:
            return _bad_span(node, or_forever=False)
        case Measure.SPAN_OR_FOREVER:
            return _bad_span(node, or_forever=True)
        case Measure.SIZE:
            return bad_size(node)
        case Measure.DATE:
            return BAD_DATE.at(node.span, f"`{node.value[:60]}` is not a date")
        case _:
            assert_never(measure)


def _bad_choice(what: str, key: str, node: Text, choices: list[str]) -> Diagnostic:
    shown = f"`{node.value[:60]}`"
    remedy = did_you_mean(node.value, choices) or (
        WriteOneOf(tuple(choices)) if len(choices) > 1 else WriteValue(choices[0])
    )
    meant = misspelt(node.value, choices)
    fix = rewrite(node.span, node.value, meant, safe=True) if meant else None
    if what == "storage class":
        return UNKNOWN_NAME.at(node.span, f"no storage class {shown}", remedy=remedy, fix=fix)
    return WRONG_SHAPE.at(node.span, f"{shown} is not a value of `{key}`", remedy=remedy, fix=fix)


def _bad_span(node: Text, *, or_forever: bool) -> Diagnostic:
    """Of a promise or a grace: unlike an age, it must not be `never` or 0 days."""
    usual = Advise(f"write a day or more, such as 30d, 2w or 7y{', or forever' * or_forever}")
    if node.value in ("never", "forever"):
        remedy = WriteValue("forever") if or_forever else usual
        return BAD_DURATION.at(node.span, f"`{node.value}` cannot stand here", remedy=remedy)
    if re.fullmatch("0[dwy]", node.value):
        return BAD_DURATION.at(node.span, f"`{node.value}` has no effect", remedy=usual)
    return bad_duration(node, usual=usual)


def _counts(meant: str) -> bool:
    """Whether S3 can count to that day. Not for 0, which may have been meant as never."""
    try:
        return parse_duration(meant) > 0
    except NotADuration:
        return False


def _weighs(meant: str) -> bool:
    try:
        return parse_size(meant) > 0
    except NotASize:
        return False
