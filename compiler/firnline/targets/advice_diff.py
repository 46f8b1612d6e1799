"""Advice about policies that are there, as a unified diff of their files, for `git apply`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.inventory.advice.advice import Advice, EditedFile
from firnline.inventory.advice.proposed import Change, Line
from firnline.language.layout import Formatted, format_file
from firnline.targets.advice_changed import all_reasons
from firnline.targets.advice_edits import with_comments
from firnline.targets.advice_policy import as_policy
from firnline.targets.advice_verdict import standing
from firnline.targets.patch import patch


def to_diff(advice: Advice) -> str:
    """Lines that `git apply` skips say what it stands on."""
    return "".join(f"# {line}\n" for line in standing(advice)) + "".join(_files(advice))


def _files(advice: Advice) -> Iterator[str]:
    told = all_reasons(advice)
    for file in advice.files:
        after = _laid_out(file)
        for change in (each for each in advice.changes if each.path == file.path):
            after = with_comments(after, change.retention, _beside(change, told))
        yield from patch(file.path, file.before, after)
    if not advice.draft.is_empty:
        text = as_policy(advice.draft, (), told)
        yield from patch(advice.path, None, text)


def _laid_out(file: EditedFile) -> str:
    """In canonical order where it was."""
    before = format_file(file.before.encode(), file.path)
    after = format_file(file.after.encode(), file.path)
    if isinstance(before, Formatted) and isinstance(after, Formatted) and not before.changed:
        return after.after
    return file.after


def _beside(change: Change, told: Mapping[Line, str]) -> dict[str, str]:
    """The comment of each key."""
    found: dict[str, str] = {}
    for first, *more in change.steps:
        found[first] = told[change.line((first, *more))]
        found |= dict.fromkeys(more, f"its dollars are those beside {first}")
    return found
