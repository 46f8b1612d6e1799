"""Does a file have the shape its kind asks for? JSON Schema's answers, in our words and places.

The schemas are the ones that editors use. `jsonschema-rs` says quickly whether a file is right;
where it is not, `jsonschema` judges, and each of its errors becomes a diagnostic at its token.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.misspelt import misspelt
from firnline.language.nearest import did_you_mean
from firnline.language.nodes import List, Map, Node, Path, Text, at, to_data, without
from firnline.language.rewrite import rewrite
from firnline.language.shape_kinds import (
    BAD_DATE,
    BAD_DURATION,
    BAD_SIZE,
    MISSING_KEY,
    SPEC_VERSION,
    UNKNOWN_KEY,
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

if TYPE_CHECKING:
    from jsonschema import Draft7Validator, ValidationError

SCHEMAS: Mapping[str, str] = {
    "policy/v1": "policy.schema.json",
    "fleet/v1": "fleet.schema.json",
    "fleet-lock/v1": "fleet-lock.schema.json",
}


def kind_of(root: Map) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Which kind of file this is: the value of its first key, `firnline`."""
    if not root.entries:
        message = "the file holds no `firnline:` line"
        return None, (SPEC_VERSION.at(root.span, message),)
    first, value = root.entries[0]
    if first.value != "firnline":
        elsewhere = root.key("firnline")
        if elsewhere is not None:
            help = "move the `firnline:` line to the top"
            return None, (
                SPEC_VERSION.at(first.span, "`firnline:` must be the first key", help=help),
            )
        nearest = did_you_mean(first.value, ["firnline"])
        if nearest:
            message = f"unknown key `{first.value}`"
            meant = misspelt(first.value, ["firnline"])
            is_lock = isinstance(value, Text) and "-lock/" in value.value
            fix = rewrite(first.span, first.value, meant, safe=True) if meant else None
            fix = None if is_lock else fix
            return None, (UNKNOWN_KEY.at(first.span, message, help=nearest, fix=fix),)
        return None, (SPEC_VERSION.at(first.span, "the first key must be `firnline`"),)
    if not isinstance(value, Text) or value.value not in SCHEMAS:
        shown = value.value if isinstance(value, Text) else "this"
        message = f"`{shown}` is not known here"
        cure = _older_than(shown) or did_you_mean(shown, SCHEMAS)
        return None, (SPEC_VERSION.at(value.span, message, help=cure),)
    return value.value, ()


def _older_than(written: str) -> str | None:
    """What to do where a kind is known, and this version of it is not: another one may read it."""
    match = re.fullmatch(r"(.+)/v[1-9][0-9]*", written)
    known = f"{match[1]}/v1" if match else None
    return f"upgrade firnline; this version reads {known}" if known in SCHEMAS else None


