"""Which kind of file is this, and which part of it has the right shape?

Nearly every file is right, and `schemas.has_shape` says so quickly; `shape_errors` says what is
wrong with the others.
"""

from __future__ import annotations

import re
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise
from firnline.language.mistyped import mistyped
from firnline.language.nearest import did_you_mean
from firnline.language.nodes import Map, Path, Text, at, to_data, without
from firnline.language.rewrite import rewrite
from firnline.language.schemas import SCHEMAS, FileKind, has_shape
from firnline.language.shape_kinds import SPEC_VERSION, UNKNOWN_KEY


def kind_of(root: Map) -> tuple[FileKind | None, tuple[Diagnostic, ...]]:
    """Which kind of file this is: the value of its first key, `firnline`."""
    if not root.entries:
        message = "the file holds no `firnline:` line"
        return None, (SPEC_VERSION.at(root.span, message),)
    first, value = root.entries[0]
    if first.value != "firnline":
        elsewhere = root.key("firnline")
        if elsewhere is not None:
            remedy = Advise("move the `firnline:` line to the top")
            return None, (
                SPEC_VERSION.at(first.span, "`firnline:` must be the first key", remedy=remedy),
            )
        nearest = did_you_mean(first.value, ["firnline"])
        if nearest:
            message = f"unknown key `{first.value}`"
            meant = mistyped(first.value, ["firnline"])
            is_lock = isinstance(value, Text) and "-lock/" in value.value
            fix = rewrite(first.span, first.value, meant, safe=True) if meant else None
            fix = None if is_lock else fix
            return None, (UNKNOWN_KEY.at(first.span, message, remedy=nearest, fix=fix),)
        return None, (
            SPEC_VERSION.at(first.span, "not a Firnline file: its first key must be `firnline:`"),
        )
    if not isinstance(value, Text) or value.value not in SCHEMAS:
        shown = value.value if isinstance(value, Text) else "this"
        message = f"unknown kind of file `{shown}`"
        cure = _older_than(shown) or did_you_mean(shown, SCHEMAS)
        return None, (SPEC_VERSION.at(value.span, message, remedy=cure),)
    return FileKind(value.value), ()


def check_shape(root: Map, kind: FileKind) -> tuple[Map, frozenset[Span], tuple[Diagnostic, ...]]:
    """The part of the file that has the right shape, the maps in it that have lost something or
    lack what they need, and a diagnostic for each part left out."""
    data = to_data(root)
    if has_shape(kind, data):
        return root, frozenset(), ()
    from firnline.language.shape_errors import shape_errors  # jsonschema is slow to import

    found: list[Diagnostic] = []
    left_out: set[Path] = set()
    damaged: set[Span] = set()
    for error in shape_errors(kind, root, data):
        if error.is_incomplete is not None:
            damaged.add(error.is_incomplete)
        if error.diagnostic is not None:
            # `resolve` writes the locks; people do not edit them.
            found.append(
                replace(error.diagnostic, fix=None) if kind is FileKind.LOCK else error.diagnostic
            )
        if error.path is not None:
            left_out.add(error.path)
            damaged.add(at(root, error.path[:-1]).span)
    pruned = without(root, left_out)
    assert isinstance(pruned, Map)
    return pruned, frozenset(damaged), tuple(found)


def _older_than(written: str) -> Advise | None:
    """The remedy where a kind is known, but not this version of it: another Firnline may read
    it.
    """
    match = re.fullmatch(r"(.+)/v[1-9][0-9]*", written)
    known = f"{match[1]}/v1" if match else None
    if known not in SCHEMAS:
        return None
    return Advise(f"upgrade firnline; this version reads {known}")
