"""Entries are added to a file of approvals, and all that is there stays as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, assert_never

from firnline.language.nodes import List, Map, Node, Text
from firnline.language.schemas import FileKind
from firnline.language.syntax import read

Entry = Mapping[str, str | Sequence[str]]
_HEAD: Final = f"""\
# What the owners of the data have agreed to: `firnline approve` adds entries, CODEOWNERS names who
# reviews them.
firnline: {FileKind.APPROVALS}

"""


# In a block: without what begins a comment, another key or another kind of value.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./](?:[A-Za-z0-9_./=+,()*@ -]|:(?=[^\s]))*(?<! )")


class NotAddable(ValueError):
    """The text says why nothing can be added."""


def with_entries(text: str | None, entries: Sequence[Entry]) -> str:
    """`text` is None where there is no file yet; else it has no errors. Raises `NotAddable`."""
    if text is None:
        return f"{_HEAD}approvals:\n{''.join(_lines(entries, '  '))}"
    if "\r\n" in text and text.count("\n") == text.count("\r\n"):
        return with_entries(text.replace("\r\n", "\n"), entries).replace("\n", "\r\n")
    root, _ = read(text.encode(), "approvals")
    assert isinstance(root, Map)
    before = text if text.endswith("\n") else f"{text}\n"
    there = root.get("approvals")
    if there is None:
        return f"{before}\napprovals:\n{''.join(_lines(entries, '  '))}"
    if not isinstance(there, List) or text[there.span.start : there.span.start + 1] != "-":
        raise NotAddable(
            "its approvals stand in brackets: write each on a line of its own, after `-`"
        )
    line = text[text.rfind("\n", 0, there.span.start) + 1 : there.span.start]
    end = before.find("\n", max(_ends(there), there.span.start)) + 1
    return before[:end] + "".join(_lines(entries, " " * len(line))) + before[end:]


def _ends(node: Node) -> int:
    """Where the last text in it ends, without the comments behind it."""
    match node:
        case Text():
            return node.span.end
        case List():
            inner = [_ends(item) for item in node.items]
        case Map():
            inner = [_ends(value) for _, value in node.entries]
        case _:
            assert_never(node)
    return max([node.span.start, *inner])


def _lines(entries: Sequence[Entry], indent: str) -> Iterator[str]:
    for entry in entries:
        for nth, (key, value) in enumerate(entry.items()):
            yield f"{indent}{'  ' if nth else '- '}{key}:"
            if isinstance(value, str):
                yield f" {_scalar(value)}\n"
            else:
                yield "\n" + "".join(f"{indent}    - {_scalar(each)}\n" for each in value)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
