"""The pages on diagnostics, from the catalog: `make docs` writes them, a test compares them.

It adds new kinds to the list of codes as well, writes the page on safety, and draws the pictures
again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs import codes, gc_safety, layouts, pictures
from firnline.catalog import catalog
from firnline.diagnostics.kinds import Example, Kind
from firnline.examples import drawn, facts_of, shown
from firnline.reach.doomed.examples import REFERENCES, references_of
from firnline.rules.gates.examples import snapshots_of

_LANGUAGES = {"json": "json", "jsonl": "json", "toml": "toml"}
_A = {"error": "an error", "gate": "a gate", "warning": "a warning", "note": "a note"}
FOLDER = Path(__file__).resolve().parent / "diagnostics"
_GENERATED = "<!-- Written by `make docs` from the catalog: edit the check, not this page. -->"
_HEAD = f"""\
{_GENERATED}
# Diagnostics

What Firnline can say about files, policies and buckets. `firnline explain FL301` shows the same in
the terminal. Each page has an example that is wrong and its cure; the lines that every policy needs
(`policy`, `owner`, `why`, `applies_to`) are left out of them, but count in the line numbers.

| code | name | level | what is wrong |
|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """Every page's text, by its file's name."""
    kinds = catalog()
    rows = (
        f"| [{kind.code}]({kind.code}.md) | {kind.name} | {kind.severity.value} | {kind.title} |\n"
        for kind in kinds
    )
    return {"README.md": _HEAD + "".join(rows), **{f"{k.code}.md": page(k) for k in kinds}}


def page(kind: Kind) -> str:
    return "\n\n".join(_paragraphs(kind)) + "\n"


def write(pages: Mapping[str, str], folder: Path) -> None:
    """The folder then holds these pages and no other."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def _paragraphs(kind: Kind) -> Iterator[str]:
    yield f"{_GENERATED}\n# {kind.code}: {kind.title}"
    yield f"`{kind.name}`, {_A[kind.severity.value]}. [All diagnostics](README.md)."
    yield kind.why
    yield f"**Help:** {kind.help}."
    yield from _example("Wrong", kind.wrong)
    if said := drawn(kind):
        facts = facts_of(kind)
        command = "diff" if snapshots_of(kind.wrong) else "forecast" if facts else "check"
        if references_of(kind.wrong):
            command = f"check --references {REFERENCES}"
        who = f"`firnline {command}` says{f' of {facts}' if facts else ''}"
        yield f"What {who}:"
        yield _fenced("text", said)
    yield from _example("Right", kind.right)


def _example(title: str, example: Example) -> Iterator[str]:
    texts = list(shown(example))
    if texts:
        yield f"## {title}"
    for name, text in texts:
        if name:
            yield f"`{name}`:"
        end = (name or "").rpartition(".")[2]
        yield _fenced(_LANGUAGES.get(end, "yaml"), text)


def _fenced(language: str, text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


if __name__ == "__main__":
    write(pages(), FOLDER)
    listed = codes.FILE.read_text(encoding="utf-8")
    codes.FILE.write_text(codes.with_new(listed, catalog()), encoding="utf-8")
    gc_safety.FILE.write_text(gc_safety.page(), encoding="utf-8")
    layouts.FILE.write_text(layouts.page(), encoding="utf-8")
    for name, picture in pictures.files().items():
        (pictures.FOLDER / name).write_text(picture, encoding="utf-8")
