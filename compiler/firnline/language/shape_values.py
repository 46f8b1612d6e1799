"""What is wrong with a single text, and how is it written? Durations, sizes, dates and choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from firnline.diagnostics.kinds import Diagnostic
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
    parse_after,
    parse_duration,
    parse_size,
    suggest_duration,
    suggest_size,
)


def bad_text(what: str, key: str, node: Text, allowed: Mapping[str, Any]) -> Diagnostic:
    """The diagnostic for a text that the schema of its place, which calls it `what`, does not
    take."""
    shown = f"`{node.value[:60]}`"
    if what == "duration":
        return bad_duration(node)
    if what in _SPANS:
        return _bad_span(node, what)
    if what == "size":
        return bad_size(node)
    if what == "date":
        return BAD_DATE.at(node.span, f"{shown} is not a date")
    if "enum" in allowed:
        choices = [str(choice) for choice in allowed["enum"]]
        listed = f"one of {', '.join(choices)}" if len(choices) > 1 else choices[0]
        help = did_you_mean(node.value, choices) or f"write {listed}"
        meant = misspelt(node.value, choices)
        fix = rewrite(node.span, node.value, meant, safe=True) if meant else None
        if what == "storage class":
            return UNKNOWN_NAME.at(node.span, f"no storage class {shown}", help=help, fix=fix)
        return WRONG_SHAPE.at(node.span, f"{shown} is not a value of `{key}`", help=help, fix=fix)
    return WRONG_SHAPE.at(node.span, f"`{key}` must be {a(what)}", help=how_to_write(what))


def bad_duration(node: Text) -> Diagnostic:
    """The diagnostic for a text that is no duration; says what was probably meant."""
    try:
        parse_after(node.value)
        reason = "is not a duration"
    except NotADuration as error:
        reason = str(error)
    meant = suggest_duration(node.value)
    bare = node.value.strip().isdecimal()  # whoever wrote 7 may have meant years
    help = f"write {meant}{', if days are meant' if bare else ''}" if meant else None
    if "longer" in reason:
        help = "write never, or fewer days"
    elif node.value == "forever":
        help = "write never"
    elif re.fullmatch(r"\d+ ?(mo|months?|h|hours?)", node.value):
        help = "S3 counts whole days: write them, such as 30d for a month"
    fix = rewrite(node.span, node.value, meant, safe=not bare) if meant and _counts(meant) else None
    return BAD_DURATION.at(node.span, f"`{node.value[:60]}` {reason}", help=help, fix=fix)


_SPANS = {
    "span": "write a day or more, such as 30d, 2w or 7y",
    "span or `forever`": "write a day or more, such as 30d, 2w or 7y, or forever",
}


def _bad_span(node: Text, what: str) -> Diagnostic:
    """Of a promise or a grace: other than an age, it has no use for `never` and for no days."""
    if node.value in ("never", "forever"):
        help = "write forever" if what != "span" else _SPANS[what]
        return BAD_DURATION.at(node.span, f"`{node.value}` cannot stand here", help=help)
    if re.fullmatch("0[dwy]", node.value):
        return BAD_DURATION.at(node.span, f"`{node.value}` asks for nothing", help=_SPANS[what])
    found = bad_duration(node)
    return replace(found, help=_SPANS[what]) if found.help == BAD_DURATION.help else found


def _counts(meant: str) -> bool:
    """Whether it is a day that S3 can count to. Not 0, which may have been meant as never."""
    try:
        return parse_duration(meant) > 0
    except NotADuration:
        return False


def bad_size(node: Text) -> Diagnostic:
    """The diagnostic for a text that is no size; says what was probably meant."""
    try:
        parse_size(node.value)
        reason = "is not a size"
    except NotASize as error:
        reason = str(error)
    meant = suggest_size(node.value)
    help = f"write {meant}" if meant else None
    # KB may be 1,000 bytes or 1,024, and a bare number anything.
    fix = rewrite(node.span, node.value, meant, safe=False) if meant and _weighs(meant) else None
    return BAD_SIZE.at(node.span, f"`{node.value[:60]}` {reason}", help=help, fix=fix)


def _weighs(meant: str) -> bool:
    try:
        return parse_size(meant) > 0
    except NotASize:
        return False


def a(what: str) -> str:
    """With its article."""
    if what in ("text", "versioning"):
        return what
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def how_to_write(what: str) -> str | None:
    """An instruction, by the title that the schema gives to what is wanted."""
    return {
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
