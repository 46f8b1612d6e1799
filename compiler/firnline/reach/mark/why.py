"""One key → everything that registries say of it, by trying each line on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from firnline.reach.mark.covering import text_of
from firnline.reach.reference_file import Found
from firnline.reach.references import CheckpointRule, Reference, Root, Unneeded

_Said = TypeVar("_Said", Reference, Unneeded, Root, CheckpointRule)


@dataclass(frozen=True, slots=True)
class Why:
    """`references` are those that cover the key, the strongest first; `unneeded` and `checkpoints`
    the nearest first; each with the name of its registry. `missing_run` is the folder of a run that
    no registry knows, where nothing else covers the key, and `root` in which it lies. `beside` is
    true where that folder has the form of a run's, but a registry names something else in it.
    """

    references: tuple[tuple[str, Reference], ...]
    unneeded: tuple[tuple[str, Unneeded], ...]
    checkpoints: tuple[tuple[str, CheckpointRule], ...]
    missing_run: str | None = None
    root: Root | None = None
    beside: bool = False


def why(bucket: str, key: str, read: Callable[[], Iterable[Found]]) -> Why:
    """`read` begins to read what registries said."""
    covering = [
        (registry, each)
        for registry, each in read()
        if each.location.bucket == bucket and each.location.covers(key)
    ]
    references = sorted(
        _of(covering, Reference), key=lambda each: (-each[1].strength, -_length(each[1]))
    )
    unneeded = sorted(_of(covering, Unneeded), key=lambda each: -_length(each[1]))
    rules = sorted(_of(covering, CheckpointRule), key=lambda each: -_length(each[1]))
    found = Why(tuple(references), tuple(unneeded), tuple(rules))
    if references or unneeded:
        return found
    roots = sorted((each for _, each in _of(covering, Root)), key=lambda each: -_length(each))
    for root, folder in _run_folders(key, roots):
        named = any(
            each.location.bucket == bucket and _text(each).startswith(folder) for _, each in read()
        )
        if not named:
            return Why((), (), found.checkpoints, folder, root)
        found = Why((), (), found.checkpoints, None, root, beside=True)
    return found


def _run_folders(key: str, roots: Iterable[Root]) -> Iterator[tuple[Root, str]]:
    for root in roots:
        id, slash, _ = key[_length(root) :].partition("/")
        if slash and re.fullmatch(root.known_ids, id):
            yield root, f"{_text(root)}{id}/"


def _of(covering: Iterable[Found], kind: type[_Said]) -> Iterator[tuple[str, _Said]]:
    return ((registry, each) for registry, each in covering if isinstance(each, kind))


def _text(said: Reference | Unneeded | Root | CheckpointRule) -> str:
    return text_of(said.location, said.location.kind)


def _length(said: Reference | Unneeded | Root | CheckpointRule) -> int:
    return len(_text(said))
