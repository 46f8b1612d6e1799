"""The files that people wrote, as bytes by their paths, and the settings around them."""

from __future__ import annotations

import os
import shlex
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from firnline.diagnostics.visible import visible
from firnline.folder import DEFAULT_FOLDER, Bound, GoOn, TooMuch, yaml_files
from firnline.language.project import Project, owners_in
from firnline.language.syntax import LARGEST_FILE, TOO_LARGE, Content, Unreadable
from firnline.lint import is_ours
from firnline.projects import projects_below
from firnline.settings import SETTINGS, policies_folder, settings_in, text_of

STDIN = "-"
# GitHub searches in this order and uses the first (GitHub Docs, about code owners); the last place
# is one of GitLab's.
CODE_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")

_SHORT: Final = 100
_MOST_PROJECTS: Final = 8
# What is left of an answer without rules, as `jq` and other programs write it.
_NOTHING: Final = frozenset({b"", b"{}", b"[]", b"null"})
_NO_RULES: Final = frozenset({b'{"Rules":[]}'})


class NoPolicies(Exception):
    """There is nothing to read; the text says which paths were searched and what to do."""


class NothingGiven(NoPolicies):
    """A lifecycle file with nothing in it, such as stdin after a command that failed."""


@dataclass(frozen=True, slots=True)
class File:
    """`shown` is its path as people write it, `real` its path with links resolved."""

    shown: str
    real: str
    content: Content


def read_folder(folder: str | Path = DEFAULT_FOLDER) -> dict[str, Content]:
    """Every YAML file below a folder. Raises `NoPolicies` where there is none."""
    return read_paths([str(folder)])


def read_paths(paths: Iterable[str], go_on: GoOn = lambda _: False) -> dict[str, Content]:
    """Every file named, every YAML file below a folder named, and standard input for `-`.

    A file that is named twice, or named and also found below a folder, is read once. `go_on` is
    asked where a folder has very many files of others. Raises `NoPolicies`.
    """
    return {file.shown: file.content for file in find_files(paths, go_on)}


def find_files(paths: Iterable[str], go_on: GoOn = lambda _: False) -> tuple[File, ...]:
    """As `read_paths`, with the path of each file, for commands that write it."""
    files: dict[str, File] = {}
    requested = list(paths)
    try:
        for path in requested:
            for file in _files(path, Bound(path, go_on), files):
                files[file.real] = file
    except TooMuch as found:
        raise NoPolicies(
            f"{found}: name the folder or the files that are meant, such as"
            " `firnline check policies`"
        ) from None
    if not files:
        raise NoPolicies(f"no policies found: no YAML file below {', '.join(requested)}")
    return tuple(files.values())


def refuse_empty(files: Mapping[str, Content], *, and_no_rules: bool = False) -> None:
    """Raises `NothingGiven`; if `and_no_rules`, also for a configuration with an empty list of
    rules. An empty YAML file is a policy that says nothing: that is reported by whoever reads it.
    """
    nothing = _NOTHING | _NO_RULES if and_no_rules else _NOTHING
    for path, content in files.items():
        is_yaml = path.lower().endswith((".yaml", ".yml"))
        if isinstance(content, bytes) and not is_yaml and _without_white_space(content) in nothing:
            raise NothingGiven(
                f"{path}: no lifecycle rules were given (none configured, or the command before"
                " failed)"
            )


def _without_white_space(content: bytes) -> bytes:
    """At least of a short text."""
    text = content.strip(b"\xef\xbb\xbf \t\r\n")
    return b"".join(text.split()) if len(text) < _SHORT else text


def project_around(paths: Iterable[str]) -> Project:
    """From the folders above the first path: the nearest settings, and the code owners of the
    repository. Raises `BadSettings`.
    """
    first = next(iter(paths), STDIN)
    start = os.path.realpath("." if first == STDIN else first)
    project, unset = Project(), True
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    while True:
        if unset and (said := settings_in(folder)) is not None:
            project, unset = said.project, False
        if os.path.lexists(os.path.join(folder, ".git")):
            return replace(project, code_owners=_code_owners_of(folder))
        if os.path.dirname(folder) == folder:
            return project
        folder = os.path.dirname(folder)


