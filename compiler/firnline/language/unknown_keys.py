"""Which key was meant by one that does not exist?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Place
from firnline.diagnostics.remedy import Advise, RemoveOne, Translate, WriteName
from firnline.language.misspelt import misspelt
from firnline.language.mistyped import is_another_word, mistyped
from firnline.language.nearest import did_you_mean
from firnline.language.nodes import Map, Node, Path, Text, at
from firnline.language.rewrite import rewrite
from firnline.language.schemas import FileKind
from firnline.language.shape_kinds import UNKNOWN_KEY
from firnline.language.translate import Translation, renamed, translation


def unknown_keys(
    known: Sequence[str], root: Map, path: Path
) -> Iterator[tuple[Diagnostic, Path | None]]:
    """A diagnostic for each key of the map at `path` that is not in `known`, with its path."""
    node = at(root, path)
    assert isinstance(node, Map)
    slips = _slips(node, known)
    changed: set[str] = set()
    for key in _unknown(node, known):
        meant = _meant(key, root, path, known, slips)
        contradiction = _contradiction(key, meant, root, path)
        if contradiction:
            meant = Translation(RemoveOne((key.span, contradiction.key.span), "one of the two"))
        if changed & meant.rests_on:
            meant = meant._replace(fix=None)  # there is one once the others are made
        changed |= meant.rests_on if meant.fix else set()
        also: list[tuple[Place, str]] = []
        if (there := _said_too(key, node, known, meant)) is not None:
            meant = Translation(RemoveOne((key.span, there.span), "one of the two"))
            also = [(there.span, f"`{there.value}` is written here")]
        elif contradiction:
            also = [(contradiction.key.span, contradiction.message)]
        message = f"unknown key `{key.value}`"
        found = UNKNOWN_KEY.at(key.span, message, also=also, remedy=meant.remedy, fix=meant.fix)
        yield found, (*path, key.value)


class _Contradiction(NamedTuple):
    key: Text
    message: str


def _contradiction(key: Text, meant: Translation, root: Map, path: Path) -> _Contradiction | None:
    """Another unknown key that sets what this one sets: beside it to another value, or in the map
    above or below, where both fixes together would write one key twice.
    """
    ours = _settings(meant, path)
    if not ours:
        return None
    for other, above in _others(key, root, path):
        if (found := translation(*other, root, above)) is None:
            continue
        for setting, value in _settings(found, above).items():
            mine = ours.get(setting)
            if mine is None or (above == path and mine == value):
                continue
            name, said = other[0].value, f"`{setting[-1]}: {value}`"
            if mine == value:
                return _Contradiction(other[0], f"`{name}` says it too: {said}")
            return _Contradiction(
                other[0], f"`{name}` contradicts it: {said}, not `{setting[-1]}: {mine}`"
            )
    return None


def _others(key: Text, root: Map, path: Path) -> Iterator[tuple[tuple[Text, Node], Path]]:
    """The other entries of the map at `path`, of the map above and of the maps in it."""
    places = [path]
    if path and path[-1] in _WITHIN:
        places.append(path[:-1])
    node = at(root, path)
    assert isinstance(node, Map)
    places += [(*path, name) for name in _WITHIN if node.get(name)]
    for place in places:
        there = at(root, place)
        for other, value in there.entries if isinstance(there, Map) else ():
            if other is not key and other.value not in _WITHIN:
                yield (other, value), place


def _settings(meant: Translation, path: Path) -> dict[Path, str]:
    """What a key sets, by the path of each setting, where its own value says it."""
    way = meant.remedy
    if not isinstance(way, Translate) or way.is_example or way.into:
        return {}
    return {(*path, *setting): value for setting, value in way.settings}


_WITHIN: Final = ("old_versions", "uploads", "size")


def meant_keys(known: Sequence[str], root: Map, path: Path) -> frozenset[str]:
    """The keys that are missing in the map at `path`, but written there in other words."""
    node = at(root, path)
    assert isinstance(node, Map)
    slips = _slips(node, known)
    all_meant = (_meant(key, root, path, known, slips) for key in _unknown(node, known))
    return frozenset().union(*(each.keys for each in all_meant))


def _unknown(node: Map, known: Sequence[str]) -> list[Text]:
    return [key for key, _ in node.entries if key.value not in known]


def _meant(
    key: Text, root: Map, path: Path, known: Sequence[str], slips: dict[str, str]
) -> Translation:
    """A word of another store first: it is no slip of one of ours."""
    node = at(root, path)
    assert isinstance(node, Map)
    value = node.get(key.value)
    assert value is not None
    unused = [name for name in known if node.get(name) is None]
    if _is_policy(root) and (found := translation(key, value, root, path)):
        return found
    if found := renamed(key, value, unused):
        return found
    if name := slips.get(key.value):
        is_certain = mistyped(key.value, unused) == name
        fix = rewrite(key.span, key.value, name, safe=is_certain)
        way = did_you_mean(key.value, [name]) or WriteName(name)
        return Translation(way, fix, frozenset({name}))
    return Translation(_nearest(key.value, unused) or Advise(f"known here: {', '.join(known)}"))


def _said_too(key: Text, node: Map, known: Sequence[str], meant: Translation) -> Text | None:
    """The key that says the same and stands there too."""
    if isinstance(meant.remedy, Advise) and meant.keys:
        return None  # it says something else, which leads to that key
    same = [name for name in meant.keys if isinstance(node.get(name), Text)]
    if same:
        return node.key(same[0])
    name = None if isinstance(meant.remedy, Translate) else misspelt(key.value, known)
    return None if name is None or is_another_word(key.value, name) else node.key(name)


def _slips(node: Map, known: Sequence[str]) -> dict[str, str]:
    """The unknown keys that must be misspellings of a known key that is missing."""
    unused = [name for name in known if node.get(name) is None]
    unknown = [key.value for key in _unknown(node, known)]
    near = {key: name for key in unknown if (name := misspelt(key, unused))}
    meant = {key: name for key, name in near.items() if not is_another_word(key, name)}
    times = Counter(meant.values())  # mending two would write one key twice
    return {key: name for key, name in meant.items() if times[name] == 1}


def _nearest(written: str, unused: Sequence[str]) -> WriteName | None:
    near = did_you_mean(written, unused)
    return None if near is None or is_another_word(written, near.name) else near


def _is_policy(root: Map) -> bool:
    kind = root.get("firnline")
    return isinstance(kind, Text) and kind.value == FileKind.POLICY
