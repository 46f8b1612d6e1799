"""A format in which a command answers: its name, and what its renderer needs to know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any, assert_never

from firnline.cli.renderers import Renderer
from firnline.diagnostics.kinds import Diagnostic, Severity, Waived
from firnline.diagnostics.log_lines import Notation, without_commands
from firnline.diagnostics.repository import Repository


class FormatName(StrEnum):
    """As `--out` takes it."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    JSON_LINES = "json-lines"
    S3_JSON = "s3-json"
    TIMELINE = "timeline"
    JUNIT = "junit"
    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    CSV = "csv"
    PARQUET = "parquet"
    GITHUB = "github"
    SARIF = "sarif"
    MARKDOWN = "markdown"
    MARKDOWN_PLAIN = "markdown-plain"
    HTML = "html"
    GITHUB_SUMMARY = "github-summary"
    GITHUB_OUTPUT = "github-output"


class DrawnFor(Enum):
    """What a renderer needs to know besides the answer: of the screen, what makes a run fail, or
    where the files are in their repository.
    """

    ANYWHERE = auto()
    WIDTH = auto()
    WIDTH_AND_COLOUR = auto()
    WIDTH_COLOUR_AND_LENGTH = auto()
    FAILING = auto()
    REPOSITORY = auto()
    REPOSITORY_AND_WAIVED = auto()


Refusal = Callable[[Any], Iterator[Diagnostic]]


def _nothing(_answer: Any) -> Iterator[Diagnostic]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Format:
    """`load` imports the renderer. `schema` is the package and the file with the JSON Schema of its
    output. `refuses` says why an answer cannot be written in this format; `is_applied` where
    another program makes buckets what the output says. `notation` is how it writes otherwise what
    the log of GitHub Actions would carry out; None where it cannot, or is meant to be carried out.
    """

    name: FormatName
    help: str
    load: Callable[[], Renderer]
    drawn_for: DrawnFor = DrawnFor.ANYWHERE
    schema: tuple[str, str] | None = None
    refuses: Refusal = _nothing
    is_applied: bool = False
    notation: Notation | None = Notation.WORDS

    def render(
        self,
        answer: Any,
        *,
        colour: bool,
        columns: int,
        whole: bool = False,
        failing: Collection[Severity] = (Severity.ERROR, Severity.GATE),
        repository: Repository | None = None,
        waived: Sequence[Waived] = (),
    ) -> str:
        """`whole`: with what a drawing leaves out because no screen is so long. `failing`: which
        findings make the command fail. `repository`: of the files that were read. `waived`: what is
        none of the findings, as it is accepted for a while.
        """
        given: dict[str, Any] = {}
        match self.drawn_for:
            case DrawnFor.ANYWHERE:
                pass
            case DrawnFor.WIDTH:
                given = {"columns": columns}
            case DrawnFor.WIDTH_AND_COLOUR:
                given = {"columns": columns, "colour": colour}
            case DrawnFor.WIDTH_COLOUR_AND_LENGTH:
                given = {"columns": columns, "colour": colour, "whole": whole}
            case DrawnFor.FAILING:
                given = {"failing": failing}
            case DrawnFor.REPOSITORY:
                given = {"repository": repository}
            case DrawnFor.REPOSITORY_AND_WAIVED:
                given = {"repository": repository, "waived": waived}
            case _:
                assert_never(self.drawn_for)
        text = self.load()(answer, **given)
        return text if self.notation is None else without_commands(text, self.notation)
