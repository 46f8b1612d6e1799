"""In which formats can a command answer? One table for all commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from typing import Any, assert_never


class Answer(Enum):
    """The results of commands. The value is its name in `firnline schema`."""

    DIAGNOSTICS = "report"
    RULES = "rules"
    CHANGES = "diff"
    SIMULATED = "simulate"
    CONFORMANCE = "conformance"
    LIVE_RULES = "live-rules"


class DrawnFor(Enum):
    """What a renderer needs to know of the screen, besides the answer."""

    ANYWHERE = auto()
    WIDTH = auto()
    WIDTH_AND_COLOUR = auto()


@dataclass(frozen=True, slots=True)
class Format:
    """`renderer` is `module:function`, imported only when it is called: some are slow to import.
    `schema` is the package and the file with the JSON Schema of its output.
    """

    name: str
    help: str
    renderer: str
    drawn_for: DrawnFor = DrawnFor.ANYWHERE
    schema: tuple[str, str] | None = None

    def load(self) -> Callable[..., str]:
        module, _, function = self.renderer.partition(":")
        found: Callable[..., str] = getattr(import_module(module), function)
        return found

    def render(self, answer: Any, *, colour: bool, columns: int) -> str:
        match self.drawn_for:
            case DrawnFor.ANYWHERE:
                return self.load()(answer)
            case DrawnFor.WIDTH:
                return self.load()(answer, columns=columns)
            case DrawnFor.WIDTH_AND_COLOUR:
                return self.load()(answer, columns=columns, colour=colour)
            case _:
                assert_never(self.drawn_for)


FORMATS: Mapping[Answer, tuple[Format, ...]] = {
    Answer.DIAGNOSTICS: (
        Format(
            "text",
            "drawn for people",
            "firnline.diagnostics.text:to_text",
            DrawnFor.WIDTH_AND_COLOUR,
        ),
        Format("concise", "one line each", "firnline.diagnostics.concise:to_concise"),
        Format(
            "json",
            "for programs, versioned (`firnline schema report`)",
            "firnline.diagnostics.json:to_json",
            schema=("firnline.diagnostics", "report.schema.json"),
        ),
    ),
    Answer.RULES: (
        Format(
            "text",
            "what happens to the objects, in words",
            "firnline.targets.formats.rules_text:to_words",
        ),
        Format(
            "s3-json",
            "S3's own JSON, by account/region/bucket",
            "firnline.targets.formats.rules_s3_json:to_s3_json",
        ),
    ),
    Answer.CONFORMANCE: (
        Format(
            "text",
            "one line per case that differs",
            "firnline.targets.formats.conformance_text:to_text",
        ),
        Format(
            "json",
            "every case, versioned (`firnline schema conformance`)",
            "firnline.targets.formats.conformance_json:to_json",
            schema=("firnline.s3.conformance", "results.schema.json"),
        ),
    ),
    Answer.CHANGES: (
        Format(
            "text",
            "drawn for people",
            "firnline.targets.changes_text:to_text",
            DrawnFor.WIDTH_AND_COLOUR,
        ),
        Format(
            "json",
            "for programs, versioned (`firnline schema diff`)",
            "firnline.targets.formats.changes_json:to_json",
            schema=("firnline.targets", "changes.schema.json"),
        ),
    ),
    Answer.SIMULATED: (
        Format(
            "text",
            "tables, and the timeline of each kind of object",
            "firnline.targets.simulated_text:to_text",
            DrawnFor.WIDTH,
        ),
        Format(
            "json",
            "every object, versioned (`firnline schema simulate`)",
            "firnline.targets.formats.simulated_json:to_json",
            schema=("firnline.targets", "simulated.schema.json"),
        ),
        Format(
            "timeline",
            "only the timelines",
            "firnline.targets.simulated_text:to_timelines",
            DrawnFor.WIDTH,
        ),
    ),
    Answer.LIVE_RULES: (
        Format(
            "text", "in words", "firnline.cli.live_rules_text:to_text", DrawnFor.WIDTH_AND_COLOUR
        ),
        Format(
            "json",
            "the configurations as S3 has them, by account/region/bucket; null where none is",
            "firnline.cli.live_rules_json:to_json",
        ),
    ),
}
"""The first of each is what a command prints by default."""