def code_owners_around(path: str) -> str | None:
    """The text of the CODEOWNERS of the repository that a file is in; outside of one, of the
    project, which may become one. Raises `BadSettings`.
    """
    top = _top_around(path)
    return None if top is None else _code_owners_text(top)


def path_in_repository(path: str) -> str:
    """A file as it is seen from the top of its repository, or of its project outside of one; as it
    is where it is in neither.
    """
    top = _top_around(path)
    if top is None:
        return path
    return os.path.relpath(os.path.realpath(path), top).replace(os.sep, "/")


def _top_around(path: str) -> str | None:
    folder = os.path.dirname(os.path.realpath(path))
    return _above(folder, ".git") or _above(folder, SETTINGS)


def _above(folder: str, name: str) -> str | None:
    """The nearest folder that has it, this one or one above."""
    while not os.path.lexists(os.path.join(folder, name)):
        if os.path.dirname(folder) == folder:
            return None
        folder = os.path.dirname(folder)
    return folder


def _code_owners_text(repository: str) -> str | None:
    texts = (text_of(os.path.join(repository, name)) for name in CODE_OWNERS)
    return next((each for each in texts if each is not None), None)


def _code_owners_of(repository: str) -> tuple[str, ...] | None:
    text = _code_owners_text(repository)
    return None if text is None else owners_in(text)


def _found(path: str, enough: Bound) -> Iterator[str]:
    if os.path.isdir(path):
        yield from yaml_files(path, enough)
    elif path == STDIN or (path and os.path.lexists(path)):
        yield path
    else:
        raise NoPolicies(_missing(path))


def _missing(path: str) -> str:
    """Why there is nothing at this path, and what to do."""
    around = policies_folder()
    if path != around.path:
        return f"no file or folder is called `{path}`"
    if around.stated:
        return (
            f"{around.settings}: `policies` names a folder that is not there: {path}; correct it,"
            " or run `firnline init` beside it"
        )
    if around.settings:
        return (
            f"no `{DEFAULT_FOLDER}/` folder beside {around.settings}, which begins a project of its"
            f" own; {_below()}run `firnline init` there, name the folder by `policies` in that"
            " file, or name a file or folder"
        )
    return (
        f"no `{DEFAULT_FOLDER}/` folder here or above, up to the top of the repository; {_below()}"
        "run `firnline init`, or name a file or folder"
    )


def _below() -> str:
    """The projects below this folder, as options; empty where there are none."""
    found = [f"`-C {shlex.quote(visible(shown_path(each)))}`" for each in projects_below(os.curdir)]
    if not found:
        return ""
    more = f" and {len(found) - _MOST_PROJECTS:,} more" if len(found) > _MOST_PROJECTS else ""
    what = "a project is" if len(found) == 1 else f"{len(found):,} projects are"
    return f"{what} below: {', '.join(found[:_MOST_PROJECTS])}{more}; "


def _files(path: str, enough: Bound, known: Mapping[str, File]) -> Iterator[File]:
    """Those that are not `known` yet, by their real path. Raises `TooMuch`."""
    for found in _found(path, enough):
        real = os.path.realpath(found) if found != STDIN else STDIN
        if real in known:
            continue
        file = File(shown_path(found), real, _content(found))
        if isinstance(file.content, bytes) and not is_ours(file.content):
            enough.count_file_of_others(len(file.content))
        yield file


def _content(path: str) -> Content:
    if path == STDIN:
        return bounded(sys.stdin.buffer.read(LARGEST_FILE + 1))
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind) and os.path.islink(path):
            return Unreadable("it is a link to a folder, and those are not followed")
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            return Unreadable("it is no file but a pipe, a socket or a device")
        with open(path, "rb") as file:
            return bounded(file.read(LARGEST_FILE + 1))
    except OSError as error:
        return Unreadable((error.strerror or str(error)).lower())


def bounded(content: bytes) -> Content:
    """`LARGEST_FILE` and one byte of it are enough to tell."""
    return TOO_LARGE if len(content) > LARGEST_FILE else content


def shown_path(path: str) -> str:
    """The path as people write it; bytes that are not text are shown as escapes."""
    if path == STDIN:
        return "<stdin>"
    shown = os.path.normpath(path).replace(os.sep, "/")
    return shown.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
