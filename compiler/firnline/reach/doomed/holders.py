"""Whose locations cover a key? A lookup that is fast for many keys and many locations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar, assert_never

from firnline.reach.location import Location, LocationKind

T = TypeVar("T")


class Holders(Generic[T]):
    """Those of one bucket. One with several locations may be found more than once."""

    def __init__(self) -> None:
        self._exact: dict[str, list[T]] = {}
        self._folders: dict[str, list[T]] = {}
        self._prefixes: dict[str, list[T]] = {}
        self._lengths: dict[int, None] = {}
        """Of the prefixes: few are different."""

    def add(self, location: Location, holder: T) -> None:
        match location.kind:
            case LocationKind.EXACT:
                of = self._exact
            case LocationKind.DIR if location.key:
                of = self._folders
            case LocationKind.DIR | LocationKind.RAW_PREFIX:
                of = self._prefixes
                self._lengths[len(location.key)] = None
            case _:
                assert_never(location.kind)
        of.setdefault(location.key, []).append(holder)

    def of(self, key: str) -> Iterator[T]:
        yield from self._exact.get(key, ())
        for length in self._lengths:
            yield from self._prefixes.get(key[:length], ()) if length <= len(key) else ()
        if self._folders:
            yield from self._folders.get(key, ())
            end = key.find("/")
            while end >= 0:
                yield from self._folders.get(key[:end], ())
                end = key.find("/", end + 1)
