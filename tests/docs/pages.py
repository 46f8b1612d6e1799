"""A page of the docs, as code blocks and the commands in them.

A ```sh block with `$ ` prompts is a session: what follows a command, up to the next prompt, is all
that it prints, on stdout and stderr; `…` stands for anything, and a line of its own for any lines.
A ```yaml block whose first line is `# some/path.yaml` is a file for the commands below it. What
stands as `<!-- $ command -->` is run too, but not shown: it makes the trouble the page is about.
A ```console block is a session in sources that were changed (tests/docs/test_contributing.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.paths import CHECKOUT

ANYTHING = "…"
CONSOLE = "console"
_FENCE = re.compile(r"^(\s*)```(\w*)\s*$")
_HIDDEN = re.compile(r"^<!-- \$ (.*) -->$")
_FILE = re.compile(r"# (\S+\.ya?ml)")


@dataclass(frozen=True, slots=True)
class Block:
    """`line` is that of the opening fence."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """Where the block says it is to be saved."""
        found = _FILE.fullmatch(self.text.partition("\n")[0])
        return found[1] if found and self.language == "yaml" else None

    @property
    def content(self) -> str:
        """The text, without the line that says where it is to be saved."""
        return self.text.partition("\n")[2] if self.file else self.text


@dataclass(frozen=True, slots=True)
class Command:
    page: str
    line: int
    text: str
    expected: str
    hidden: bool = False

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    def fits(self, printed: str) -> bool:
        return re.fullmatch(_pattern(self.expected), _trimmed(printed)) is not None


def pages() -> list[str]:
    """Every page of the project, by its path in the checkout."""
    found = [CHECKOUT / "README.md", *CHECKOUT.glob("docs/**/*.md")]
    found += [CHECKOUT / folder / "README.md" for folder in ("compiler", "sandbox")]
    found += CHECKOUT.glob("sandbox/*/README.md")
    return sorted(str(page.relative_to(CHECKOUT)) for page in found if page.is_file())


def text_of(page: str) -> str:
    return (CHECKOUT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    lines = text_of(page).splitlines()
    number = 0
    while number < len(lines):
        opened = _FENCE.match(lines[number])
        if opened is None:
            number += 1
            continue
        indent, start = opened[1], number + 1
        end = next(i for i in range(start, len(lines)) if lines[i] == f"{indent}```")
        inside = [line.removeprefix(indent) for line in lines[start:end]]
        yield Block(page, start, opened[2], "\n".join(inside) + "\n")
        number = end + 1


def commands(block: Block) -> Iterator[Command]:
    """Those of a session; a line that begins with `> ` continues the one above it."""
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if block.language not in ("sh", CONSOLE) or not starts:
        return
    assert starts[0] == 0, f"{block.place}: a session begins with its first prompt"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        words = [lines[start].removeprefix("$ ")]
        after = start + 1
        while after < end and lines[after].startswith("> "):
            words.append(lines[after].removeprefix("> "))
            after += 1
        printed = "\n".join(lines[after:end])
        yield Command(block.page, block.line + start + 1, "\n".join(words), printed)


def steps(page: str) -> list[Block | Command]:
    """Files and commands, in the order in which a reader meets them."""
    found: list[Block | Command] = []
    for block in blocks(page):
        if block.file:
            found.append(block)
        if block.language != CONSOLE:
            found += commands(block)
    for number, line in enumerate(text_of(page).splitlines(), 1):
        if hidden := _HIDDEN.match(line):
            found.append(Command(page, number, hidden[1], ANYTHING, hidden=True))
    return sorted(found, key=lambda step: step.line)


def section(page: str, heading: str) -> str:
    """The text below a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    _, found, below = text_of(page).partition(f"\n{heading}\n")
    assert found, f"{page} has no heading {heading!r}"
    return re.split(rf"^#{{1,{level}}} ", below, maxsplit=1, flags=re.MULTILINE)[0]


def _trimmed(printed: str) -> str:
    return "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n")


def _pattern(expected: str) -> str:
    """A line of `…` alone takes its line end along, so that it may stand for no line at all."""
    whole = _trimmed(expected)
    if whole == ANYTHING:
        return r"[\s\S]*"
    whole = re.sub(r"\n…\Z", "\1", whole)
    whole = re.sub(r"^…\n", "\0", whole, flags=re.MULTILINE)
    lines, the_rest = r"(?:[^\n]*\n)*?", r"(?:\n[\s\S]*)?"
    return "".join(
        {"\0": lines, "\1": the_rest, ANYTHING: r"[^\n]*?"}.get(part, re.escape(part))
        for part in re.split("(\0|\1|…)", whole)
    )
