"""A chart as a page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Chart:
    root: Element

    @classmethod
    def of(cls, svg: str) -> Chart:
        return cls(fromstring(svg))

    @property
    def height(self) -> float:
        return float(self.root.get("viewBox", "").split()[-1])

    @property
    def texts(self) -> list[Element]:
        return list(self.root.iter(f"{_SVG}text"))

    @property
    def words(self) -> list[str]:
        return [each.text or "" for each in self.texts]

    @property
    def labels(self) -> list[str]:
        return [each.text or "" for each in self.texts if each.get("class") == "key"]

    @property
    def tooltips(self) -> dict[str, str]:
        """What those draw that have one."""
        return {
            each.findtext(f"{_SVG}title", ""): each.get("d", "")
            for each in self.root.iter(f"{_SVG}path")
            if each.find(f"{_SVG}title") is not None
        }

    @property
    def title(self) -> str:
        return self.root.findtext(f"{_SVG}title", "")

    @property
    def description(self) -> str:
        return self.root.findtext(f"{_SVG}desc", "")

    def paths(self, classes: str) -> list[str]:
        """What those draw that have these classes."""
        return [
            each.get("d", "")
            for each in self.root.iter(f"{_SVG}path")
            if each.get("class") == classes
        ]
