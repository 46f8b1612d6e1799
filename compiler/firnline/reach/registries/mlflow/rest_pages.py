"""Pages with offset tokens → a listing that can be believed.

MLflow's token is an offset: a row that vanishes before it makes the next page skip one that is
still there. So each listing is read in one order and then in the opposite one, until two in turn
agree. A page that the server takes too long for fails, so pages are not as large as can be.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.registries.mlflow.rest_client import in_our_words
from firnline.reach.source import CannotRead

T = TypeVar("T")
Fetch: TypeAlias = Callable[[bool, str | None], Any]
"""From whether it ascends, and a token, to a page: a list with a `token`."""

_MOST_PASSES: Final = 4


@dataclass(slots=True)
class Listings:
    """What the listings of one server came to."""

    problems: Problems
    pages: int = 0
    count: int = 0
    counted_again: int = 0

    def stable(
        self,
        what: str,
        fetches: tuple[Fetch, ...],
        read: Callable[[Any], T],
        key: Callable[[T], Hashable],
    ) -> tuple[T, ...]:
        """By `key` without duplicates. Where no two passes agree, a problem is added."""
        before: dict[Hashable, T] = {}
        found: dict[Hashable, T] = {}
        for each in range(_MOST_PASSES):
            before, found = found, {}
            for fetch in fetches:
                found |= {
                    key(row): row for row in map(read, self._pass(what, fetch, each % 2 == 0))
                }
            if each and before.keys() == found.keys():
                break
        else:
            self.problems.add(
                f"has a list of {what} that changed each time it was read: read it again when less"
                " is written, or read the backend store by `backend_store_env`, in one snapshot"
            )
        self.count += len(found)
        self.counted_again += len(before)
        return tuple(found.values())

    def _pass(self, what: str, fetch: Fetch, ascends: bool) -> Iterator[Any]:
        tokens: set[str] = set()
        token: str | None = None
        while True:
            with in_our_words():
                page = fetch(ascends, token)
                token = page.token
            self.pages += 1
            yield from page
            if not token:
                return
            if token in tokens:
                raise CannotRead(
                    f"repeats a page of its {what}, so that the rest cannot be read: read it again,"
                    " and if that repeats, look for a proxy that answers from a cache"
                )
            tokens.add(token)
