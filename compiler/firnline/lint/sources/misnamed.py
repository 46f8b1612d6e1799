"""Members that S3 does not have, and null → what the AWS CLI and the SDKs say of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span, whole_file
from firnline.diagnostics.remedy import Advise, Way, WriteName
from firnline.language.data_tree import DataLocation, DataTree
from firnline.lint.file_kinds import NULL_MEMBERS
from firnline.lint.kinds import DOCUMENT
from firnline.lint.sources.meant import Null, Renamed
from firnline.lint.sources.parts import span_of

_NEXT: Final = "the AWS CLI and SDKs would refuse this next"


def misnamed(
    tree: DataTree, renamed: Sequence[Renamed], at_clients: Mapping[str, str], path: str
) -> Iterator[Diagnostic]:
    """Each with the member that was meant, and a fix where nothing else is written into it.
    `at_clients` is what the form's client says, by path.
    """
    targets = Counter((each.path, each.meant[0]) for each in renamed)
    for each in renamed:
        place = tree.places.get(each.where)
        where = f"{each.path}.{each.written}" if each.path else each.written
        yield DOCUMENT.at(
            span_of(tree, each.where, key=True) or whole_file(path),
            _message(each),
            notes=[at_clients.get(where, _NEXT)] if at_clients else [],
            remedy=_remedy(each, place),
            fix=_fix(each, place) if targets[each.path, each.meant[0]] == 1 else None,
        )


def nulls(
    tree: DataTree, found: Sequence[Null], at_clients: Mapping[str, str], path: str
) -> Iterator[Diagnostic]:
    """One for the whole document."""
    if found:
        first, *others = found
        more = f", and {how_many(len(others), 'other member')}" if others else ""
        place = tree.places.get(first.where)
        is_json = place is None or place.key is None or _text(place.key).startswith('"')
        yield NULL_MEMBERS.at(
            span_of(tree, first.where, key=True) or whole_file(path),
            f"`{first.where[-1]}` is null{more}",
            notes=[at_clients[first.path]] if first.path in at_clients else [],
            remedy=None if is_json else Advise("leave them out"),
        )


def _message(renamed: Renamed) -> str:
    if renamed.of_cloudformation:
        s3 = ".".join(renamed.meant)
        return f"`{renamed.written}` is CloudFormation's name; S3 calls it `{s3}`"
    if renamed.meant == (renamed.written,):
        return "a list is wanted here"
    called = "" if renamed.is_guess else f"; it calls this `{renamed.meant[0]}`"
    return f"S3 defines no such member here{called}"


def _remedy(renamed: Renamed, place: DataLocation | None) -> Way:
    first, *inside = renamed.meant
    if inside:
        return Advise(f'write `"{first}": {{"{inside[0]}": {_short(place)}}}`')
    if first == "Filter":
        return Advise("select the objects of a rule in its `Filter`; two predicates need `And`")
    if renamed.is_list:
        return Advise(f'write `"{first}": [{{…}}]`: a rule has a list of them')
    return WriteName(first, is_guess=renamed.is_guess)


def _short(place: DataLocation | None) -> str:
    text = _text(place.value) if place else "…"
    return text if len(text) <= 30 and "\n" not in text else "…"


def _fix(renamed: Renamed, place: DataLocation | None) -> Fix | None:
    """The same meaning in S3's spelling; not a safe one where the name was guessed."""
    if place is None or place.key is None or renamed.meant == ("Filter",):
        return None
    first, *inside = renamed.meant
    key = Edit(place.key, _like(_text(place.key), first))
    if not inside and not renamed.is_list:
        return Fix((key,), safe=not renamed.is_guess)
    value = _text(place.value)
    if "\n" in value and not value.startswith(("{", "[")):
        return None  # a YAML block cannot stand in brackets
    before, after = ("[", "]") if renamed.is_list else (f'{{"{inside[0]}": ', "}")
    start, end = place.value.start, place.value.end
    edits = (
        key,
        *_inserted(Span(place.value.source, start, start), before),
        *_inserted(Span(place.value.source, end, end), after),
    )
    return Fix(edits, safe=True)


def _inserted(at: Span, text: str) -> tuple[Edit, ...]:
    return (Edit(at, text),) if text else ()


def _like(written: str, name: str) -> str:
    """The name in quotes, where the one before it was."""
    return json.dumps(name) if written.startswith(('"', "'")) else name


def _text(span: Span) -> Any:
    return span.source.text[span.start : span.end]
