"""The docs as a site: the pages are staged with their links, and MkDocs Material builds them.

`make docs-site` calls it. MkDocs runs in an environment of its own, pinned by
docs/requirements.lock; this module needs the standard library only.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox.pinned import environment
from sandbox.walkthrough import CHECKOUT, require, step

DOCS = CHECKOUT / "docs"
FOLDER = CHECKOUT / ".cache/docs-site"
HTML = "html"
CONFIG = DOCS / "mkdocs.yml"
# Pages that stand beside the code they are about, and what they are called on the site.
ELSEWHERE = {
    "CHANGELOG.md": "changes.md",
    "compiler/README.md": "compiler.md",
    "sandbox/README.md": "sandbox.md",
    "sandbox/engine/README.md": "sandbox-engine.md",
    "tests/README.md": "tests.md",
    "tests/conformance/README.md": "conformance.md",
}
# The site has a first page of its own.
_FIRST = {"README.md": "index.md"}
_ASSETS = ("images/*.svg", "codes.txt", "site.css")
_FENCED = re.compile(r"^( *)(`{3,}).*?^\1\2$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def main() -> None:
    mkdocs()
    with step("the docs as a site"):
        build(FOLDER)
    shown = (FOLDER / HTML).relative_to(CHECKOUT)
    print(f"\n{shown}/index.html; with search: python3 -m http.server --directory {shown}")


def mkdocs() -> Path:
    """The command, installed where it is not yet."""
    lock = DOCS / "requirements.lock"
    return environment(FOLDER / "venv", lock, "MkDocs Material, pinned") / "mkdocs"


def build(folder: Path) -> None:
    """Into `html` there. Stops where a link is broken, or a page is in no navigation."""
    stage(folder / "pages")
    config = folder / CONFIG.name
    shutil.copy(CONFIG, config)
    quiet = ["env", "NO_MKDOCS_2_WARNING=1", "DISABLE_MKDOCS_2_WARNING=true"]
    require([*quiet, str(mkdocs()), "build", "--strict", "--quiet", "--clean", "-f", str(config)])


def stage(folder: Path) -> None:
    """The folder then holds the pages of the site and no other."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in pages().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for asset in assets():
        (folder / asset).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DOCS / asset, folder / asset)


def pages() -> dict[str, str]:
    """The text of each page, by its name on the site."""
    names = sources()
    return {
        name: linked(source, (CHECKOUT / source).read_text(encoding="utf-8"), names)
        for source, name in names.items()
    }


def sources() -> dict[str, str]:
    """The name of each page on the site, by its path in the checkout."""
    docs = (str(page.relative_to(DOCS)) for page in sorted(DOCS.rglob("*.md")))
    return {**{f"docs/{page}": page for page in docs}, **ELSEWHERE}


def assets() -> Iterator[str]:
    for pattern in _ASSETS:
        yield from (str(path.relative_to(DOCS)) for path in sorted(DOCS.glob(pattern)))


def linked(source: str, text: str, names: Mapping[str, str]) -> str:
    """With links that lead to pages of the site. What is not on it, such as code, is no link."""
    places = {**names, **_FIRST, **{f"docs/{asset}": asset for asset in assets()}}
    parts = []
    end = 0
    for fenced in _FENCED.finditer(text):
        parts += [_links(source, text[end : fenced.start()], places), _session(fenced[0])]
        end = fenced.end()
    return "".join([*parts, _links(source, text[end:], places)])


def _session(fenced: str) -> str:
    """A block with prompts is no script: what was printed is not coloured as one."""
    return re.sub(r"\A( *```)sh(\n *\$ )", r"\1console\2", fenced)


def _links(source: str, text: str, places: Mapping[str, str]) -> str:
    here = Path(places[source]).parent

    def link(found: re.Match[str]) -> str:
        picture, words, target = found.groups()
        path, _, anchor = target.partition("#")
        if "://" in target or not path:
            return found[0]
        at = os.path.normpath(Path(source).parent / path)
        place = places.get(at) or places.get(f"{at}/README.md")
        if place is None:
            return words
        return f"{picture}[{words}]({os.path.relpath(place, here)}{'#' if anchor else ''}{anchor})"

    return _LINK.sub(link, text)


if __name__ == "__main__":
    main()
