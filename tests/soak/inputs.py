"""A number → the files of one input. The same number gives the same files on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from firnline.catalog import catalog
from firnline.examples import files_of
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.language.schemas import SCHEMAS, FileKind, schema
from tests.language.scribe import Scribe
from tests.soak.grammar import Grammar

Files = dict[str, bytes]
_TESTS = Path(__file__).parents[1]
_LARGEST_SEED = 3_000  # bytes; some examples need a thousand entries

# What a person, an editor or a merge may put anywhere in a file.
INSERTS = [
    *("", "\t", "\n", "\r", "\r\n", " ", "  ", ",", ":", ": ", "- ", "? ", "#", " # x", "# x\n"),
    *("*a", "&a ", "!x ", "!!python/name:os ", "<<: ", "---\n", "...\n", "%", "@", "`", "|", ">"),
    *("[", "]", "{", "}", '"', "'", "~", "null", "yes", "1e3", "0x1f", "-1d", "30", "never"),
    *("99999999999d", "{}", "[]", "firnline: policy/v1\n", "firnline: fleet/v1\n", "x: y\n"),
    *("\u202e", "\x00", "\ufeff", "\u2028", "日本", "\U0001f4a9", '"\\ud800"', '"\\0"', "e\u0301"),
    *("*" * 50, "[" * 40, "{a: " * 40),
]


def files_for(number: int) -> Files:
    chance = random.Random(number)
    return WAYS[number % len(WAYS)](chance)


def random_yaml(chance: random.Random) -> Files:
    """Signs of YAML and words of the language, without any grammar."""
    words = [*INSERTS, *_words(), "\n  ", "\n    ", "\n- "]
    start = chance.choice(["", *(f"firnline: {kind}\n" for kind in SCHEMAS)])
    text = start + "".join(chance.choice(words) for _ in range(chance.randint(0, 40)))
    return {"policies/p.yaml": _bytes(text)}


def damaged(chance: random.Random) -> Files:
    """Files that somebody wrote, damaged at a few places of one of them."""
    files = dict(chance.choice(_good()))
    path = chance.choice([*files])
    text = files[path].decode("utf-8", "surrogateescape")
    for _ in range(chance.choice([1, 1, 2, 4])):
        text = chance.choice([_spliced, _lines_moved, _word_changed])(text, chance)
    return {**files, path: _bytes(text)}


def made_by_schemas(chance: random.Random) -> Files:
    """Files made by the schemas: a policy, sometimes a second one, expectations, a fleet file and a
    lock.
    """
    wrong = chance.choice([0, 0, 0, 0.01, 0.1])

    def document(kind: FileKind) -> dict[str, Any]:
        return Grammar(_schema(kind), chance, wrong).document()

    documents = {"p.yaml": document(FileKind.POLICY)}
    if chance.random() < 0.2:
        documents["q.yaml"] = document(FileKind.POLICY)
    if chance.random() < 0.1:
        documents["expectations.yaml"] = document(FileKind.EXPECTATIONS)
    if chance.random() < 0.1:
        documents["approvals.yaml"] = document(FileKind.APPROVALS)
    if chance.random() < 0.3:
        documents["fleet.yaml"] = document(FileKind.FLEET)
        if chance.random() < 0.6:
            documents["fleet.lock.yaml"] = document(FileKind.LOCK)
    line_end = chance.choice(["\n", "\n", "\n", "\r\n"])
    files = {
        f"policies/{name}": _bytes(Scribe(chance).write(made).replace("\n", line_end))
        for name, made in documents.items()
    }
    return _with_digest(files) if "fleet.lock.yaml" in documents else files


WAYS: tuple[Callable[[random.Random], Files], ...] = (
    random_yaml,
    damaged,
    random_yaml,
    damaged,
    random_yaml,
    made_by_schemas,  # takes as long as the others together
)


def _with_digest(files: Files) -> Files:
    """With the lock's digest as it must be, so that the lock counts."""
    folder, _ = read_files(files)
    if not folder.fleet:
        return files
    digest = lock_digest(folder.fleet, folder.policies).encode()
    lock = files["policies/fleet.lock.yaml"].replace(b"sha256:" + b"0" * 64, digest)
    return {**files, "policies/fleet.lock.yaml": lock}


def _spliced(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice([0, 0, 1, 5, 30]))
    return text[:start] + chance.choice(INSERTS) + text[end:]


def _lines_moved(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    moved = lines[chance.randrange(len(lines))]
    if chance.random() < 0.5:
        lines.remove(moved)
    elif chance.random() < 0.5:
        moved = chance.choice(_good_lines())
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(["", " ", "    "]) + moved)
    return "".join(lines)


def _word_changed(text: str, chance: random.Random) -> str:
    word = chance.choice(_words())
    return text.replace(word, chance.choice(_words()), chance.choice([1, -1]))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape" if text.isprintable() else "replace")


@cache
def _good_lines() -> tuple[str, ...]:
    files = [content for each in _good() for content in each.values()]
    return tuple(
        line
        for content in files
        for line in content.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    )


@cache
def _schema(kind: FileKind) -> dict[str, Any]:
    return schema(kind)


@cache
def _words() -> tuple[str, ...]:
    """The keys of the language, and what is written in its examples."""
    keys = {
        name
        for kind in SCHEMAS
        for part in [schema(kind), *schema(kind).get("definitions", {}).values()]
        for name in part.get("properties", {})
    }
    return tuple(
        sorted({*keys, "7d", "30d", "365d", "enabled", "off", "expire", "lab", "lab-data"})
    )


@cache
def _good() -> tuple[Files, ...]:
    """The examples of all kinds, the golden cases, and what was hard to format."""
    files = [files_of(text) for kind in catalog() for text in (kind.wrong, kind.right) if text]
    folders = sorted({path.parent for path in (_TESTS / "golden").rglob("*.yaml")})
    files += [
        {f"policies/{each.name}": each.read_bytes() for each in sorted(folder.glob("*.yaml"))}
        for folder in folders
    ]
    files += [
        {"policies/p.yaml": each.read_bytes()}
        for each in sorted((_TESTS / "language/layout").glob("*.before.yaml"))
    ]
    return tuple(each for each in files if 0 < sum(map(len, each.values())) < _LARGEST_SEED)
