"""In which formats can a command answer? One table for all commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any, assert_never


class Answer(Enum):
    """The results of commands. The value is its name in `firnline schema`."""

    DIAGNOSTICS = "report"
    RULES = "rules"
    CHANGES = "diff"
    SIMULATED = "simulate"
    CONFORMANCE = "conformance"
    LIVE_RULES = "live-rules"


class FormatName(StrEnum):
    """As `--out` takes it."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    S3_JSON = "s3-json"
    TIMELINE = "timeline"


class DrawnFor(Enum):
    """What a renderer needs to know of the screen, besides the answer."""

    ANYWHERE = auto()
    WIDTH = auto()
    WIDTH_AND_COLOUR = auto()


Renderer = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Format:
    """`load` imports the renderer. `schema` is the package and the file with the JSON Schema of its
    output.
    """

    name: FormatName
    help: str
    load: Callable[[], Renderer]
    drawn_for: DrawnFor = DrawnFor.ANYWHERE
    schema: tuple[str, str] | None = None

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


# Each renderer is imported when it is called, for start-up time: a command needs one or two.


def _diagnostics_text() -> Renderer:
    from firnline.diagnostics.text import to_text

    return to_text


def _diagnostics_concise() -> Renderer:
    from firnline.diagnostics.concise import to_concise

    return to_concise


def _diagnostics_json() -> Renderer:
    from firnline.diagnostics.json import to_json

    return to_json


def _rules_text() -> Renderer:
    from firnline.targets.formats.rules_text import to_words

    return to_words


def _rules_s3_json() -> Renderer:
    from firnline.targets.formats.rules_s3_json import to_s3_json

    return to_s3_json


def _conformance_text() -> Renderer:
    from firnline.targets.formats.conformance_text import to_text

    return to_text


def _conformance_json() -> Renderer:
    from firnline.targets.formats.conformance_json import to_json

    return to_json


def _changes_text() -> Renderer:
    from firnline.targets.changes_text import to_text

    return to_text


def _changes_json() -> Renderer:
    from firnline.targets.formats.changes_json import to_json

    return to_json


def _simulated_text() -> Renderer:
    from firnline.targets.simulated_text import to_text

    return to_text


def _simulated_json() -> Renderer:
    from firnline.targets.formats.simulated_json import to_json

    return to_json


def _simulated_timelines() -> Renderer:
    from firnline.targets.simulated_text import to_timelines

    return to_timelines


def _live_rules_text() -> Renderer:
    from firnline.cli.live_rules_text import to_text

    return to_text


def _live_rules_json() -> Renderer:
    from firnline.cli.live_rules_json import to_json

    return to_json


FORMATS: Mapping[Answer, tuple[Format, ...]] = {
    Answer.DIAGNOSTICS: (
        Format(FormatName.TEXT, "drawn for people", _diagnostics_text, DrawnFor.WIDTH_AND_COLOUR),
        Format(FormatName.CONCISE, "one line each", _diagnostics_concise),
        Format(
            FormatName.JSON,
            "for programs, versioned (`firnline schema report`)",
            _diagnostics_json,
            schema=("firnline.diagnostics", "report.schema.json"),
        ),
    ),
    Answer.RULES: (
        Format(FormatName.TEXT, "what happens to the objects, in words", _rules_text),
        Format(FormatName.S3_JSON, "S3's own JSON, by account/region/bucket", _rules_s3_json),
    ),
    Answer.CONFORMANCE: (
        Format(FormatName.TEXT, "one line per case that differs", _conformance_text),
        Format(
            FormatName.JSON,
            "every case, versioned (`firnline schema conformance`)",
            _conformance_json,
            schema=("firnline.s3.conformance", "results.schema.json"),
        ),
    ),
    Answer.CHANGES: (
        Format(FormatName.TEXT, "drawn for people", _changes_text, DrawnFor.WIDTH_AND_COLOUR),
        Format(
            FormatName.JSON,
            "for programs, versioned (`firnline schema diff`)",
            _changes_json,
            schema=("firnline.targets", "changes.schema.json"),
        ),
    ),
    Answer.SIMULATED: (
        Format(
            FormatName.TEXT,
            "tables, and the timeline of each kind of object",
            _simulated_text,
            DrawnFor.WIDTH,
        ),
        Format(
            FormatName.JSON,
            "every object, versioned (`firnline schema simulate`)",
            _simulated_json,
            schema=("firnline.targets", "simulated.schema.json"),
        ),
        Format(FormatName.TIMELINE, "only the timelines", _simulated_timelines, DrawnFor.WIDTH),
    ),
    Answer.LIVE_RULES: (
        Format(FormatName.TEXT, "in words", _live_rules_text, DrawnFor.WIDTH_AND_COLOUR),
        Format(
            FormatName.JSON,
            "the configurations as S3 has them, by account/region/bucket; null where none is",
            _live_rules_json,
        ),
    ),
}
"""The first of each is what a command prints by default."""
