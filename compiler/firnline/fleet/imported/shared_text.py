"""A policy of one bucket as YAML → the same for all that share it, with what differs in some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from firnline.diagnostics.fix import Edit, Fix, apply
from firnline.diagnostics.position import Source
from firnline.fleet.imported.shared_policies import RETAIN, Path, Settings, SharedPolicy, Value
from firnline.language.edit_map import drop_keys, written
from firnline.language.layout import format_text
from firnline.language.nodes import List, Map, Node, at, to_data
from firnline.language.pyyaml import as_name
from firnline.language.schemas import FileKind
from firnline.language.yaml_tree import TreeBuilder

_WIDEST: Final = 88
_TOP: Final = ""


def as_data(text: str) -> dict[str, Any]:
    """What a policy says."""
    said: dict[str, Any] = to_data(_root(text))
    return said


def shared_text(base: str, shared: SharedPolicy) -> str:
    """`base` is the policy of the bucket whose settings the others override, in block style where
    there are some.
    """
    text = base
    if shared.versioning is None:
        text = _edited(text, drop_keys(_root(text), [("versioning",)]))
    text = _with_buckets(text, shared)
    for section, by_place in _by_section(shared).items():
        label = _TOP if section == _TOP else shared.base.names[section]
        text = _overridden(text, label, _choices(shared, by_place))
    return format_text(text, FileKind.POLICY)


Nested = Mapping[str, Any]
Choices = Mapping[str, Mapping[str, Nested]]
"""By `per_account` and `per_bucket`, by name: the settings."""


def _by_section(shared: SharedPolicy) -> dict[str, dict[tuple[str, str], Settings]]:
    """By the scope of a retention, or `_TOP`, and place."""
    found: dict[str, dict[tuple[str, str], dict[Path, Value]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for place, settings in shared.overrides.items():
        for path, value in settings.items():
            if path[0] == RETAIN:
                found[path[1]][place][path[2:]] = value
            else:
                found[_TOP][place][path] = value
    return {section: dict(by_place) for section, by_place in sorted(found.items())}


def _choices(shared: SharedPolicy, by_place: Mapping[tuple[str, str], Settings]) -> Choices:
    """What all buckets of an account say, where others do not, is of the account."""
    accounts = {account for account, _ in (each.place for each in shared.members)}
    found: dict[str, dict[str, Nested]] = {"per_account": {}, "per_bucket": {}}
    for account in sorted(accounts):
        there = [each.place for each in shared.members if each.account == account]
        said = [by_place.get(place, {}) for place in there]
        if (
            len(there) > 1
            and len(accounts) > 1
            and said[0]
            and all(each == said[0] for each in said)
        ):
            found["per_account"][account] = _nested(said[0])
            continue
        found["per_bucket"] |= {
            bucket: _nested(settings)
            for (_, bucket), settings in zip(there, said, strict=True)
            if settings
        }
    return {key: entries for key, entries in found.items() if entries}


def _nested(settings: Settings) -> Nested:
    found: dict[str, Any] = {}
    for path, value in sorted(settings.items()):
        into = found
        for step in path[:-1]:
            into = into.setdefault(step, {})
        into[path[-1]] = value
    return found


def _overridden(text: str, retention: str, choices: Choices) -> str:
    into = _root(text)
    if retention != _TOP:
        found = at(into, (RETAIN, retention))
        assert isinstance(found, Map)
        into = found
    first = into.entries[0][0].span.start
    indent = " " * (first - text.rfind("\n", 0, first) - 1)
    end = text.find("\n", _last(into).span.end)
    end = len(text) if end < 0 else end
    lines = [
        f"{indent}{line}"
        for key, entries in choices.items()
        for line in (f"{key}:", *(f"  {_entry(*entry)}" for entry in entries.items()))
    ]
    return text[:end] + "".join(f"\n{line}" for line in lines) + text[end:]


def _entry(name: str, settings: Nested) -> str:
    return f"{written(as_name(name), quoted=False)}: {written(settings, quoted=False)}"


def _last(node: Node) -> Node:
    """The text or the braces at its end."""
    match node:
        case Map(entries=(*_, (_, below))) | List(items=(*_, below)):
            flow = node.span.source.text.startswith(("{", "["), node.span.start)
            return node if flow else _last(below)
        case _:
            return node


def _with_buckets(text: str, shared: SharedPolicy) -> str:
    """With all of them in `applies_to`, account by account."""
    by_account: dict[str, list[str]] = defaultdict(list)
    for account, bucket in (each.place for each in shared.members):
        by_account[account].append(bucket)
    lines = [line for each in by_account.items() for line in _of_account(*each)]
    key = "applies_to"
    root = _root(text)
    value = at(root, (key,))
    name = root.key(key)
    assert name is not None
    new = f"{key}:\n" + "\n".join(f"  {line}" for line in lines)
    return text[: name.span.start] + new + text[_last(value).span.end :]


def _of_account(account: str, buckets: Sequence[str]) -> Iterator[str]:
    yield f"- account: {written(as_name(account), quoted=False)}"
    names = tuple(map(as_name, buckets))
    said = written(names[0] if len(names) == 1 else names, quoted=False)
    if len(said) <= _WIDEST:
        yield f"  buckets: {said}"
    else:
        yield "  buckets:"
        yield from (f"    - {written(bucket, quoted=False)}" for bucket in names)


def _edited(text: str, edits: Iterable[Edit]) -> str:
    made = tuple(edits)
    return apply(text, [Fix(made, safe=False)])[0] if made else text


def _root(text: str) -> Map:
    root = TreeBuilder(Source("", text)).build()
    assert isinstance(root, Map)
    return root
