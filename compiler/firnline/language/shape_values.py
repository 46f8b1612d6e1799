"""What is wrong with a duration, a size, a date or a choice, and how should it be written?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, assert_never

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise, Way, WriteName, WriteOneOf, WriteValue
from firnline.language.how_to_write import how_to_write
from firnline.language.misspelt import misspelt
from firnline.language.mistyped import is_another_word, mistyped
from firnline.language.nearest import did_you_mean
from firnline.language.nodes import Text
from firnline.language.other_values import SWITCHED_OFF, nearest_value, same_value
from firnline.language.other_words import advice_on_date
from firnline.language.rewrite import rewrite
from firnline.language.shape_kinds import (
    BAD_DATE,
    BAD_DURATION,
    BAD_SIZE,
    UNKNOWN_NAME,
    WRONG_SHAPE,
)
from firnline.language.synonyms import plain
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

_FEW = 4

_AGE_OF: Final = {"old_versions": "delete_after", "uploads": "abort_after"}
"""The setting that an age stands for, where people write it without one."""

_ENDS: Final = frozenset({"delete_after", "abort_after"})
"""What S3 does after 1 day at the earliest."""


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
        return _bad_measure(Measure(what), key, node)
    if "enum" in allowed:
        return _bad_choice(what, key, node, [str(choice) for choice in allowed["enum"]])
    message = f"`{key}` must be {required(what, allowed)}"
    if key in _AGE_OF and (age := _age(node.value)):
        settings = f"{{{_AGE_OF[key]}: {age}}}"
        return WRONG_SHAPE.at(
            node.span,
            message,
            remedy=Advise(f"write `{key}: {settings}`"),
            fix=_with_settings(node, settings),
        )
    return WRONG_SHAPE.at(node.span, message, remedy=how_to_write(what))


def bad_duration(node: Text, key: str = "", usual: Way | None = None) -> Diagnostic:
    """The diagnostic for a text that is no duration; suggests what was probably meant, or else what
    is `usual`. `key` is that under which it stands.
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
    elif not usual and re.match(r"\d{4}-\d\d-\d\d", node.value):
        remedy = Advise(advice_on_date(node.value, of_end=key == "delete_after"))
    elif not usual and plain(node.value) in SWITCHED_OFF:
        remedy = WriteValue("never")
        fix = rewrite(node.span, node.value, "never", safe=False)
    elif meant and key in _ENDS and not _counts(meant):
        remedy = Advise("write never if nothing ends here, else 1d, the earliest that S3 accepts")
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


def required(what: str, allowed: Mapping[str, Any]) -> str:
    """The values themselves where they are few, else what the schema calls them."""
    values = [f"`{each}`" for each in allowed.get("enum", ())]
    if not 0 < len(values) <= _FEW:
        return with_article(what)
    return " or ".join(", ".join(values).rsplit(", ", 1))


def with_article(what: str) -> str:
    if what == "text":
        return what
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _why_no_duration(text: str) -> tuple[str, bool]:
    """In words, and whether it is more than can be counted."""
    try:
        parse_after(text)
    except TooLong as error:
        return str(error), True
    except NotADuration as error:
        return str(error), False
    return "is not a duration", False


def _age(written: str) -> str | None:
    """The age that is written where its map should stand."""
    if plain(written) in SWITCHED_OFF:
        return "never"
    age = suggest_duration(written)
    return age if age and _counts(age) else None


def _with_settings(node: Text, settings: str) -> Fix | None:
    if node.span.source.text[node.span.start : node.span.end] != node.value:
        return None
    return Fix((Edit(node.span, settings),), safe=False)


def _bad_measure(measure: Measure, key: str, node: Text) -> Diagnostic:
    match measure:
        case Measure.DURATION:
            return bad_duration(node, key)
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
    near = did_you_mean(node.value, choices)
    remedy: Way = WriteOneOf(tuple(choices)) if len(choices) > 1 else WriteValue(choices[0])
    fix = None
    if same := same_value(what, node.value):
        remedy = WriteName(same)
        fix = rewrite(node.span, node.value, same, safe=False)
    elif nearest := nearest_value(what, node.value):
        remedy = nearest
    elif near and not is_another_word(node.value, near.name):
        remedy = near
        if meant := misspelt(node.value, choices):
            is_certain = mistyped(node.value, choices) is not None
            fix = rewrite(node.span, node.value, meant, safe=is_certain)
    if what == "storage class":
        return UNKNOWN_NAME.at(node.span, f"no storage class {shown}", remedy=remedy, fix=fix)
    return WRONG_SHAPE.at(node.span, f"{shown} is not a value of `{key}`", remedy=remedy, fix=fix)


def _bad_span(node: Text, *, or_forever: bool) -> Diagnostic:
    """Of a promise or a grace: unlike an age, it must not be `never` or 0 days."""
    usual = Advise(f"write a day or more, such as 30d, 2w or 7y{', or forever' * or_forever}")
    if node.value in ("never", "forever"):
        remedy = WriteValue("forever") if or_forever else usual
        return BAD_DURATION.at(node.span, f"`{node.value}` is not accepted here", remedy=remedy)
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
