"""A source that an installed package brings, under an entry point of `firnline.registries`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, cast

from firnline.fleet.accounts import NoAccess
from firnline.language.fleet_registries import Plugin
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Found, Source

GROUP: Final = "firnline.registries"


@dataclass(frozen=True, slots=True)
class PluginSource:
    """The entry point is a callable: from the name of the registry, its `settings`, and the `World`
    to a `Source`.
    """

    name: str
    settings: Plugin
    world: World

    def read(self) -> Iterator[Found]:
        """Raises `CannotRead`, `NoAccess`, OSError."""
        entry = self._entry()
        try:
            make: Any = entry.load()
            source = cast(Source, make(self.name, self.settings.settings, self.world))
            yield from source.read()
        except (CannotRead, NoAccess, OSError):
            raise
        # Whatever code of others raises: what it read is then not all there is. Its text may hold
        # a secret.
        except Exception as why:
            raise CannotRead(
                f"failed with {type(why).__name__} in the plugin `{entry.name}`: report that to the"
                " package that brings it"
            ) from why

    def _entry(self) -> EntryPoint:
        named = self.settings.name.value
        found = entry_points(group=GROUP)
        if named in found.names:
            return found[named]
        known = ", ".join(sorted(found.names)) or "none"
        raise CannotRead(
            f"is read by the plugin `{named}`, which no installed package brings (there are:"
            f" {known}): install it, or correct `name`"
        )
