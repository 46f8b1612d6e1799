"""Remedies → edits of the policies that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from firnline.diagnostics import remedy as ways
from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.position import Source, Span
from firnline.language.edit_map import CannotEdit, Value, drop_keys, is_flow, set_keys, written
from firnline.language.nodes import List, Map, Text, to_data
from firnline.language.units import NEVER
from firnline.language.yaml_tree import TreeBuilder


def fix_of(way: ways.Way) -> Fix | None:
    return Mender().fix_of(way)


def nested(settings: Iterable[ways.Setting]) -> Mapping[str, Value]:
    """`{old_versions: {delete_after: 7d}}`"""
    below: dict[str, list[tuple[ways.KeyPath, str]]] = {}
    for key, value in settings:
        below.setdefault(key[0], []).append((key[1:], value))
    return {
        key: values[0][1] if not values[0][0] else nested(values) for key, values in below.items()
    }


class Mender:
    """Reads each file as nodes once, and only where a fix needs it."""

    def __init__(self) -> None:
        self._roots: dict[Source, Map | None] = {}
        self._settings: dict[Span, Map] = {}  # of each retention

    def fix_of(self, way: ways.Way) -> Fix | None:
        """The edits of a remedy; none where a person must choose or write a part of it. Not a safe
        fix: a person must review the choice.
        """
        if not isinstance(way, ways.InSection):
            return None
        try:
            edits = tuple(edit for edit in self._edits(way) if not _is_there(edit))
        except CannotEdit:
            return None
        return Fix(edits, safe=False) if edits else None

    def _edits(self, way: ways.InSection) -> Iterator[Edit]:
        match way:
            case ways.SetKeys(section, settings):
                yield from set_keys(self._map(section), nested(settings))
            case ways.LetBe(section, key, day):
                value = str(NEVER) if day is None else day
                yield from set_keys(self._map(section), nested([(key, value)]))
            case ways.TakeLongerLife():
                into = self._map(way.section)
                yield from set_keys(into, nested(way.settings))
                yield from drop_keys(into, way.dropped)
            case ways.DropKeys(section, keys):
                yield from drop_keys(self._map(section), keys)
            case ways.NameSiblings():
                yield from self._siblings(way)
            case ways.WriteRetention():
                yield from self._retention(way)
            case ways.SayInRetentions(policy, key):
                yield from self._in_retentions(self._map(policy), key)
            case ways.ChooseEnd():
                return  # what must not be deleted yet, only a person knows
            case _:
                assert_never(way)

    def _map(self, section: ways.Section) -> Map:
        root = self._root(section.settings.source)
        found = self._settings.get(section.settings) if section.retention is not None else root
        if found is None or _is_overridden(found):
            raise CannotEdit  # what is written here does not hold everywhere
        return found

    def _root(self, source: Source) -> Map:
        if source not in self._roots:
            root = TreeBuilder(source).build()
            self._roots[source] = root if isinstance(root, Map) else None
            if isinstance(root, Map):
                self._settings |= {each.span: each for each in _retentions(root).values()}
        found = self._roots[source]
        if found is None:
            raise CannotEdit
        return found

    def _siblings(self, way: ways.NameSiblings) -> Iterator[Edit]:
        if not way.siblings:
            return
        said = self._map(way.section).get("prefix")
        if isinstance(said, Text):
            sibling = way.siblings[0] if len(way.siblings) == 1 else way.siblings
            yield Edit(said.span, written(sibling, quoted=True))
        elif isinstance(said, List) and is_flow(said):
            listed = [item.value for item in said.items if isinstance(item, Text)]
            place = listed.index(way.prefixes[0])
            kept = [each for each in listed[place:] if each not in way.prefixes]
            all_of_them = dict.fromkeys([*listed[:place], *way.siblings, *kept])
            yield Edit(said.span, written(tuple(all_of_them), quoted=True))
        else:
            raise CannotEdit

    def _retention(self, way: ways.WriteRetention) -> Iterator[Edit]:
        if way.like is None:
            return
        root = self._root(way.like.settings.source)
        retain = root.get("retain")
        if not isinstance(retain, Map) or retain.key(way.name):
            raise CannotEdit
        like: dict[str, Any] = to_data(self._map(way.like))
        filters = {"tags": dict(way.tags), "size": _size(way)}
        kept = {key: value for key, value in like.items() if key not in filters}
        said = {**kept, "prefix": way.prefix, **{k: v for k, v in filters.items() if v}}
        yield from set_keys(retain, {way.name: _as_value(said)})

    def _in_retentions(self, root: Map, key: str) -> Iterator[Edit]:
        said = root.get(key)
        if said is None:
            return
        yield from drop_keys(root, [(key,)])
        retentions = _retentions(root).values()
        decide = [each for each in retentions if each.key(key)]
        for settings in retentions:
            if settings.key(key) is None and _is_decided_above(settings, decide):
                continue
            # S3 aborts uploads by prefix alone (InvalidRequest: cannot be specified with Tags).
            too_fine = key == "uploads" and (settings.key("tags") or settings.key("size"))
            if settings.key(key) is None and not too_fine:
                yield from set_keys(settings, {key: _as_value(to_data(said))})


def _is_overridden(settings: Map) -> bool:
    clocks = (value for key, value in settings.entries if key.value in ("old_versions", "uploads"))
    maps = [settings, *(clock for clock in clocks if isinstance(clock, Map))]
    return any(each.key("per_account") or each.key("per_bucket") for each in maps)


def _is_there(edit: Edit) -> bool:
    """Whether it changes nothing."""
    return edit.span.source.text[edit.span.start : edit.span.end] == edit.text


def _retentions(root: Map) -> dict[str, Map]:
    retain = root.get("retain")
    entries = retain.entries if isinstance(retain, Map) else ()
    return {name.value: settings for name, settings in entries if isinstance(settings, Map)}


def _is_decided_above(settings: Map, others: Iterable[Map]) -> bool:
    """Whether others say all that holds for a retention. Raises `CannotEdit` where they say a part
    of it.
    """
    decided = [
        any(_decides(other, above, settings, prefix) for other in others for above in _at(other))
        for prefix in _at(settings)
    ]
    if any(decided) and not all(decided):
        raise CannotEdit
    return any(decided)


def _decides(other: Map, above: str, settings: Map, prefix: str) -> bool:
    if prefix.startswith(above) and not _is_filtered(other):
        return True
    if prefix.startswith(above) or (above.startswith(prefix) and _is_filtered(settings)):
        raise CannotEdit  # for some tags or sizes, it may
    return False


def _at(settings: Map) -> list[str]:
    said = settings.get("prefix")
    listed = said.items if isinstance(said, List) else (said,)
    return [each.value for each in listed if isinstance(each, Text)]


def _is_filtered(settings: Map) -> bool:
    return settings.key("tags") is not None or settings.key("size") is not None


def _size(way: ways.WriteRetention) -> dict[str, str]:
    bounds = {"over": way.over, "under": way.under}
    return {key: f"{bound}B" for key, bound in bounds.items() if bound is not None}


def _as_value(data: Any) -> Value:
    if isinstance(data, dict):
        return {key: _as_value(value) for key, value in data.items()}
    return tuple(data) if isinstance(data, list) else str(data)
