"""The pictures of the docs, drawn from what commands print: `make docs` writes them, a test
compares them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parent
FOLDER = DOCS / "images"
EXAMPLES = DOCS / "examples"
_COLUMNS = 92
_FONTS = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'
# As rich's own, without the web fonts: a page must not wait for another server.
_SVG = f"""\
<svg class="rich-terminal" viewBox="0 0 {{width}} {{height}}" xmlns="http://www.w3.org/2000/svg">
<!-- Written by `make docs` from what the command prints. -->
<style>
.{{unique_id}}-matrix {{{{
    font-family: {_FONTS};
    font-size: {{char_height}}px;
    line-height: {{line_height}}px;
}}}}
.{{unique_id}}-title {{{{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal">
<rect x="0" y="0" width="{{terminal_width}}" height="{{terminal_height}}" />
</clipPath>
{{lines}}
</defs>
{{chrome}}
<g transform="translate({{terminal_x}}, {{terminal_y}})" \
clip-path="url(#{{unique_id}}-clip-terminal)">
{{backgrounds}}
<g class="{{unique_id}}-matrix">
{{matrix}}
</g>
</g>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """`command` is shown above what `firnline` with these `words` prints in the `folder`."""

    name: str
    command: str
    words: tuple[str, ...]
    stdin: Path | None = None
    folder: Callable[[Path], None] = lambda _: None


def a_changed_policy(folder: Path) -> None:
    """A git repository whose `origin/main` has the policy as it was before."""
    policy = folder / "policies/logs.yaml"
    policy.parent.mkdir()
    said = ("user.name=a", "user.email=a@example.com", "commit.gpgsign=false")
    git = ["git", *(word for each in said for word in ("-c", each)), "-C", str(folder)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "before"]):
        policy.write_bytes((EXAMPLES / "logs-before.yaml").read_bytes())
        subprocess.run([*git, *words], env=_environment(), check=True)
    at = ["update-ref", "refs/remotes/origin/main", "HEAD"]
    subprocess.run([*git, *at], env=_environment(), check=True)
    policy.write_bytes((EXAMPLES / "logs-after.yaml").read_bytes())


PICTURES = (
    Picture(
        "check-a-bucket",
        "aws s3api get-bucket-lifecycle-configuration --bucket acme-models | firnline check -",
        ("check", "-"),
        stdin=EXAMPLES / "acme-models.json",
    ),
    Picture(
        "check-a-plan",
        "terraform show -json plan | firnline check -",
        ("check", "-"),
        stdin=EXAMPLES / "plan.json",
    ),
    Picture(
        "diff",
        "firnline diff git:origin/main policies",
        ("diff", "git:origin/main", "policies"),
        folder=a_changed_policy,
    ),
)


def files() -> dict[str, str]:
    """Every picture as an SVG, by its file's name."""
    return {f"{picture.name}.svg": drawn(picture) for picture in PICTURES}


def drawn(picture: Picture) -> str:
    console = Console(
        record=True, width=_COLUMNS, file=StringIO(), color_system="truecolor", force_terminal=True
    )
    console.print(Text.assemble(("$ ", "bold green"), (picture.command, "bold")))
    # The empty line is room for the descenders of the last one.
    console.print(Text.from_ansi(printed(picture).rstrip()), end="\n\n")
    return console.export_svg(title="", code_format=_SVG, unique_id=picture.name)


def printed(picture: Picture) -> str:
    """With its colours."""
    with _folder(picture) as folder, (picture.stdin or Path(os.devnull)).open("rb") as stdin:
        ran = subprocess.run(
            [sys.executable, "-m", "firnline", *picture.words],
            cwd=folder,
            env=_environment(),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return ran.stdout.decode("utf-8")


@contextmanager
def _folder(picture: Picture) -> Iterator[Path]:
    with TemporaryDirectory() as name:
        picture.folder(Path(name))
        yield Path(name)


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FIRNLINE_", "GIT_", "NO_COLOR", "LC_", "LANG"))
    }
    package = str(DOCS.parent / "compiler")
    return {
        **kept,
        "COLUMNS": str(_COLUMNS),
        "FORCE_COLOR": "1",
        "PYTHONPATH": package,
        "PYTHONUTF8": "1",
    }
