"""Files with mistakes that a machine can fix → the same files, fixed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from firnline.atomic_file import write_file
from firnline.cli.streams import say, write
from firnline.diagnostics.fix import Fix, apply
from firnline.diagnostics.fixes import fixable, skipped
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, path_of
from firnline.language.syntax import Content

_STDIN = "<stdin>"
_BOM = b"\xef\xbb\xbf"
MOST_ROUNDS = 10  # fixing a key may reveal that its value is misspelt too


@dataclass(frozen=True, slots=True)
class Plan:
    """`files` as they will be, the changed ones, the number of fixes, and a note for each fix that
    could not be made.
    """

    files: Mapping[str, Content]
    changed: tuple[str, ...]
    made: int
    notes: tuple[Diagnostic, ...]


Check = Callable[[Mapping[str, Content]], Sequence[Diagnostic]]


def plan_fixes(files: Mapping[str, Content], check: Check, *, unsafe: bool) -> Plan:
    """Fixes until nothing is left to fix, so that a second run changes nothing."""
    mended = dict(files)
    made = 0
    overlapped: set[tuple[str | None, str]] = set()
    for _ in range(MOST_ROUNDS):
        found = fixable(check(mended), unsafe=unsafe)
        if not found:
            break
        left_out: list[Fix] = []
        for source, fixes in _by_source(found).items():
            text, overlapping = apply(source.text, fixes)
            left_out += overlapping
            made += len(set(fixes)) - len(overlapping)
            mended[source.path] = _encoded(text, mended[source.path])
        overlapped |= {_said(each) for each in found if each.fix in left_out}
    else:
        found = fixable(check(mended), unsafe=unsafe)
    still = [each for each in found if _said(each) in overlapped]
    notes = skipped(still, [each.fix for each in still if each.fix])
    changed = tuple(path for path in sorted(files) if mended[path] != files[path])
    return Plan(mended, changed, made, notes)


def run_fixes(files: Mapping[str, Content], plan: Plan) -> None:
    """Writes the changed files, each completely or not at all, and none if one of them has changed
    since it was read. Standard input is no file.
    """
    paths = [path for path in plan.changed if path != _STDIN]
    for path in paths:
        with open(path, "rb") as file:
            if file.read() != files[path]:
                raise OSError(f"{path} changed while it was read; nothing was written")
    for path in paths:
        content = plan.files[path]
        assert isinstance(content, bytes)
        write_file(path, content)


def show_or_write(files: Mapping[str, Content], plan: Plan, *, only_show: bool) -> bool:
    """Whether stdout now has a diff or a fixed text, so that the report must go elsewhere."""
    fixes, changed = how_many(plan.made, "fix", "fixes"), how_many(len(plan.changed), "file")
    if only_show:
        for path in plan.changed:
            write(diff(path, files[path], plan.files[path]), None)
        sys.stdout.flush()  # the patch comes before the report
        say(f"{fixes} would change {changed}" if plan.changed else "nothing to fix")
        return True
    run_fixes(files, plan)
    if plan.changed:
        say(f"{fixes} made in {changed}")
    if not isinstance(files.get(_STDIN), bytes):
        return False
    mended = plan.files[_STDIN]
    assert isinstance(mended, bytes)
    sys.stdout.flush()
    sys.stdout.buffer.write(mended)
    return True


def diff(path: str, before: Content, after: Content) -> str:
    """A unified diff for `patch -p0`."""
    import difflib  # slow to import, and seldom needed

    assert isinstance(before, bytes)
    assert isinstance(after, bytes)
    lines = difflib.unified_diff(_lines(before), _lines(after), path, path)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _by_source(found: Sequence[Diagnostic]) -> dict[Source, list[Fix]]:
    fixes: dict[Source, list[Fix]] = {}
    for fix in (each.fix for each in found if each.fix):
        fixes.setdefault(fix.edits[0].span.source, []).append(fix)
    return fixes


def _said(diagnostic: Diagnostic) -> tuple[str | None, str]:
    return path_of(diagnostic.place), f"{diagnostic.kind.code} {diagnostic.message}"


def _encoded(text: str, before: Content) -> bytes:
    assert isinstance(before, bytes)
    return (_BOM if before.startswith(_BOM) else b"") + text.encode()


def _lines(content: bytes) -> list[str]:
    """Lines with their ends; only `\\n` ends one, as in git."""
    parts = content.decode().split("\n")
    return [*(f"{part}\n" for part in parts[:-1]), *(part for part in parts[-1:] if part)]