def check_shape(root: Map, kind: str) -> tuple[Map, frozenset[Span], tuple[Diagnostic, ...]]:
    """The part of the file that has the right shape, the maps in it that have lost something or
    lack what they need, and a diagnostic for each part left out."""
    data = to_data(root)
    if _is_right(kind, data):
        return root, frozenset(), ()
    found: list[Diagnostic] = []
    left_out: set[Path] = set()
    damaged: set[Span] = set()
    for error in _validator(kind).iter_errors(data):
        if error.validator == "required":
            damaged.add(at(root, tuple(error.absolute_path)).span)
        for diagnostic, path in _translated(error, root):
            # `resolve` writes the locks; nobody edits them.
            found.append(replace(diagnostic, fix=None) if "-lock/" in kind else diagnostic)
            if path is not None:
                left_out.add(path)
                damaged.add(at(root, path[:-1]).span)
    pruned = without(root, left_out)
    assert isinstance(pruned, Map)
    return pruned, frozenset(damaged), tuple(found)


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft-07) of a kind of file, as editors read it."""
    text = pkgutil.get_data("firnline.language", SCHEMAS[kind])
    assert text is not None
    document: dict[str, Any] = json.loads(text)
    return document


def _is_right(kind: str, data: object) -> bool:
    try:
        return _quick(kind).is_valid(data)
    except ValueError:  # it takes no lone surrogates and no deep nesting: asked again below
        return False


@cache
def _quick(kind: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(schema(kind))


@cache
def _validator(kind: str) -> Draft7Validator:
    from jsonschema import Draft7Validator  # slow to import, and most files are right

    return Draft7Validator(schema(kind))


def _translated(error: ValidationError, root: Node) -> Iterator[tuple[Diagnostic, Path | None]]:
    """Our diagnostics for one error of jsonschema, each with the path of what must be left out."""
    path: Path = tuple(error.absolute_path)
    node = at(root, path)
    assert isinstance(error.schema, Mapping)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(error.schema, node, path)
        case "required":
            if not _is_misspelt(error, node):
                yield _missing_key(error, node, path, root), None
        case "pattern" if "propertyNames" in error.absolute_schema_path:
            yield _bad_name(error, node), (*path, str(error.instance))
        case _:
            yield _bad_value(error, node, path, root), path or None


def _unknown_keys(
    allowed: Mapping[str, Any], node: Node, path: Path
) -> Iterator[tuple[Diagnostic, Path | None]]:
    assert isinstance(node, Map)
    known = list(allowed["properties"])
    unused = [name for name in known if node.get(name) is None]
    meant = _slips(node, known)
    for key in (key for key, _ in node.entries if key.value not in known):
        help = did_you_mean(key.value, unused) or f"known here: {', '.join(known)}"
        fix, also = None, []
        if name := meant.get(key.value):
            help = f"write `{name}`"
            fix = rewrite(key.span, key.value, name, safe=True)
        elif (there := node.key(misspelt(key.value, known) or "")) is not None:
            help = "remove one of the two"
            also = [(there.span, f"`{there.value}` stands here")]
        message = f"unknown key `{key.value}`"
        yield UNKNOWN_KEY.at(key.span, message, also=also, help=help, fix=fix), (*path, key.value)


def _slips(node: Map, known: Sequence[str]) -> dict[str, str]:
    """The unknown keys that can only be meant as a known one which is not there."""
    unused = [name for name in known if node.get(name) is None]
    unknown = [key.value for key, _ in node.entries if key.value not in known]
    meant = {key: name for key in unknown if (name := misspelt(key, unused))}
    times = Counter(meant.values())  # mending two would write one key twice
    return {key: name for key, name in meant.items() if times[name] == 1}


def _is_misspelt(error: ValidationError, node: Node) -> bool:
    """Whether the missing key is there with a slip in it: one mistake, told once (FL103)."""
    assert isinstance(node, Map)
    assert isinstance(error.schema, Mapping)
    if error.schema.get("additionalProperties", True):
        return False
    return _missing(error) in _slips(node, list(error.schema["properties"])).values()


def _missing(error: ValidationError) -> str:
    # jsonschema reports one error per missing key and names it in the message alone.
    return error.message.split("'")[1]


def _missing_key(error: ValidationError, node: Node, path: Path, root: Node) -> Diagnostic:
    assert isinstance(node, Map)
    assert isinstance(error.schema, Mapping)
    missing = _missing(error)
    described = error.schema["properties"][missing].get("description", "")
    named = _key_of(root, path) or next((key for key, _ in node.entries), None)
    match path:
        case ():
            who = "the file"
        case (*_, str() as key):
            who = f"`{key}`"
        case _:
            who = "the entry"
    return MISSING_KEY.at(
        named.span if named else node.span,
        f"{who} has no `{missing}`",
        help=f"add `{missing}`" + (f": {_as_phrase(described)}" if described else ""),
    )


def _as_phrase(sentences: str) -> str:
    first = sentences.split(". ")[0].rstrip(".")
    return first[0].lower() + first[1:]


def _bad_name(error: ValidationError, node: Node) -> Diagnostic:
    assert isinstance(node, Map)
    assert isinstance(error.schema, Mapping)
    key = node.key(str(error.instance))
    assert key is not None
    what = error.schema.get("title", "name")
    return WRONG_SHAPE.at(key.span, f"`{key.value}` is not {_a(what)}", help=_how_to_write(what))


def _bad_value(error: ValidationError, node: Node, path: Path, root: Node) -> Diagnostic:
    assert isinstance(error.schema, Mapping)
    what: str = error.schema.get("title", "value")
    key = next((step for step in reversed(path) if isinstance(step, str)), "this")
    match node:
        case List() if error.validator == "uniqueItems":
            return _listed_twice(node)
        case Text(empty=True):
            named = _key_of(root, path)
            help = 'write `prefix: ""` for the whole bucket' if key == "prefix" else None
            return WRONG_SHAPE.at(
                named.span if named else node.span, f"`{key}` is empty", help=help
            )
        case Text():
            return _bad_text(what, key, node, error)
        case Map(entries=(_, *_)) if error.validator in ("anyOf", "maxProperties"):
            named = _key_of(root, path)
            return WRONG_SHAPE.at(named.span if named else node.span, f"`{key}` must be {_a(what)}")
        case List(items=()) | Map(entries=()):
            return WRONG_SHAPE.at(node.span, f"`{key}` is empty", help=_how_to_write(what))
        case _:
            message = f"`{key}` must be {_a(what)}"
            return WRONG_SHAPE.at(_first_line(node.span), message, help=_how_to_write(what))


def _listed_twice(node: List) -> Diagnostic:
    first: dict[str, Text] = {}
    for item in node.items:
        if isinstance(item, Text) and item.value in first:
            return WRONG_SHAPE.at(
                item.span,
                f"`{item.value}` is listed twice",
                also=[(first[item.value].span, "here first")],
                help="remove one of the two",
            )
        if isinstance(item, Text):
            first[item.value] = item
    return WRONG_SHAPE.at(node.span, "the same is listed twice", help="remove one of the two")


def _bad_text(what: str, key: str, node: Text, error: ValidationError) -> Diagnostic:
    assert isinstance(error.schema, Mapping)
    shown = f"`{node.value[:60]}`"
    if what == "duration":
        return bad_duration(node)
    if what in _SPANS:
        return _bad_span(node, what)
    if what == "size":
        return bad_size(node)
    if what == "date":
        return BAD_DATE.at(node.span, f"{shown} is not a date")
    if "enum" in error.schema:
        choices = [str(choice) for choice in error.schema["enum"]]
        listed = f"one of {', '.join(choices)}" if len(choices) > 1 else choices[0]
        help = did_you_mean(node.value, choices) or f"write {listed}"
        meant = misspelt(node.value, choices)
        fix = rewrite(node.span, node.value, meant, safe=True) if meant else None
        if what == "storage class":
            return UNKNOWN_NAME.at(node.span, f"no storage class {shown}", help=help, fix=fix)
        return WRONG_SHAPE.at(node.span, f"{shown} is not a value of `{key}`", help=help, fix=fix)
    return WRONG_SHAPE.at(node.span, f"`{key}` must be {_a(what)}", help=_how_to_write(what))


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


def _key_of(root: Node, path: Path) -> Text | None:
    """The key under which a value stands, if it stands under one."""
    for length in range(len(path), 0, -1):
        parent = at(root, path[: length - 1])
        step = path[length - 1]
        if isinstance(parent, Map):
            return parent.key(str(step))
    return None


def _first_line(span: Span) -> Span:
    end = span.source.text.find("\n", span.start, span.end)
    return Span(span.source, span.start, end if end >= 0 else span.end)


def _a(what: str) -> str:
    if what in ("text", "versioning"):
        return what
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _how_to_write(what: str) -> str | None:
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
