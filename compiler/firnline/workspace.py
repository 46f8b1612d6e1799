"""The files that people wrote, as bytes by their paths, and the settings around them."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from firnline.language.project import BadSettings, Project, owners_in, with_settings
from firnline.language.syntax import LARGEST_FILE, Content, Unreadable

DEFAULT_FOLDER = "policies"
STDIN = "-"
SETTINGS = "firnline.toml"
# GitHub searches in this order and uses the first (GitHub Docs, about code owners).
CODE_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class NoPolicies(Exception):
    """There is nothing to read; the text says which paths were searched and what to do."""


class NoBaseCommit(NoPolicies):
    """Git does not have the requested revision; the text says how to get it."""


@dataclass(frozen=True, slots=True)
class File:
    """`shown` is its path as people write it, `real` its path with links resolved."""

    shown: str
    real: str
    content: Content


def read_folder(folder: str | Path = DEFAULT_FOLDER) -> dict[str, Content]:
    """Every YAML file below a folder. Raises `NoPolicies` where there is none."""
    return read_paths([str(folder)])


def read_paths(paths: Iterable[str]) -> dict[str, Content]:
    """Every file named, every YAML file below a folder named, and standard input for `-`.

    A file that is named twice, or named and also found below a folder, is read once.
    """
    return {file.shown: file.content for file in find_files(paths)}


def find_files(paths: Iterable[str]) -> tuple[File, ...]:
    """As `read_paths`, with the path of each file, for commands that write it."""
    files: dict[str, File] = {}
    requested = list(paths)
    for path in requested:
        for found in _found(path):
            real = os.path.realpath(found) if found != STDIN else STDIN
            if real not in files:
                files[real] = File(_shown(found), real, _content(found))
    if not files:
        raise NoPolicies(f"no policies found: there is no YAML file below {', '.join(requested)}")
    return tuple(files.values())


def project_around(paths: Iterable[str]) -> Project:
    """From the folders above the first path: the nearest settings, and the code owners of the
    repository. Raises `BadSettings`.
    """
    first = next(iter(paths), STDIN)
    start = os.path.realpath("." if first == STDIN else first)
    project, unset = Project(), True
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    while True:
        if unset and (said := _settings_in(folder)) is not None:
            project, unset = said, False
        if os.path.lexists(os.path.join(folder, ".git")):
            return replace(project, code_owners=_code_owners_of(folder))
        if os.path.dirname(folder) == folder:
            return project
        folder = os.path.dirname(folder)


def read_revision(revision: str, path: str = DEFAULT_FOLDER) -> dict[str, Content]:
    """A file as it is in a git revision, or every YAML file below a folder; None where the revision
    has none. Paths are shown as `git:<revision>:<path>`. Raises `NoBaseCommit`.
    """
    requested = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise NoBaseCommit(
            f"no base commit: git has no commit `{revision}` here; run `git fetch` for it, and let"
            " a CI job check out the whole history (`fetch-depth: 0`)"
        )
    listed = _git("ls-tree", "-r", "-z", commit.decode().strip(), "--", requested) or b""
    found: dict[str, Content] = {}
    blobs: dict[str, bytes] = {}
    for entry in filter(None, listed.split(b"\0")):
        said, _, raw = entry.partition(b"\t")
        mode, kind, blob = said.split()
        name = os.fsdecode(raw)
        if kind != b"blob" or not (name == requested or name.lower().endswith((".yaml", ".yml"))):
            continue
        shown = f"git:{revision}:{_shown(name)}"
        if mode == b"120000":
            found[shown] = Unreadable("it is a link, and those are not followed in a revision")
        else:
            blobs[shown] = blob
    contents = _blobs(list(blobs.values()))
    return found | {shown: contents[blob] for shown, blob in blobs.items()}


def _blobs(names: list[bytes]) -> dict[bytes, bytes]:
    """The contents of blobs by name, from one process, with the same size limit as for files."""
    if not names:
        return {}
    printed = _git("cat-file", "--batch", given=b"\n".join([*names, b""])) or b""
    found, place = {}, 0
    for name in names:
        end = printed.index(b"\n", place)
        size = int(printed[place:end].split()[2])
        found[name] = printed[end + 1 : end + 1 + min(size, LARGEST_FILE + 1)]
        place = end + 1 + size + 1
    return found


def _git(*words: str, given: bytes = b"") -> bytes | None:
    """The output of git; None where it fails. Raises `NoBaseCommit` where there is no git."""
    import subprocess  # only needed for a revision

    plain = {**os.environ, "LC_ALL": "C"}
    try:
        ran = subprocess.run(
            ["git", *words], input=given, capture_output=True, check=False, env=plain
        )
    except FileNotFoundError as why:
        raise NoBaseCommit("no base commit: there is no `git` on this machine") from why
    if ran.returncode and b"not a git repository" in ran.stderr:
        raise NoBaseCommit("no base commit: this folder is in no git repository")
    if ran.returncode and b"dubious ownership" in ran.stderr:
        raise NoBaseCommit(f"no base commit: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout if ran.returncode == 0 else None


def _settings_in(folder: str) -> Project | None:
    """The settings from firnline.toml, or from our table in pyproject.toml; None without either."""
    if (text := _text(path := os.path.join(folder, SETTINGS))) is not None:
        return with_settings(Project(), text, path)
    text = _text(path := os.path.join(folder, "pyproject.toml"))
    if text is None or "tool.firnline" not in text:
        return None
    return with_settings(Project(), text, path, below=("tool", "firnline"))


def _code_owners_of(repository: str) -> tuple[str, ...] | None:
    texts = (_text(os.path.join(repository, name)) for name in CODE_OWNERS)
    text = next((each for each in texts if each is not None), None)
    return None if text is None else owners_in(text)


def _text(path: str) -> str | None:
    """The content of a file; None where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read().decode()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        raise BadSettings(f"{path}: it is not UTF-8") from None


def _found(path: str) -> Iterator[str]:
    if os.path.isdir(path):
        yield from _below(path)
    elif path == STDIN or (path and os.path.lexists(path)):
        yield path
    else:
        remedy = "check the path"
        if path == DEFAULT_FOLDER:
            remedy = "run this where the `policies` folder is, or name a file or folder"
        raise NoPolicies(f"no policies found: there is no {path or 'empty path'}; {remedy}")


def _below(folder: str) -> Iterator[str]:
    """YAML files, and folders that cannot be entered: `_content` says why they are not read."""
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders.sort()
        for name in sorted([*names, *folders]):
            path = os.path.join(parent, name)
            is_yaml = name in names and name.lower().endswith((".yaml", ".yml"))
            if is_yaml or (name in folders and os.path.islink(path)):
                yield path
    yield from (str(error.filename) for error in unreadable)


def _content(path: str) -> Content:
    if path == STDIN:
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind) and os.path.islink(path):
            return Unreadable("it is a link to a folder, and those are not followed")
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            return Unreadable("it is no file but a pipe, a socket or a device")
        with open(path, "rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        return Unreadable((error.strerror or str(error)).lower())


def _shown(path: str) -> str:
    """The path as people write it; bytes that are not text are shown as escapes."""
    if path == STDIN:
        return "<stdin>"
    shown = os.path.normpath(path).replace(os.sep, "/")
    return shown.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
