"""Files → everything Firnline does with files, and what holds whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from firnline.cli.fixing import diff, plan_fixes
from firnline.cli.formats import FORMATS, Answer
from firnline.diagnostics.concise import to_concise
from firnline.diagnostics.json import to_json
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.text import to_text
from firnline.language.check import Known
from firnline.language.layout import Formatted, format_file
from firnline.language.syntax import Content
from firnline.pipeline import Compilation, check_files
from tests.policies import TODAY, codes

_OBEYED = "\x00\x07\x08\x1b\u202e\u2066\u2028\ufeff"  # by terminals


def go_the_whole_way(files: Mapping[str, Content]) -> None:
    """Read, check, draw, compile, mend and format; an AssertionError says what does not hold."""
    compilation = _checked(files)
    _draw(compilation.diagnostics)
    folder = compilation.folder
    assert (
        compilation.diagnostics
        or folder.policies
        or folder.fleets
        or folder.approvals
        or compilation.lifecycle_files
    )
    for format in FORMATS[Answer.RULES]:
        format.render(compilation, colour=False, columns=100)
    if any(each.fix for each in compilation.diagnostics):
        _mend(files)
    for path, content in files.items():
        _format(path, content)


def _draw(found: tuple[Diagnostic, ...]) -> None:
    plain = to_text(found)
    assert not any(sign in plain for sign in _OBEYED)
    to_text(found[:3], colour=True, columns=60)
    concise = to_concise(found)
    assert not any(sign in concise for sign in _OBEYED)
    assert concise.count("\n") == len(found)
    assert len(json.loads(to_json(found))["diagnostics"]) == len(found)


def _mend(files: Mapping[str, Content]) -> None:
    plan = plan_fixes(files, _diagnostics, unsafe=True)
    for path in plan.changed:
        diff(path, files[path], plan.files[path])
    assert not plan_fixes(plan.files, _diagnostics, unsafe=True).changed, "mended twice"


def _format(path: str, content: Content) -> None:
    once = format_file(content, path)
    if not isinstance(once, Formatted) or not once.changed:
        return
    twice = format_file(once.after.encode(), path)
    assert isinstance(twice, Formatted), "what was formatted cannot be read any more"
    assert twice.after == once.after, "formatting twice is not formatting once"
    before, after = _checked({path: content}), _checked({path: twice.after.encode()})
    assert codes(before.diagnostics) == codes(after.diagnostics), "formatting changed the meaning"
    assert [each.rules for each in before.buckets] == [each.rules for each in after.buckets]


def _diagnostics(files: Mapping[str, Content]) -> tuple[Diagnostic, ...]:
    return _checked(files).diagnostics


def _checked(files: Mapping[str, Content]) -> Compilation:
    return _known(tuple(files.items()))


@lru_cache(maxsize=8)  # the steps ask for the same again
def _known(files: tuple[tuple[str, Content], ...]) -> Compilation:
    return check_files(dict(files), Known(today=TODAY))
