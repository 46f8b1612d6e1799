"""What a reading could not tell, each once, and no more than a reader takes in."""

from __future__ import annotations

from typing import Final

from firnline.reach.location import UnknownLocation
from firnline.reach.registries.mlflow.contents import Version

_SHOWN: Final = 5
NO_EXPERIMENT: Final = (
    "knows no experiment, not even MLflow's own Default: check that the address is that of the"
    " tracking server"
)


def unresolved(version: Version, unknown: UnknownLocation) -> str:
    what = f"has model {version.name} v{version.number}, whose source {unknown}"
    return with_remedy(what, "register it again with its location in S3, or delete the version")


def with_remedy(problem: str, remedy: str) -> str:
    """Some come with theirs."""
    return problem if "in the fleet file" in problem else f"{problem}: {remedy}"


class Problems:
    def __init__(self) -> None:
        self._counted: dict[str, int] = {}
        self._examples: dict[str, str] = {}

    def add(self, what: str, example: str = "") -> None:
        self._counted[what] = self._counted.get(what, 0) + 1
        self._examples.setdefault(what, example)

    def sentences(self) -> tuple[str, ...]:
        shown = [self._sentence(what) for what in list(self._counted)[:_SHOWN]]
        if more := len(self._counted) - len(shown):
            shown.append(f"has {more} more problems of such kinds")
        return tuple(shown)

    def _sentence(self, what: str) -> str:
        if not (example := self._examples[what]):
            return what
        times = self._counted[what]
        more = f" and {times - 1} more" if times > 1 else ""
        return f"{what} (`{example}`{more})"
